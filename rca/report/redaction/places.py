"""Where in a long text a pattern may match: the lines that hold what every match of it holds.

A log of 16 MB has few lines that name anybody. A sign is a short expression that begins with a literal, for which
Python's engine searches as fast as for a letter; the patterns themselves then see only the lines of their signs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

_HEX = bytes.maketrans(b"0123456789abcdef", b"h" * 16)


Found = tuple[int, int, str]
"""One secret in a text: start, end, and the stem of its name: ``host``, ``ip``, ``mac``, ``uuid``, ``serial``, ``id``,
``user``, ``ns``, ``secret``."""
Check = Callable[[str, re.Match[str]], bool]
"""Whether what looks like a secret is one: the text, and the match in it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands in every line that has a match."""

    find: re.Pattern[bytes]
    shape: bool = False
    """Whether it is looked for in the text's shape, where each hexadecimal digit is an ``h``."""


def words(*texts: str) -> tuple[Sign, ...]:
    """Signs in letters: expressions in lower case; one of them is enough."""
    return tuple(Sign(re.compile(text.encode("ascii"))) for text in texts)


def shapes(*texts: str) -> tuple[Sign, ...]:
    """Signs in shapes: ``:hh:hh:``; one of them is enough."""
    return tuple(Sign(re.compile(text.encode("ascii")), shape=True) for text in texts)


class Text:
    """A text, and the two views of it in which signs are looked for: one byte stands for each character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain = text.encode("latin-1", "replace").lower()

    @cached_property
    def _shape(self) -> bytes:
        return self._plain.translate(_HEX)

    def places(self, sign: Sign) -> Iterator[int]:
        """Where a sign stands."""
        view = self._shape if sign.shape else self._plain
        return (match.start() for match in sign.find.finditer(view))

    def spans(self, signs: tuple[Sign, ...]) -> Iterator[tuple[int, int]]:
        """Start and end of the lines that have one of the signs, neighbours together; of the whole without signs."""
        if not signs:
            yield 0, len(self.text)
            return
        found = sorted(span for sign in signs for span in self._lines(sign))
        start = end = 0
        for first, last in found:
            if first > end:
                if end > start:
                    yield start, end
                start = first
            end = max(end, last)
        if end > start:
            yield start, end

    def named(self, name: str) -> Iterator[tuple[int, int]]:
        """Start and end of each place where a name stands as a word of its own, in any case."""
        if not name.isascii():
            for match in re.finditer(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", self.text, re.IGNORECASE):
                yield match.span()
            return
        text, wanted, end = self.text, name.lower().encode("ascii"), 0
        while (start := self._plain.find(wanted, end)) >= 0:
            end = start + len(wanted)
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                yield start, end

    def _lines(self, sign: Sign) -> Iterator[tuple[int, int]]:
        view = self._plain
        start = end = 0
        for at in self.places(sign):
            if at < end:
                continue
            begin = view.rfind(b"\n", end, at) + 1 or end
            if begin > end:
                if end > start:
                    yield start, end
                start = begin
            end = view.find(b"\n", at) + 1 or len(view)
        if end > start:
            yield start, end
