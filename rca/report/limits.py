"""Fitting a document into a field, or onto a page, with cuts that are seen."""

from __future__ import annotations

from dataclasses import replace

from rca.report.document import Block, Document, Labelled, Line, Prose, Table, Verbatim
from rca.report.formats.registry import FORMATS, Format

PAGE = 30
"""Lines of the short form, in every format."""
_WIDEST = 300
"""Characters of a line on that page."""
_ENOUGH = 3
"""Lines that each text keeps while another has more."""
_LEAST = 40
"""Characters that are left of a text at the least."""


def fitted(document: Document, form: Format, hint: str) -> str:
    """The document in a format, cut where the target's limit demands it.

    Args:
        document: What to render.
        form: The format with its limit.
        hint: Where the whole stands, for the sentence that tells of a cut.
    """
    if not form.limit:
        return form.render(document)
    # What is larger than the field by itself is cut before anything is rendered: a paste may be a megabyte.
    blocks = _shrunk(document, form.limit)
    if blocks == document and _units(text := form.render(document)) <= form.limit:
        return text
    note = Prose((Line(f"[cut to the {form.limit:,} characters of {form.target}; {hint}]"),))
    low, high = _LEAST, max(_LEAST, *map(_size, blocks))
    while low < high:  # the largest size per block that still fits
        middle = (low + high + 1) // 2
        if _units(form.render((*_shrunk(blocks, middle), note))) <= form.limit:
            low = middle
        else:
            high = middle - 1
    blocks = _shrunk(blocks, low)
    while blocks and _units(form.render((*blocks, note))) > form.limit:
        blocks = blocks[:-1]
    return form.render((*blocks, note))


def paged(document: Document, lines: int = PAGE) -> Document:
    """A short form of at most so many lines in the formats that have lines. What comes last gives way first."""
    shares = [lines] * len(document)
    while True:
        found = tuple(_few(block, share) for block, share in zip(document, shares, strict=True))
        over = max(FORMATS[name].render(found).count("\n") for name in ("md", "jira", "text")) - lines
        floor = _ENOUGH if any(_rows(block) > _ENOUGH for block in found) else 1
        long = [number for number, block in enumerate(found) if _rows(block) > floor]
        if over <= 0 or not long:
            return found
        shares[long[-1]] = max(floor, _rows(found[long[-1]]) - over)


def _rows(block: Block) -> int:
    return len(block.lines) if isinstance(block, Labelled | Prose) else 1


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _few(block: Block, most: int) -> Block:
    if not isinstance(block, Labelled | Prose):
        return block
    lines = tuple(replace(line, text=_cut(line.text, _WIDEST)) for line in block.lines if line.text)
    if len(lines) > most:
        rest = Line(f"[cut: {len(lines) - most + 1} more in the full RCA]", listed=lines[0].listed)
        lines = (*lines[: most - 1], rest)
    return replace(block, lines=lines)


def _size(block: Block) -> int:
    match block:
        case Prose(lines) | Labelled(_, lines):
            return sum(len(line.text) + len(line.mark) + 1 for line in lines)
        case Verbatim(found):
            return sum(len(line) + 1 for line in found)
        case Table(_, rows):
            return sum(len(cell) for row in rows for cell in row)
        case _:
            return len(block.text)


def _shrunk(document: Document, size: int) -> Document:
    return tuple(_smaller(block, size) for block in document)


def _smaller(block: Block, size: int) -> Block:
    if _size(block) <= size:
        return block
    match block:
        case Verbatim(lines):
            shown = _head([len(line) + 1 for line in lines], size)
            return Verbatim((*lines[:shown], f"[cut: {len(lines) - shown} more lines]"))
        case Table(head, rows):
            shown = _head([sum(map(len, row)) for row in rows], size)
            gap = ("",) * (len(head) - 1)
            return Table(head, (*rows[:shown], (f"[cut: {len(rows) - shown} more]", *gap)))
        case Prose(lines) | Labelled(_, lines):
            return replace(block, lines=_fewer(lines, size))
        case _:
            return replace(block, text=_cut(block.text, size))


def _fewer(lines: tuple[Line, ...], size: int) -> tuple[Line, ...]:
    shown = _head([len(line.text) + len(line.mark) + 1 for line in lines], size)
    if shown:
        return (*lines[:shown], Line(f"[cut: {len(lines) - shown} more lines]", listed=lines[shown].listed))
    first = replace(lines[0], text=_cut(lines[0].text, size))
    return (first, Line(f"[cut: {len(lines) - 1} more lines]")) if len(lines) > 1 else (first,)


def _head(sizes: list[int], size: int) -> int:
    """How many from the first on stay within a size."""
    total = 0
    for number, one in enumerate(sizes):
        total += one
        if total > size:
            return number
    return len(sizes)


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[:size]} [cut: {len(text) - size:,} more characters]"
