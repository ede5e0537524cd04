"""Marking lines as proof: the text of what was answered, with a cursor."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, Static

from rca.crash.transcript import Transcript
from rca.evidence import Evidence
from rca.training.coach import NotDueError
from rca.training.desk import TrainingDesk
from rca.training.lesson import SAME_TEXT
from tui.widgets.coach_lines import MarkedLines
from tui.widgets.reader import SearchLine

UNSEEN = -1
"""The place in a text where one was not yet."""
_KEYS = " arrows move  Space marks  / search  n N next  Tab other text  Esc done"


class MarkScreen(Screen[None]):
    """Space marks the line under the cursor; Tab goes from text to text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,right_square_bracket", "other(1)", show=False, priority=True),
        Binding("shift+tab,left_square_bracket", "other(-1)", show=False),
        Binding("slash", "search", show=False),
        Binding("n", "hit(1)", show=False),
        Binding("N", "hit(-1)", show=False),
        Binding("escape,q,f2", "leave", show=False),
    ]

    def __init__(self, desk: TrainingDesk, places: dict[str, int]) -> None:
        """`places`: the line where one was in each text; the last one is shown first. It is kept up to date."""
        super().__init__()
        self.desk = desk
        self._places = places
        self._texts = [item for item in desk.facts.evidence.values() if item.lines]
        ids = [item.id for item in self._texts]
        last = next((name for name in reversed(places) if name in ids), "")
        self._at = ids.index(last) if last else 0
        self._shown = Transcript()
        self.view = MarkedLines(lambda: self._shown, self._marked)
        self.search = SearchLine(classes="search", compact=True, placeholder="search")
        self.search.cursor_blink = False

    @property
    def _text(self) -> Evidence:
        return self._texts[self._at]

    @property
    def line(self) -> str:
        """The line under the cursor."""
        return self._text.lines[self.view.hit] if self._texts and self.view.hit >= 0 else ""

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Static(id="mark-title", markup=False)
        yield self.view
        self.search.display = False
        yield self.search
        yield Static(_KEYS, id="footer", markup=False)

    def on_mount(self) -> None:
        """Show the text where one was; a log at first at its end, where its kernel died."""
        self.view.focus()
        self._open()

    def _open(self) -> None:
        if self._texts:
            self._shown = Transcript(list(self._text.lines))
            place = self._places.get(self._text.id, UNSEEN)
            if place == UNSEEN and self._text.id in SAME_TEXT:
                place = len(self._text.lines) - 1
            self.view.stand_at(place)
        self._draw()

    def _draw(self) -> None:
        title = Text(" Nothing was answered yet: Esc, then i, and type a command", no_wrap=True)
        if self._texts:
            title = Text(f" {self._text.id} ", "bold reverse", no_wrap=True, overflow="ellipsis")
            title.append(
                f"  {self._at + 1} of {len(self._texts)}  {len(self.desk.marks)} marked  ",
                "not bold not reverse",
            )
            title.append(self._text.what, "not bold not reverse dim")
        self.query_one("#mark-title", Static).update(title)
        self.view.refresh()

    def _marked(self) -> frozenset[int]:
        return frozenset(line.line - 1 for line in self.desk.marks if line.evidence == self._text.id)

    def on_marked_lines_toggled(self, event: MarkedLines.Toggled) -> None:
        """Mark the line, or take its mark back."""
        try:
            self.desk.mark(self._text.id, event.index + 1)
        except NotDueError as error:
            self.notify(str(error))
        self._draw()

    def action_other(self, by: int) -> None:
        """The next or previous text."""
        if self._texts:
            self._keep()
            self._at = (self._at + by) % len(self._texts)
            self._open()

    def action_search(self) -> None:
        """Open the search line."""
        self.search.display = True
        self.search.value = ""
        self.search.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the first hit."""
        event.stop()
        self._close_search()
        before = self.view.here
        if not self.view.search(event.value):
            self.view.point_at(before)
            self.notify(f"No line holds {event.value}")

    def action_hit(self, by: int) -> None:
        """Another hit."""
        before = self.view.here
        if not self.view.step(by):
            self.view.point_at(before)

    def _close_search(self) -> None:
        self.search.display = False
        self.view.focus()

    def _keep(self) -> None:
        self._places.pop(self._text.id, None)
        self._places[self._text.id] = self.view.here

    def action_leave(self) -> None:
        """Leave the search line, or the screen."""
        if self.search.display:
            self._close_search()
            return
        if self._texts:
            self._keep()
        self.dismiss()
