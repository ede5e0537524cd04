"""``panicdesk triage``: a line, or an object, per dump or log."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rca.reading import Unreadable, readings
from rca.triage import SCHEMA, one_line
from rca.triage import triage as judge


def triage(paths: list[Path], as_json: bool) -> int:
    """Print a line per dump or log; 1 when one of them could not be read."""
    status = 0
    for path in paths:
        for reading in readings(path):
            if isinstance(reading, Unreadable):
                status = 1
                found: dict[str, Any] = {"schema": SCHEMA, "path": reading.path, "error": reading.error}
            else:
                found = judge(reading.evidence, path=reading.path, header=reading.header)
                found["warnings"] += reading.warnings
            print(_json(found) if as_json else one_line(found), flush=True)
    return status


def _json(found: Mapping[str, Any]) -> str:
    from json import dumps  # not at the top: a line for a person needs none

    return dumps(found, ensure_ascii=False)
