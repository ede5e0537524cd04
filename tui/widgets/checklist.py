"""The eleven steps with their badges, as a list and as a one-line strip."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from rca.verdict import Badge, Verdict

BADGE_STYLES = {
    Badge.WAIT: "dim",
    Badge.RUN: "bold cyan",
    Badge.PASS: "green",
    Badge.WARN: "bold yellow",
    Badge.FAIL: "bold red",
    Badge.NA: "dim",
    Badge.SKIP: "dim",
}


def badge_strip(verdicts: Mapping[int, Verdict], selected: int) -> Text:
    """All badges in one line, for narrow screens."""
    text = Text(no_wrap=True, end="")
    for number, verdict in sorted(verdicts.items()):
        mark = "reverse" if number == selected else ""
        text.append(f"{' ' if number else ''}")
        text.append(f"{number}", mark)
        text.append(f" {verdict.badge.value:<4}", BADGE_STYLES[verdict.badge])
    return text


class Checklist(Widget, can_focus=True):
    """One row a step; the cursor is the selected step."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home,g", "move(-99)", show=False),
        Binding("end,G", "move(99)", show=False),
        Binding("enter", "open", show=False),
    ]

    selected: reactive[int] = reactive(0)

    class Selected(Message):
        """The cursor went to a step."""

        def __init__(self, number: int, opened: bool) -> None:
            super().__init__()
            self.number = number
            self.opened = opened
            """Enter or a click: show its page."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        super().__init__(id="checklist")
        self._titles = titles
        self._verdicts: Mapping[int, Verdict] = {}
        self._tallies: Mapping[int, str] = {}
        self._since: dict[int, float] = {}
        """When each running step began, by the monotonic clock."""
        self.border_title = "Checklist"

    def on_mount(self) -> None:
        """Let the seconds of running steps be seen."""
        self.set_interval(1.0, lambda: self.refresh() if self._since else None)

    def judged(self, verdicts: Mapping[int, Verdict], tallies: Mapping[int, str]) -> None:
        """Show these badges, and a word (``4/6``) at the end of some rows."""
        self._verdicts = verdicts
        self._tallies = tallies
        running = {number for number, verdict in verdicts.items() if verdict.badge is Badge.RUN}
        now = time.monotonic()
        self._since = {number: self._since.get(number, now) for number in running}
        self.refresh()

    def _end(self, number: int) -> str:
        """What stands at the right end of a row."""
        tally = self._tallies.get(number, "")
        seconds = int(time.monotonic() - self._since[number]) if number in self._since else 0
        return (
            f" {tally} {seconds}s" if tally and seconds else f" {tally or (f'{seconds}s' if seconds else '')}"
        )

    def render(self) -> Text:
        """Draw the rows."""
        width = max(self.content_size.width, 10)
        text = Text(no_wrap=True, overflow="ellipsis")
        for number, title in enumerate(self._titles):
            verdict = self._verdicts.get(number)
            badge = verdict.badge if verdict else Badge.WAIT
            row = Text()
            row.append(f"{badge.value:<4}", BADGE_STYLES[badge])
            end = self._end(number).rstrip()
            row.append(f" {number:>2} {title}")
            row.truncate(width - len(end), pad=True)
            row.append(end, "dim")
            if number == self.selected:
                row.stylize("reverse" if self.has_focus else "bold underline")
            text.append_text(row)
            text.append("\n")
        return text

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._select(self.selected + by, opened=False)

    def action_open(self) -> None:
        """Open the selected step's page."""
        self._select(self.selected, opened=True)

    def on_click(self, event: Click) -> None:
        """Open the step under the mouse."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y < len(self._titles):
            self._select(offset.y, opened=True)

    def _select(self, number: int, opened: bool) -> None:
        self.selected = max(0, min(len(self._titles) - 1, number))
        self.post_message(self.Selected(self.selected, opened))
