"""Which build this is: the version, and the commit where whoever built it knew one."""

from __future__ import annotations

from pathlib import Path

from rca import __version__
from rca.shipped import shipped

COMMIT_FILE = "commit.txt"
"""Lies beside this module in what was built, never in the source tree."""


def build_name() -> str:
    """``0.1.0 (commit 45818b7c1f2e)``; ``0.1.0`` alone in a source tree."""
    try:
        commit = shipped(Path(__file__).parent / COMMIT_FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return __version__
    return f"{__version__} (commit {commit})"
