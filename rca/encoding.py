"""Values to JSON and back, for the case directory and the exports.

Only what the case holds is known here: dataclasses, enums, tuples, paths and UTC times.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from rca.evidence import Citation

DAMAGE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading JSON raises that was damaged, or written to make its reader fall."""


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z, to the second unless there are fractions."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: object) -> datetime:
    """The inverse of `iso`; without a zone it is UTC. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def plain(value: object) -> Any:
    """Turn a value of the case into what `json.dumps` takes."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def citations(items: list[dict[str, Any]]) -> tuple[Citation, ...]:
    """Read citations back from their JSON form. Raises KeyError or TypeError on another shape."""
    return tuple(Citation(str(item["evidence"]), int(item["line"]), str(item["text"])) for item in items)
