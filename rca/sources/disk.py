"""Looking into directories and reading pieces of files: here, or elsewhere where these three questions can be asked."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Status:
    """What is told of a file without reading it."""

    directory: bool
    size: int
    """Bytes."""
    changed: float
    """Seconds since the epoch at which it was last written to."""


class Disk(Protocol):
    """Files of some machine. Every method raises OSError with an errno where it cannot answer."""

    def names(self, place: Path) -> tuple[str, ...]:
        """The sorted names in a directory."""

    def status(self, path: Path) -> Status:
        """What a path is, links followed."""

    def read(self, path: Path, offset: int, size: int) -> bytes:
        """Read a piece of a regular file; shorter at its end, empty behind it."""


class LocalDisk:
    """This machine's own files."""

    def names(self, place: Path) -> tuple[str, ...]:
        """The sorted names in a directory."""
        return tuple(sorted(os.listdir(place)))  # noqa: PTH208 (names are wanted, not paths)

    def status(self, path: Path) -> Status:
        """What a path is, links followed."""
        found = path.stat()
        return Status(stat.S_ISDIR(found.st_mode), found.st_size, found.st_mtime)

    def read(self, path: Path, offset: int, size: int) -> bytes:
        """Read a piece of a file."""
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            return os.pread(handle, size, offset)
        except OverflowError:  # an offset that no file can have
            return b""
        finally:
            os.close(handle)


LOCAL = LocalDisk()
