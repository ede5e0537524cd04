"""The commit that a build is made of. Standard library only: the build of the wheel runs this by its path."""

from __future__ import annotations

import subprocess
from pathlib import Path

KEPT = Path("rca") / "commit.txt"
"""Where a build keeps it, below the root of the tree."""


def commit(root: Path) -> str:
    """Twelve digits, with ``+`` when tracked files differ from it; empty where neither git nor an sdist tells."""
    try:
        return (root / KEPT).read_text(encoding="ascii").strip()
    except OSError:
        pass
    if not (root / ".git").exists():  # the repository of whatever the tree lies in is not its own
        return ""
    digits = _git(root, "rev-parse", "--short=12", "HEAD")
    changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    return f"{digits}{'+' if changed else ''}" if digits else ""


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
