"""What people pipe crash's answers into, done on a recorded answer without any program: pagers, head, tail, grep."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

_PAGERS = frozenset({"less", "more", "cat"})
_PIPE = re.compile(r"""\|(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""")
"""A bar outside quotation marks."""
_TEN = 10
"""Lines that head and tail show unasked."""


NOT_REPLAYED = (
    "What is recorded is piped only into grep (words, -i -v -n -c -E), head -N, tail -N, less, more and cat."
)


@dataclass(frozen=True, slots=True)
class Piped:
    """One crash command and the filters behind it."""

    command: str
    """What crash is asked, without the filters."""
    filters: tuple[tuple[str, ...], ...] = ()
    """Each as its words: ``("tail", "-50")``."""

    def shown(self, lines: Sequence[str]) -> tuple[str, ...]:
        """What is left of an answer behind all filters."""
        kept = tuple(lines)
        for words in self.filters:
            kept = _filtered(kept, words)
        return kept


def split_pipe(command: str) -> Piped:
    """Take a command line apart. One with a pipe that is none of these filters stays whole: it is to be refused."""
    first, *rest = _PIPE.split(command)
    try:
        filters = tuple(tuple(shlex.split(part)) for part in rest)
    except ValueError:  # a quotation without its end
        return Piped(command)
    if not all(_understood(words) for words in filters):
        return Piped(command)
    return Piped(first.strip(), filters)


def piped_elsewhere(command: str) -> bool:
    """Whether a command line has a pipe that is none of these filters."""
    return len(_PIPE.split(split_pipe(command).command)) > 1


def _understood(words: tuple[str, ...]) -> bool:
    name = words[0] if words else ""
    if name in _PAGERS:
        return all(word.startswith("-") for word in words[1:])
    if name in ("head", "tail"):
        return _count(words) is not None
    return name in ("grep", "egrep") and len(_patterns(words)) == 1 and _options(words) <= set("ivEnc")


def _count(words: tuple[str, ...]) -> int | None:
    """The number in ``-50``, ``-n 50`` or ``-n50``; None where it cannot be read."""
    text = "".join(words[1:]).removeprefix("-").removeprefix("n")
    if not words[1:]:
        return _TEN
    return int(text) if text.isascii() and text.isdigit() else None


def _options(words: tuple[str, ...]) -> set[str]:
    """The letters of ``-i -n`` or ``-in``."""
    return {letter for word in words[1:] if word.startswith("-") for letter in word[1:] or "-"}


def _patterns(words: tuple[str, ...]) -> list[str]:
    return [word for word in words[1:] if not word.startswith("-")]


def _filtered(lines: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    if words[0] in _PAGERS:
        return lines
    if words[0] in ("head", "tail"):
        count = _count(words) or 0
        return lines[:count] if words[0] == "head" else lines[max(0, len(lines) - count) :]
    options = _options(words)
    fold = str.casefold if "i" in options else str
    needles = [fold(part) for part in _patterns(words)[0].replace("\\|", "|").split("|")]
    found = [
        (number, line)
        for number, line in enumerate(lines, 1)
        if any(needle in fold(line) for needle in needles) != ("v" in options)
    ]
    if "c" in options:
        return (str(len(found)),)
    return tuple(f"{number}:{line}" if "n" in options else line for number, line in found)
