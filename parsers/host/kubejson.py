"""The JSON that kubectl prints: objects found in its output, members of whatever type they may be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from parsers.text import visible


def parse_object(lines: Sequence[str]) -> dict[str, Any] | None:
    """Find the JSON object in kubectl's output, warnings around it ignored; None where there is none."""
    for number, line in enumerate(lines):
        if line.startswith("{"):
            try:
                value, _ = json.JSONDecoder().raw_decode("\n".join(lines[number:]))
            except (ValueError, RecursionError):
                return None
            return value if isinstance(value, dict) else None
    return None


def items(found: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The objects of a list, or the one object that it is."""
    if found is None:
        return []
    return dicts(found, "items") if "items" in found else [found] if "metadata" in found else []


def mapping(item: dict[str, Any], key: str) -> dict[str, Any]:
    """A member that is an object; an empty one where it is none."""
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def dicts(item: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in a member that is an array."""
    value = item.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def text(item: dict[str, Any], key: str) -> str:
    """A member that is a string, made inert: JSON spells control characters out; empty where it is none."""
    value = item.get(key)
    return visible(value) if isinstance(value, str) else ""


def moment(value: object) -> datetime | None:
    """A time of the API, UTC; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
