"""The RCA in the case directory: an export overwrites what panicdesk wrote, never what a person made of it since."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from errno import ENOENT
from itertools import count
from pathlib import Path

from rca.encoding import DAMAGE
from rca.private import UNENCODABLE, write_private
from rca.report.rendering import Rendered, Wish, keep_names

FILE = "exports.json"
"""File name → SHA-256 of what was last written there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an export lies now."""

    path: Path
    older: Path | None = None
    """What stood there and was not as panicdesk had written it."""


def keep(found: Rendered, wish: Wish, directory: Path | None) -> Kept:
    """Write what was rendered as ``rca.FORMAT`` into the case's directory. Raises OSError."""
    if directory is None:
        raise FileNotFoundError(ENOENT, "there is no case directory")
    path = directory / f"rca.{wish.format}"
    written = _written(directory)
    new = _digest(found.text.encode("utf-8", UNENCODABLE))
    older = _put_aside(path) if _edited(path, {new, written.get(path.name)}) else None
    write_private(path, found.text)
    write_private(directory / FILE, json.dumps({**written, path.name: new}, indent=1) + "\n")
    keep_names(directory, found)
    return Kept(path, older)


def _edited(path: Path, ours: set[str | None]) -> bool:
    return path.is_file() and not path.is_symlink() and _digest(path.read_bytes()) not in ours


def _put_aside(path: Path) -> Path:
    """A second name for a file, the first that is free: whoever replaces the file leaves it there as it was."""
    names = (path.with_name(f"{path.name}.{number}") for number in count(1))
    aside = next(name for name in names if not os.path.lexists(name))
    os.link(path, aside)
    aside.chmod(0o600)
    return aside


def _written(directory: Path) -> Mapping[str, str]:
    try:
        written = json.loads((directory / FILE).read_text(encoding="utf-8"))
    except (OSError, *DAMAGE):
        return {}
    return written if isinstance(written, dict) else {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
