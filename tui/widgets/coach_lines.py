"""Lines with a cursor, of which some are marked as proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from rca.crash.transcript import Transcript
from tui.widgets.transcript import TranscriptView

_MARGIN = 2
"""Cells before each line: the cursor's, and the mark's."""


class MarkedLines(TranscriptView):
    """A text with a margin; space or Enter marks the line under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "mark_line", show=False)]

    class Toggled(Message):
        """A line is to be marked, or not any more."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, text: Callable[[], Transcript], proof: Callable[[], frozenset[int]]) -> None:
        """`proof`: the lines that are marked, from 0."""
        super().__init__(text)
        self._proof = proof

    def stand_at(self, index: int) -> None:
        """Another text stands here now: go to this line."""
        self.opened()
        self.point_at(max(0, min(index, len(self._transcript().lines) - 1)))

    def action_mark_line(self) -> None:
        """Mark the line under the cursor, or take its mark back."""
        if self._transcript().lines:
            self.post_message(self.Toggled(self.here))

    def render_line(self, y: int) -> Strip:
        """One visible line with its margin."""
        index = self.scroll_offset.y + y
        cursor, proof = ">" if index == self.here else " ", "*" if index in self._proof() else " "
        width = self.scrollable_content_region.width
        margin = Strip([Segment(cursor + proof, self.rich_style)], _MARGIN)
        return Strip.join([margin, super().render_line(y).crop(0, width - _MARGIN)])
