"""Reading files and running programs without ever waiting for ever: what all sources that touch a disk share."""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from parsers.text import to_lines, visible
from rca.evidence import Evidence, Kind, now
from rca.sources.base import File

T = TypeVar("T")
DENIED = "permission denied"
"""How the problem of something begins that exists and may not be read."""


def in_words(error: OSError, doing: str, what: str) -> str:
    """Say what an error means: ``permission denied: reading /x needs root``."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{DENIED}: {doing} {what} needs {'more rights' if os.geteuid() == 0 else 'root'}"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"not found: {what}"
    if error.errno == errno.EISDIR:
        return f"{what} is a directory"
    return f"{doing} {what} failed: {(error.strerror or str(error)).lower()}"


def bounded(work: Callable[[], T], seconds: float) -> T | None:
    """Run something that may hang (a dead file server) and give up waiting after some seconds: then None.

    The thread that hangs is left behind; it is a daemon and cannot keep the program from ending.
    """
    box: list[T] = []
    thread = threading.Thread(target=lambda: box.append(work()), daemon=True, name="read")
    thread.start()
    thread.join(seconds)
    return box[0] if box else None


def read_bytes(path: Path, limit: int, tail: bool = False) -> tuple[bytes, bool]:
    """Read a regular file's first (or last) `limit` bytes; the second value says whether there was more.

    Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        skipped = max(0, status.st_size - limit) if tail else 0
        if skipped:
            os.lseek(handle, skipped, os.SEEK_SET)
        chunks: list[bytes] = []
        size = 0
        while size <= limit and (chunk := os.read(handle, min(1 << 20, limit + 1 - size))):
            chunks.append(chunk)
            size += len(chunk)
    finally:
        os.close(handle)
    data = b"".join(chunks)
    return data[:limit], bool(skipped) or len(data) > limit


def read_evidence(probe: File, paths: tuple[Path, ...], where: str) -> Evidence:
    """Read the first of `paths` that is there as the answer to a probe."""
    started, clock = now(), time.monotonic()
    answer = bounded(lambda: _read_first(paths, probe), probe.timeout)
    if answer is None:
        answer = (
            visible(str(paths[0])) if paths else probe.id,
            b"",
            f"timed out after {probe.timeout:g} s",
            False,
        )
    what, data, problem, truncated = answer
    return Evidence(
        id=probe.id,
        kind=Kind.FILE,
        what=what,
        where=where,
        started=started,
        lines=to_lines(data),
        seconds=time.monotonic() - clock,
        problem=problem,
        truncated=truncated,
    )


def _read_first(paths: tuple[Path, ...], probe: File) -> tuple[str, bytes, str, bool]:
    """(what, bytes, problem, truncated) of the first path that exists; a forbidden one counts as existing."""
    absent = "not found"
    for path in paths:
        name = visible(str(path))
        try:
            data, cut = read_bytes(path, probe.limit, probe.tail)
        except (FileNotFoundError, NotADirectoryError):
            absent = f"not found: {visible(', '.join(map(str, paths)))}"
            continue
        except OSError as error:
            return name, b"", in_words(error, "reading", name), False
        except ValueError:  # a NUL in the name
            return name, b"", "not found: no valid file name", False
        # The end of a log is what was asked for: that it has a beginning is no problem.
        return name, data, f"output cut at {probe.limit} bytes" if cut and not probe.tail else "", cut
    return visible(str(paths[0])) if paths else "", b"", absent, False


def is_readable(path: Path) -> bool:
    """Whether a file is there and may be read; never raises."""
    try:
        return path.is_file() and os.access(path, os.R_OK)
    except (OSError, ValueError):
        return False
