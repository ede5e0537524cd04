"""Lines with a cursor, of which some are marked as proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from tui.widgets.transcript import TranscriptView

_MARGIN = 2
"""Cells before each line: its mark, and a blank."""


class MarkedLines(TranscriptView):
    """The cursor is the line that a search would have hit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "move(-9999999)", show=False),
        Binding("end,G", "move(9999999)", show=False),
        Binding("space,enter", "mark_line", show=False),
    ]

    class Toggled(Message):
        """A line is to be marked, or not any more."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, lines: Callable[[], list[str]], marked: Callable[[], frozenset[int]]) -> None:
        super().__init__(lines)
        self._marked = marked

    def stand_at(self, index: int) -> None:
        """Another text stands here now: go to this line."""
        self.opened()
        self.point_at(max(0, min(index, len(self._lines()) - 1)))

    def action_move(self, by: int) -> None:
        """Move the cursor; the text follows where it must."""
        self.hit = max(0, min(self.hit + by, len(self._lines()) - 1))
        top, height = self.scroll_offset.y, self.size.height
        if not top <= self.hit < top + height - 1:
            self.scroll_to(
                y=self.hit if self.hit < top else self.hit - height + 2, animate=False, immediate=True
            )
        self.refresh()

    def action_page(self, pages: int) -> None:
        """Move by a screen."""
        self.action_move(pages * max(1, self.size.height - 2))

    def action_mark_line(self) -> None:
        """Mark the line under the cursor, or take its mark back."""
        if self._lines():
            self.post_message(self.Toggled(self.hit))

    def render_line(self, y: int) -> Strip:
        """One visible line with its margin."""
        index = self.scroll_offset.y + y
        sign = "*" if index in self._marked() else ">" if index == self.hit else " "
        width = self.scrollable_content_region.width
        margin = Strip([Segment(f"{sign} ", self.rich_style)], _MARGIN)
        return Strip.join([margin, super().render_line(y).crop(0, width - _MARGIN)])
