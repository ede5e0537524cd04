"""What stood on a command line in the end, from what readline sent while it was edited.

Only for lines that a person typed in the bare terminal: in crash's answers, control characters stay visible.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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


class Typing:
    """Tells what was typed from what was answered, line by line, in one block of the bare terminal."""

    def __init__(self, prompt: str, heard: Callable[[str], None] = lambda command: None) -> None:
        """`heard` takes each command. The first line has no `prompt` before it: that was shown before the block."""
        self._prompt = prompt.rstrip()
        self._heard = heard
        self._first = True

    def shown(self, line: str) -> str:
        """The line for the transcript: what was typed, as it stood in the end."""
        if not (self._first or line.startswith(self._prompt)):
            return line
        line = retyped(line)
        if command := line.removeprefix(self._prompt).strip():
            self._first = False
            self._heard(command)
        return line
