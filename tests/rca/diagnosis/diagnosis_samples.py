"""Evidence for the diagnosis tests, out of text or out of our own panics."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from parsers.text import to_lines
from rca.evidence import Evidence, Kind

LOGS = Path(__file__).parent / "logs"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def evidence(name: str, text: str) -> dict[str, Evidence]:
    """One piece of evidence under its id."""
    kind = Kind.FILE if name == "vmcore-dmesg" else Kind.CRASH
    return {name: Evidence(name, kind, name, "test", NOW, to_lines(text.encode()))}


def log(text: str) -> dict[str, Evidence]:
    """A vmcore-dmesg.txt of this text."""
    return evidence("vmcore-dmesg", text)


def panic(name: str) -> dict[str, Evidence]:
    """The saved log of one of our own panics."""
    return log((LOGS / f"{name}.txt").read_text(encoding="utf-8"))
