"""A text of our own making over the workbench: read and searched, then left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from parsers.spans import Marks
from parsers.text import visible
from rca.crash.transcript import Transcript
from tui.widgets.reader import Reader


class Reading(ModalScreen[None]):
    """Esc or q leaves; ``/`` searches."""

    DEFAULT_CSS = """
    Reading { align: center middle; }
    Reading Reader { width: 96%; height: 92%; border: solid $primary; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("slash", "search", show=False),
        Binding("n", "hit(1)", show=False),
        Binding("N", "hit(-1)", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[str], marks: Marks) -> None:
        super().__init__()
        text = Transcript(list(lines))
        self.reader = Reader(lambda: text)
        self.reader.view.marks = marks
        self.reader.border_title = Content(visible(title)).markup

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield self.reader

    def on_mount(self) -> None:
        """Begin at the top."""
        self.reader.view.opened()
        self.reader.view.focus()

    def action_leave(self) -> None:
        """Leave the search line, or the text."""
        if self.reader.search.display:
            self.reader.close_search()
        else:
            self.dismiss()

    def action_search(self) -> None:
        """Open the search line."""
        self.reader.open_search()

    def action_hit(self, by: int) -> None:
        """Another hit."""
        self.reader.view.step(by)
