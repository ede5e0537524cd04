"""One line of the transcript as styled text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from parsers.crash.stale import is_stale
from parsers.spans import Marks, Role, spans
from rca.crash.notes import note
from rca.crash.transcript import strides

WIDEST = 4_000
"""Cells of a line that can be scrolled to."""
_TABS = 56
"""Cells by which tabs are thought to widen a line: to count them in every line of a flood would slow it."""

STYLES = {
    Role.PROMPT: "bold cyan",
    Role.PANIC: "bold red",
    Role.RIP: "bold",
    Role.EXCEPTION: "bold",
    Role.GUILTY: "bold reverse",
    Role.MODULE: "underline",
    Role.MODULE_OOT: "underline yellow",
    Role.SYMBOL: "",
    Role.UNRELIABLE: "dim",
    Role.ADDRESS: "dim",
    Role.STACK: "dim",
    Role.TAINT: "yellow",
    Role.WARNING: "yellow",
    Role.ERROR: "red",
    Role.HEADER: "cyan",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """How one line is to look."""

    marks: Marks
    needle: str
    """What is searched for, case-folded."""
    beside: str
    """What stands at the right edge, on a command's heading."""
    width: int
    """Cells of the view."""
    hit: bool
    marked: bool
    whole: bool
    """Whether a heading is shown in all its length: it is being read, or the view is scrolled sideways."""


def widest(lines: Sequence[str], start: int, end: int) -> int:
    """Cells that the widest of these lines may take, `WIDEST` at most."""
    longest = max((max(map(len, some)) for some in strides(lines, start, end)), default=0)
    return min(WIDEST, longest + _TABS)


def draw(lines: Sequence[str], index: int, how: Drawn, base: Style) -> Text:
    """The line with its parts lit up; remarks of ours stand behind it and are no part of it."""
    line = lines[index][:WIDEST].expandtabs(8)
    if how.beside and not how.whole:
        line = _shortened(line, how.width - len(how.beside) - 2)
    text = Text(line, style=base, end="", no_wrap=True)
    if is_stale(lines, index):
        text.stylize("dim")
    else:
        for span in spans(line, how.marks):
            if span.role is Role.STACK and line.startswith("--"):
                text.append(f" {'─' * (how.width - len(line) - 1)}")
            text.stylize(STYLES[span.role], span.start, span.end)
    if how.needle:
        folded = line.casefold()
        at = folded.find(how.needle)
        while at >= 0:
            text.stylize(Style.parse("black on yellow"), at, at + len(how.needle))
            at = folded.find(how.needle, at + len(how.needle))
    if how.hit:
        text.stylize("bold underline", 0, len(line))
    if how.marked:
        text.stylize("italic yellow", 0, len(line))
    if how.beside:
        text.append(how.beside.rjust(max(len(how.beside) + 2, how.width - len(line))), "dim")
    elif remark := note(line):
        text.append(f"  ◀ {remark}", "italic yellow")
    return text


def _shortened(line: str, room: int) -> str:
    """A long command line by its program and its last words: the options between them say least."""
    if len(line) <= room or room < 3:
        return line
    head = room // 3
    return f"{line[:head]}…{line[head + 1 - room :]}"
