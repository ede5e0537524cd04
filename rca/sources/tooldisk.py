"""Another machine's files, or files that only root may read, asked for through programs: find, dd, head and tail."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from rca.sources.disk import Status
from rca.sources.process import Outcome

Runner = Callable[[Sequence[str], int], Outcome]
"""Runs a command (argv, the most bytes of output to keep) on the machine that is meant."""

_TREE = 8 << 20


class ToolDisk:
    """`rca.sources.disk.Disk` over a runner of commands. What a listing tells is kept: make a new one to look anew."""

    def __init__(self, run: Runner) -> None:
        """Nothing is run yet."""
        self._run = run
        self._names: dict[Path, tuple[str, ...]] = {}
        self._status: dict[Path, Status] = {}

    def names(self, place: Path) -> tuple[str, ...]:
        """The sorted names in a directory; what lies one deeper is learnt at the same time."""
        if place not in self._names:
            self._list(place)
        return self._names[place]

    def status(self, path: Path) -> Status:
        """What a path is, links followed."""
        if path not in self._status:
            self._list(path)
        return self._status[path]

    def read(self, path: Path, offset: int, size: int) -> bytes:
        """Read a piece of a file."""
        words = (f"if={path}", "iflag=skip_bytes,count_bytes", f"skip={offset}", f"count={size}", "bs=64K")
        answer = self._run(("dd", *words, "status=none"), size)
        if answer.status:
            raise failure(answer, path)
        return answer.output

    def _list(self, place: Path) -> None:
        form = "%y %s %T@ %d %p\\0"
        answer = self._run(("find", "-L", str(place), "-maxdepth", "2", "-printf", form), _TREE)
        inside: dict[Path, list[str]] = {}
        for record in answer.output.split(b"\0")[:-1]:
            kind, size, changed, depth, name = record.decode("utf-8", "surrogateescape").split(" ", 4)
            path = Path(name)
            self._status[path] = Status(kind == "d", int(size), float(changed))
            if kind == "d" and depth != "2":
                inside.setdefault(path, [])
            if depth != "0":
                inside.setdefault(path.parent, []).append(path.name)
        forbidden = set(
            re.findall(r"^find: '(.*)': ", answer.errors.decode("utf-8", "surrogateescape"), re.M)
        )
        if place not in self._status or str(place) in forbidden:
            raise failure(answer, place)
        self._names |= {p: tuple(sorted(found)) for p, found in inside.items() if str(p) not in forbidden}


def failure(answer: Outcome, path: Path) -> OSError:
    """The error that a program's complaint means."""
    said = answer.errors.decode("utf-8", "replace").strip()
    last = said.splitlines()[-1] if said else answer.problem or f"exit status {answer.status}"
    for words, number in (
        ("Permission denied", errno.EACCES),
        ("No such file or directory", errno.ENOENT),
        ("Not a directory", errno.ENOTDIR),
        ("Is a directory", errno.EISDIR),
    ):
        if words in said:
            return OSError(number, os.strerror(number), str(path))
    return OSError(errno.EIO, last, str(path))
