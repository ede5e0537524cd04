"""Evidence: one piece of raw text with its origin, and the citations that later statements make of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


class Kind(StrEnum):
    """How a piece of evidence was obtained."""

    COMMAND = "command"
    """A program run on the node (or replayed)."""
    FILE = "file"
    """A file read."""
    CRASH = "crash"
    """A command typed into a crash session."""
    CHECK = "check"
    """Other evidence, compared by panicdesk itself."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer to one line of one piece of evidence, with the line's text so that it can stand alone."""

    evidence: str
    """The evidence's id."""
    line: int
    """1-based line number."""
    text: str

    def __str__(self) -> str:
        return f"{self.evidence}:{self.line}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Raw, clean text with its origin. An empty text with a `problem` says why there is none."""

    id: str
    """Unique within the case and usable as a file name: ``bt-a``, ``vmcore-dmesg``, ``os-release``."""
    kind: Kind
    what: str
    """The argv joined by blanks, the file's path, or the crash command."""
    where: str
    """The source's name: ``this node``, a folder, a recording."""
    started: datetime
    """UTC."""
    lines: tuple[str, ...] = ()
    """Already passed through `parsers.text`; no line ends."""
    seconds: float = 0.0
    exit_status: int | None = None
    """None where nothing exits: files, crash commands, commands that could not start."""
    problem: str = ""
    """Why this is missing or incomplete (not found, permission denied, timed out …); empty when it is whole."""
    truncated: bool = False
    """True when the output cap cut it."""

    @property
    def ok(self) -> bool:
        """Whether it was obtained whole; says nothing about the command's exit status."""
        return not self.problem

    @property
    def text(self) -> str:
        """All lines joined by newlines."""
        return "\n".join(self.lines)

    def cite(self, line: int) -> Citation:
        """Cite one line by its 1-based number. Raises IndexError outside the text."""
        if line < 1:
            raise IndexError(line)
        return Citation(self.id, line, self.lines[line - 1].strip())

    def grep(self, pattern: str | re.Pattern[str]) -> Iterator[Citation]:
        """Cite every line in which the pattern is found, in order."""
        find = re.compile(pattern).search
        return (self.cite(n) for n, line in enumerate(self.lines, 1) if find(line))


_ONE = r"[A-Za-z_.][\w.+-]*:\d{1,9}"
_NAMED = re.compile(rf"\[({_ONE}(?: {_ONE})*)\]")


def named(text: str) -> tuple[Citation, ...]:
    """The citations that a text names in brackets, ``[log:7 bt:9]``; the lines' own texts are not known."""
    parts = [part.rpartition(":") for found in _NAMED.finditer(text) for part in found[1].split()]
    return tuple(Citation(evidence, int(line), "") for evidence, _, line in parts if int(line))


def first(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """The first citation as a tuple of one, or an empty tuple: handy where a verdict wants any one proof."""
    return tuple(islice(citations, 1))
