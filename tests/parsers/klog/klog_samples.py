"""Logs of our own making, in the kernel's format, for the hostile tests."""

from __future__ import annotations

from pathlib import Path

_LOGS = Path(__file__).resolve().parents[2] / "rca" / "diagnosis" / "logs"

SAMPLES = tuple(path.read_text(encoding="utf-8") for path in sorted(_LOGS.glob("*.txt")))
"""Excerpts of panics that our own virtual machine died of."""
