"""Pure parsers of what the crash utility prints (7.3 and 8.x): whitespace tolerant, never raising."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LONGEST = 1_000
"""Characters of a line that are looked at: no table of crash is wider, and hostile lines must not cost time."""


def offset(text: str | None) -> int | None:
    """A function's offset as crash prints it, in decimal or after `set hex` with ``0x``; None for anything else."""
    if not text:
        return None
    try:
        return int(text, 16 if text.startswith("0x") else 10)
    except ValueError:
        return None


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Each line with its 1-based number, cut to LONGEST and without blanks at its end."""
    for number, line in enumerate(lines, 1):
        yield number, line[:LONGEST].rstrip()
