"""Search in a long text: many lines at a time, so that half a million take a fraction of a second."""

from __future__ import annotations

from collections.abc import Sequence

_CHUNK = 4_096


def next_hit(lines: Sequence[str], needle: str, after: int, by: int) -> int:
    """The next (`by` 1) or previous (-1) line after one that holds the case-folded `needle`, around the ends; -1: none.

    Tabs count as the blanks that are shown for them.
    """
    count = len(lines)
    start = (min(after, count) + by) % count
    if by > 0:
        found = _forward(lines, needle, start, count)
        return found if found >= 0 else _forward(lines, needle, 0, start)
    found = _backward(lines, needle, 0, start + 1)
    return found if found >= 0 else _backward(lines, needle, start + 1, count)


def holds(lines: Sequence[str], needle: str) -> bool:
    """Whether any line holds it, in whatever case."""
    return _forward(lines, needle.casefold(), 0, len(lines)) >= 0


def _forward(lines: Sequence[str], needle: str, start: int, end: int) -> int:
    for first in range(start, end, _CHUNK):
        last = min(first + _CHUNK, end)
        if _held(lines, needle, first, last):
            return next(n for n in range(first, last) if needle in _plain(lines[n]))
    return -1


def _backward(lines: Sequence[str], needle: str, start: int, end: int) -> int:
    for last in range(end, start, -_CHUNK):
        first = max(last - _CHUNK, start)
        if _held(lines, needle, first, last):
            return next(n for n in range(last - 1, first - 1, -1) if needle in _plain(lines[n]))
    return -1


def _held(lines: Sequence[str], needle: str, first: int, last: int) -> bool:
    return needle in _plain("\n".join(lines[first:last]))


def _plain(text: str) -> str:
    return text.expandtabs(8).casefold()
