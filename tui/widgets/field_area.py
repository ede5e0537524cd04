"""The text of one field of the form: a letter before each line says where its words come from."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import TextArea

from rca.report.form import Field
from rca.report.sentences import Origin, Sentence, one_line

HEIGHTS = {"Incident": 2, "OS": 1, "Kernel": 1, "Time": 1, "Root Cause": 4, "Evidence": 8}
_GUTTER = 2
"""Cells before the text: the letter and a blank."""
_MEANINGS = {
    Origin.FACT: "read off the lines cited",
    Origin.INFERENCE: "concluded",
    Origin.AUTHOR: "the author's own words",
}


class FieldArea(TextArea):
    """F before a fact, I before an inference, A before the author's own words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.leave", show=False),
        Binding("ctrl+up", "move_line(-1)", show=False),
        Binding("ctrl+down", "move_line(1)", show=False),
    ]

    def __init__(self, field: Field) -> None:
        self._known = field.known
        super().__init__(field.text, soft_wrap=True, tab_behavior="focus", compact=True)
        self.cursor_blink = False
        self.field = field
        self.given = field.text
        """The text that the form is known to hold."""
        self.sent: str | None = None
        """A person's text on its way into the form: older news of the form must not overwrite it."""
        self.styles.height = HEIGHTS.get(field.name, 3)

    @property
    def gutter_width(self) -> int:
        """Cells to the left of the text."""
        return _GUTTER

    def render_line(self, y: int) -> Strip:
        """The line with its letter, which only the first of its rows has where it is wrapped."""
        strip = super().render_line(y)
        row = y + self.scroll_offset.y
        letter = ""
        if row < self.wrapped_document.height:
            number, column = self.wrapped_document.offset_to_location(Offset(0, row))
            line = self.document.get_line(number)
            letter = self._of(line).origin[0] if column == 0 and line.strip() else ""
        text = strip.crop(0, max(0, self.size.width - _GUTTER))
        return Strip.join([Strip([Segment(f"{letter:<{_GUTTER}}", self.rich_style)], _GUTTER), text])

    def follow(self, field: Field) -> None:
        """Take a newer state of the field; the text stays."""
        self.field = field
        self._known = field.known
        self.refresh()

    @property
    def here(self) -> Sentence:
        """The line under the cursor with its provenance."""
        return self._of(self.document.get_line(self.cursor_location[0]))

    @property
    def provenance(self) -> str:
        """The same in words."""
        said = self.here
        if not said.text.strip():
            return ""
        where = f"line {self.cursor_location[0] + 1} of {self.document.line_count}"
        proof = "".join(f" {cited}" for cited in said.citations)
        reason = f", because {said.reason}" if said.reason else ""
        return f"{said.origin} ({where}): {_MEANINGS[said.origin]}{reason}{'; cites' if proof else ''}{proof}"

    def action_move_line(self, by: int) -> None:
        """Move the line under the cursor; undo takes it back."""
        row, column = self.cursor_location
        lines = self.text.split("\n")
        if 0 <= row + by < len(lines):
            lines.insert(row + by, lines.pop(row))
            self.replace("\n".join(lines), (0, 0), self.document.end)
            self.cursor_location = (row + by, column)

    @property
    def edited(self) -> bool:
        """Whether a person's change is not yet saved."""
        return self.text != self.given

    def _of(self, line: str) -> Sentence:
        return one_line(line, self._known)
