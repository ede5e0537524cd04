"""Pure parsers of what the crash utility prints (7.3 and 8.x): whitespace tolerant, never raising."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LONGEST = 1_000
"""Characters of a line that are looked at: no table of crash is wider, and hostile lines must not cost time."""


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Each line with its 1-based number, cut to LONGEST and without blanks at its end."""
    for number, line in enumerate(lines, 1):
        yield number, line[:LONGEST].rstrip()
