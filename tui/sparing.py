"""Frames in fewer bytes for slow links: the terminal is told of a colour only where it changes.

Rich gives every piece of text all its colours and resets them behind it, forty bytes for each piece in 24-bit colours.
What a terminal shows of a frame stays the same to the cell.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SGR = re.compile(r"\x1b\[([\d;]*)m")
_MOVES = re.compile(r"(?:\x1b\[\d+;\d+H|[\r\n])*(\x1b\[\d+;\d+H)")
"""Going to one place after another: only the last one counts."""
_PLACE = re.compile(r"\x1b\[(\d+);(\d+)H$")
_NEXT_LINE = "\r\x1bD"
"""To the first column of the next row. IND, since a line feed becomes two bytes on its way to the terminal."""
_COLOUR = r"(?:{0}[0-7]|{1}[0-7]|{0}8;5;\d+|{0}8;2;\d+;\d+;\d+)"
_CODE = re.compile(rf"(?:([1-57-9])|({_COLOUR.format(3, 9)})|({_COLOUR.format(4, 10)}))(?:;|$)")
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}


def sparing(frame: str) -> str:
    """The same frame in fewer bytes. It begins and ends with the terminal's own colours, as Textual's frames do.

    No text of a frame goes beyond the row in which it begins.
    """
    first, *pieces = _SGR.split(frame)
    said, now, wanted = [first], "", ""
    row = int(begun[1]) if (begun := _PLACE.search(first)) else 0
    """Where the cursor is, from 1; 0 when that is not known."""
    for codes, text in zip(pieces[::2], pieces[1::2], strict=True):
        wanted = "" if codes in ("", "0") else f"{wanted};{codes}" if wanted else codes
        if moves := _MOVES.fullmatch(text):
            move, row = _move(row, moves[1])
            said.append(move)
        elif text:
            said += (_change(now, wanted), text)
            now = wanted
            row = row if text.isprintable() else 0
    said.append(_change(now, ""))
    return "".join(said)


def _move(row: int, move: str) -> tuple[str, int]:
    """How the cursor gets from a row to a place, and the row of that: to the next row there is a shorter way."""
    place = _PLACE.fullmatch(move)
    assert place is not None
    below, column = int(place[1]), int(place[2])
    if row == 0 or below != row + 1:
        return move, below
    right = "" if column == 1 else "\x1b[C" if column == 2 else f"\x1b[{column - 1}C"
    return min(f"{_NEXT_LINE}{right}", move, key=len), below


@lru_cache(maxsize=4_096)
def _change(now: str, wanted: str) -> str:
    """What turns the colours `now` into those `wanted`; both as codes behind a reset."""
    if now == wanted:
        return ""
    whole = f"0;{wanted}" if wanted else "0"
    before, after = _parsed(now), _parsed(wanted)
    if before and after:
        attributes, foreground, background = after
        gone = before[0] - attributes
        off = {_OFF[code] for code in gone}
        on = attributes - before[0] | ({code for code in attributes if _OFF[code] in off})
        codes = [*sorted(off), *sorted(on)]
        if foreground != before[1]:
            codes.append(foreground or "39")
        if background != before[2]:
            codes.append(background or "49")
        whole = min(whole, ";".join(codes), key=len)
    return f"\x1b[{whole}m"


def _parsed(codes: str) -> tuple[frozenset[str], str, str] | None:
    """Attributes, foreground and background; None where there is more to it."""
    attributes, foreground, background = set(), "", ""
    at = 0
    while at < len(codes):
        code = _CODE.match(codes, at)
        if code is None:
            return None
        if code[1]:
            attributes.add(code[1])
        foreground, background = code[2] or foreground, code[3] or background
        at = code.end()
    return frozenset(attributes), foreground, background
