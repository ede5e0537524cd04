"""Where a case lies, and whether a directory is one: all that is needed before a case is opened."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from rca.private import state_dir

RAW_LOG = "crash.raw"
"""The file of a case that holds the crash session's bytes as they came."""


class CaseError(Exception):
    """A case directory that cannot be read; the text is one sentence for people."""


def is_case(path: Path) -> bool:
    """Whether a directory is a case. One that may not be looked into is none."""
    try:
        return (path / "case.json").is_file()
    except OSError:
        return False


def cases_folder() -> Path:
    """Where the user's cases lie."""
    return state_dir() / "cases"


def case_path(subject: str) -> Path:
    """Where the case of a subject (an absolute path or a node's name) lives in the user's state directory."""
    slug = re.sub(r"[^A-Za-z0-9.+-]+", "-", Path(subject).name or "node").strip("-.")[:60] or "case"
    known = hashlib.sha256(subject.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return cases_folder() / f"{slug}.{known}"


def find_case(dump: Path) -> Path | None:
    """The case of a dump's directory: opened by its path, or on this node; None where there is none."""
    import socket  # not at the top: only here a node's name is wanted

    for subject in (str(dump), f"{socket.gethostname() or 'node'}/{dump}"):
        if is_case(case := case_path(subject)):
            return case
    return None
