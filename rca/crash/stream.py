"""From the bytes of a terminal to clean lines, in any chunking, with the unfinished last line kept apart.

The one hot path of the session: hundreds of thousands of lines pass here, so a whole burst is cleaned at once and
plain ASCII, which is nearly everything, is recognised by one pass of `bytes.translate`.
"""

from __future__ import annotations

import re

from parsers.text import visible

LONGEST_LINE = 1 << 20
"""Bytes after which a line without an end is cut, so that no output can grow one line for ever."""

_PLAIN = bytes([0x09, 0x0A, *range(0x20, 0x7F)])
_ERASE = "\x1b[K"
"""To the end of the line."""
_WAIT = re.compile(rb"please wait\.\.\. \(([^()\r\n]{1,80})\)")


def redraw(line: str) -> str:
    """What a terminal shows of a line with carriage returns: later text over earlier, trailing blanks dropped."""
    parts = line.split("\r")
    shown = parts[-1]
    for part in reversed(parts[:-1]):
        if len(part) > len(shown):
            shown += part[len(shown) :]
        if part.startswith(_ERASE):  # readline, after a change of size
            break
    return shown.rstrip(" ")


def clean(block: bytes) -> list[str]:
    """Whole lines, each with its newline, to clean text."""
    block = block.replace(b"\r\n", b"\n")
    if not block.translate(None, _PLAIN):
        lines = block.decode("ascii").split("\n")
    else:
        lines = block.decode("utf-8", "replace").split("\n")
        if b"\r" in block:
            lines = [redraw(line) if "\r" in line else line for line in lines]
        lines = visible("\n".join(lines)).split("\n")
    lines.pop()
    return lines


class LineStream:
    """Feed bytes, get finished lines; ask what stands after the last newline."""

    __slots__ = ("_pending", "_size")

    def __init__(self) -> None:
        self._pending: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[str]:
        """Take bytes as they come and return the lines that they finish."""
        cut = data.rfind(b"\n") + 1
        if not cut:
            self._keep(data)
            return self._overlong() if self._size > LONGEST_LINE else []
        block = b"".join((*self._pending, data[:cut])) if self._pending else data[:cut]
        self._pending, self._size = [], 0
        lines = clean(block) if len(block) <= LONGEST_LINE else clean(_cut_overlong(block))
        self._keep(data[cut:])
        return lines + self._overlong() if self._size > LONGEST_LINE else lines

    def tail(self) -> bytes:
        """The unfinished last line, at most its last 8 KiB."""
        if len(self._pending) > 1:
            self._pending = [b"".join(self._pending)]
        return self._pending[0][-8192:] if self._pending else b""

    def ends_with(self, text: bytes) -> bool:
        """Whether the unfinished line ends so; cheap enough to ask after every read."""
        if not self._size:
            return False
        last = self._pending[-1]
        return last.endswith(text) if len(last) >= len(text) else self.tail().endswith(text)

    def take(self, without: int = 0) -> str:
        """Remove the unfinished line and return it clean, without its last bytes (the prompt)."""
        text = b"".join(self._pending)
        self._pending, self._size = [], 0
        head = text[: len(text) - without]
        return clean(head + b"\n")[0] if head else ""

    def words(self) -> str:
        """The unfinished line as people would read it."""
        return clean(self.tail()[-200:] + b"\n")[0].strip()

    def progress(self) -> str:
        """What crash says it is busy with: ``gathering module symbol data``; empty when it says nothing."""
        found = _WAIT.findall(self.tail())
        return visible(found[-1].decode("utf-8", "replace")) if found else ""

    def _keep(self, data: bytes) -> None:
        if data:
            self._pending.append(data)
            self._size += len(data)

    def _overlong(self) -> list[str]:
        """Cut what has outgrown a line, always at the same places, whatever the chunks were."""
        text = b"".join(self._pending)
        keep = (len(text) - 1) // LONGEST_LINE * LONGEST_LINE
        self._pending, self._size = [], 0
        self._keep(text[keep:])
        return clean(_cut_overlong(text[:keep] + b"\n"))


def _cut_overlong(block: bytes) -> bytes:
    """Insert newlines so that no line is longer than LONGEST_LINE."""
    pieces = []
    for line in block[:-1].split(b"\n"):
        pieces += [line[n : n + LONGEST_LINE] for n in range(0, len(line), LONGEST_LINE)] or [b""]
    return b"\n".join(pieces) + b"\n"
