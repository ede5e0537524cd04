"""Text that is read and searched: a view of lines, with a search line that opens below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from rca.crash.transcript import Transcript
from tui.widgets.transcript import TranscriptView


class SearchLine(Input):
    """Where the search text is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "screen.leave", show=False)]


class Reader(Vertical):
    """A `TranscriptView` that can be searched."""

    def __init__(
        self, transcript: Callable[[], Transcript], elsewhere: Callable[[str], str] = lambda _: ""
    ) -> None:
        """`elsewhere` names another text that holds what this one does not, or gives nothing."""
        super().__init__(classes="reader")
        self._elsewhere = elsewhere
        self.view = TranscriptView(transcript)
        self.search = SearchLine(classes="search", compact=True, placeholder="search")
        self.search.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield self.view
        self.search.display = False
        yield self.search

    def open_search(self) -> None:
        """Show the search line."""
        self.search.display = True
        self.search.value = ""
        self.screen.set_focus(self.search)

    def close_search(self) -> None:
        """Back to the text."""
        if self.search.display:
            self.search.display = False
            self.screen.set_focus(self.view)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the first hit."""
        event.stop()
        self.close_search()
        if not self.view.search(event.value):
            other = self._elsewhere(event.value)
            self.notify(f"No line holds {event.value}{f'; {other} does' if other else ''}")
