"""What the terminal shows, cell by cell: it is told only what differs from that.

A frame is what Textual draws: places (``CSI row ; column H``), behind each some text of one row in its colours, and at
last the place of the cursor. What Textual wants to be seen and what is seen may differ for a moment: what is foreseen
is drawn before Textual knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, repeat
from operator import itemgetter

from rich.cells import split_graphemes

_TOKEN = re.compile(r"\x1b\[(?:(\d+);(\d+)H|([\d;]*)m)")
_SINGLE = re.compile("[ -~\u2010-\u2027\u2500-\u259f]*")
"""Characters of one cell each, among them those of borders and scrollbars."""
_JOINING = frozenset("\u200b\u200c\u200d\u2060\ufeff")
"""They count as unprintable, but only join what stands beside them."""
_NEAR = 8
"""Cells between two that differ which are drawn with them: going there costs as many bytes."""

Cell = tuple[str, str]
"""The codes of its colours, and its character; empty in the second half of a wide one."""
Row = list[Cell | None]
"""None where nothing is known."""
_Text = tuple[int, int, list[Cell]]
"""Row and column from 0, and what stands there."""
LETTER = "⌷"
"""Stands in a frame for a letter that is not typed yet."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A frame that is to be seen as soon as a key comes."""

    base: dict[int, Row]
    """The rows that it changes, as they were."""
    rows: dict[int, Row]
    told: str
    """What the terminal must be told."""
    cursor: str


class Shown:
    """Of one terminal. Not for several threads at once."""

    def __init__(self) -> None:
        """Nothing is known."""
        self.forget()

    def forget(self) -> None:
        """The terminal may show anything; the next frame is told whole."""
        self._wanted: dict[int, Row] = {}
        self._seen: dict[int, Row] = {}
        self._cursor = self._cursor_seen = ""
        self.ahead = False
        """Whether something foreseen is seen that Textual may not have drawn yet."""

    def take(self, text: str, size: tuple[int, int] | None = None) -> str:
        """What the terminal must be told so that it shows a frame. Nothing, while it is ahead.

        Anything but a frame passes as it is; one that is larger than the terminal's `size` (columns, rows) is for a
        size that it no longer has, and is not told.
        """
        if not (place := _TOKEN.match(text)) or not place[1]:
            return text
        frame = _read(text)
        if frame is None:
            behind = self.settle()[0]
            self.forget()
            return behind + text
        texts, cursor = frame
        if size and any(row >= size[1] or column + len(cells) > size[0] for row, column, cells in texts):
            self.forget()
            return ""
        for row, column, cells in texts:
            _lay(self._wanted.setdefault(row, []), column, cells)
        self._cursor = cursor or self._cursor
        return "" if self.ahead else self._tell({row for row, _, _ in texts})

    def prepare(self, text: str) -> Prepared | None:
        """Make a frame ready that a key will show; None where it goes beyond what is known."""
        frame = _read(text)
        if frame is None:
            return None
        texts, cursor = frame
        base = {row: self._seen.get(row, []) for row, _, _ in texts}
        rows = {row: list(cells) for row, cells in base.items()}
        for row, column, cells in texts:
            there = rows[row][column : column + len(cells)]
            if len(there) < len(cells) or None in there:
                return None
            _lay(rows[row], column, cells)
        told = "".join(_differing(row, cells, base[row]) for row, cells in sorted(rows.items()))
        return Prepared(base, rows, told + cursor, cursor)

    def foresee(self, ready: Prepared, letter: str = "") -> bool:
        """Take it that the terminal is told what was made ready before Textual has drawn it, `letter` in its place.

        False where it may not be told, for other things stand there now.
        """
        if self.ahead or any(self._seen.get(row) is not cells for row, cells in ready.base.items()):
            return False
        self._seen |= ready.rows
        if letter:
            for row, cells in ready.rows.items():
                self._seen[row] = [
                    (cell[0], letter) if cell and cell[1] == LETTER else cell for cell in cells
                ]
        self.ahead, self._cursor_seen = True, ready.cursor
        return True

    def settle(self) -> tuple[str, bool]:
        """Textual has drawn what was foreseen: what the terminal must still be told, and whether that is all.

        False asks for the whole screen: what was foreseen hid something that is not known.
        """
        self.ahead = False
        known = all(
            cell is not None or here is None
            for row, seen in self._seen.items()
            if seen != self._wanted.get(row)
            for cell, here in zip(self._wanted.get(row, ()), seen, strict=False)
        )
        return self._tell(set(self._wanted)), known

    def _tell(self, rows: Iterable[int]) -> str:
        told = []
        for row in sorted(rows):
            wanted, seen = self._wanted[row], self._seen.get(row, [])
            if wanted != seen:
                told.append(_differing(row, wanted, seen))
                self._seen[row] = list(wanted)
        if not any(told) and self._cursor == self._cursor_seen:
            return ""
        self._cursor_seen = self._cursor
        return "".join(told) + self._cursor


def _lay(row: Row, column: int, cells: list[Cell]) -> None:
    row += [None] * (column - len(row))
    row[column : column + len(cells)] = cells


def _differing(number: int, wanted: Row, seen: Row) -> str:
    """The frame that makes one row into another."""
    return "".join(
        _place(number, begin) + _text(number, begin, wanted[begin:end]) for begin, end in _spans(wanted, seen)
    )


def _spans(wanted: Row, seen: Row) -> Iterator[tuple[int, int]]:
    """Where they differ, from the first cell of a character to the last of one."""
    begin = end = -1
    for at, cell in enumerate(wanted):
        if cell is None or (at < len(seen) and cell == seen[at]):
            continue
        if begin < 0:
            begin = at
        elif at - end > _NEAR or None in wanted[end:at]:
            yield _whole(wanted, begin, end)
            begin = at
        end = at + 1
    if begin >= 0:
        yield _whole(wanted, begin, end)


def _whole(row: Row, begin: int, end: int) -> tuple[int, int]:
    while begin and (cell := row[begin]) and not cell[1]:
        begin -= 1
    while end < len(row) and (cell := row[end]) and not cell[1]:
        end += 1
    return begin, end


def _place(row: int, column: int) -> str:
    return f"\x1b[{row + 1};{column + 1}H"


def _text(row: int, column: int, cells: Row) -> str:
    """As Textual writes it: every piece with all its colours."""
    told = []
    for codes, alike in groupby((cell or ("", " ") for cell in cells), itemgetter(0)):
        characters = [character for _, character in alike]
        text = "".join(characters)
        if not text.isascii():
            text = "".join(_sure(row, column + at, characters[at:]) for at in range(len(characters)))
        told.append(f"\x1b[{codes}m{text}\x1b[0m" if codes else text)
        column += len(characters)
    return "".join(told)


def _sure(row: int, column: int, characters: list[str]) -> str:
    """The first of these. Terminals may disagree how wide it is: its cells are cleared, and what follows is placed."""
    here = characters[0]
    if len(here) < 2 and here < "\U0001f000":
        return here
    width = next((at for at, other in enumerate(characters) if at and other), len(characters))
    return f"{' ' * width}{_place(row, column)}{here}{_place(row, column + width)}"


def _read(text: str) -> tuple[list[_Text], str] | None:
    """The texts of a frame, and the last place where that ends it; None where there is anything else in it."""
    before, *parts = _TOKEN.split(text)
    if before:
        return None
    texts: list[_Text] = []
    cells: list[Cell] = []
    codes = cursor = ""
    for row, column, colours, said in zip(parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=True):
        if row:
            cells = []
            texts.append((int(row) - 1, int(column) - 1, cells))
            cursor = f"\x1b[{row};{column}H"
        else:
            codes = "" if colours in ("", "0") else f"{codes};{colours}" if codes else colours
        if (said := said.rstrip("\r\n")) and not _add(cells, codes, said):
            return None
        cursor = "" if said else cursor
    return [found for found in texts if found[2]], cursor


def _add(cells: list[Cell], codes: str, said: str) -> bool:
    """Add text to a row's. False where a terminal may see more in it than characters."""
    if _SINGLE.fullmatch(said):
        cells += zip(repeat(codes), said, strict=False)  # for each character of a screen: in one go
        return True
    for begin, end, width in split_graphemes(said)[0]:
        character = said[begin:end]
        if width:
            cells += [(codes, character)] + [(codes, "")] * (width - 1)
        else:  # an accent: it joins what stands before it, in that one's colours
            at = next((at for at in reversed(range(len(cells))) if cells[at][1]), -1)
            if at < 0:
                return False
            cells[at] = (cells[at][0], cells[at][1] + character)
    return all(character.isprintable() or character in _JOINING for character in said)
