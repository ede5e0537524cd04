"""The eleven steps with their badges, as a list and as a one-line strip."""

from __future__ import annotations

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

    def __init__(self, titles: tuple[str, ...], verdicts: Mapping[int, Verdict]) -> None:
        super().__init__(id="checklist")
        self._titles = titles
        self._verdicts = verdicts
        self.border_title = "Checklist"

    def judged(self, verdicts: Mapping[int, Verdict]) -> None:
        """Show these badges."""
        self._verdicts = verdicts
        self.refresh()

    def render(self) -> Text:
        """Draw the rows."""
        width = max(self.content_size.width, 10)
        text = Text(no_wrap=True, overflow="ellipsis")
        for number, title in enumerate(self._titles):
            verdict = self._verdicts.get(number)
            badge = verdict.badge if verdict else Badge.WAIT
            row = Text(f"{badge.value:<4}", BADGE_STYLES[badge])
            row.append(f" {number:>2} {title}", "not dim not bold default")
            row.truncate(width, pad=True)
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
