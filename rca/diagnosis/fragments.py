"""Finding any of many fragments in a function's name.

Hundreds of fragments as one pattern take longer to compile than a log takes to read, and nearly all are plain words.
Those are looked for as they stand; only what is more than a word with an anchor is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"(\^?)(\w+)(\$?)")


class Fragments:
    """Regular expressions, of which any may be found."""

    def __init__(self, names: Iterable[str]) -> None:
        """Each name is a word, with ``^`` before it or ``^`` and ``$`` around it, or else any pattern."""
        inside: list[str] = []
        starts: list[str] = []
        whole: list[str] = []
        patterns: list[str] = []
        for name in names:
            word = _WORD.fullmatch(name)
            if word is None or word.group(1, 3) == ("", "$"):
                patterns.append(name)
            else:
                (whole if word[3] else starts if word[1] else inside).append(word[2])
        self._inside = tuple(inside)
        self._starts = tuple(starts)
        self._whole = frozenset(whole)
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def find(self, function: str) -> int:
        """Where the first of them begins in a name, -1 where none is found."""
        if function in self._whole or function.startswith(self._starts):
            return 0
        places = [at for word in self._inside if (at := function.find(word)) >= 0]
        if self._pattern and (found := self._pattern.search(function)):
            places.append(found.start())
        return min(places, default=-1)

    def found(self, function: str) -> bool:
        """Whether one of them is in a name."""
        return self.find(function) >= 0
