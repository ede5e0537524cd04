"""What stood on a command line in the end, from what readline sent while it was edited.

Only for lines that a person typed in the bare terminal: in crash's answers, control characters stay visible.
"""

from __future__ import annotations

import re

_EDIT = re.compile(r"\\x1b\[(\d*)([KCDP@])|\\x0([78d])")
"""In the visible form of `parsers.text`: erase to the end, right, left, delete, insert; bell, back, carriage return."""
_WIDEST = 2_000


def retyped(line: str) -> str:
    """The line as the terminal showed it when Enter was pressed."""
    shown: list[str] = []
    at = end = 0

    def put(text: str) -> None:
        nonlocal at
        shown.extend(" " * (at - len(shown)))
        shown[at : at + len(text)] = text
        at += len(text)

    for edit in _EDIT.finditer(line):
        put(line[end : edit.start()])
        end = edit.end()
        count = min(int(edit[1] or 1), _WIDEST)
        if edit[2] == "K":
            del shown[at:]
        elif edit[2] == "C":
            at += count
        elif edit[2] == "D" or edit[3] == "8":
            at = max(0, at - count)
        elif edit[2] == "P":
            del shown[at : at + count]
        elif edit[2] == "@":
            shown[at:at] = " " * count
        elif edit[3] == "d":
            at = 0
    put(line[end:])
    return "".join(shown).rstrip()
