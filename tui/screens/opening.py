"""The first frame: drawn before anything of the case is loaded, and laid out as the workbench that follows it."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from parsers.text import visible
from rca.steps.titles import TITLES
from tui.commands import footer
from tui.layout import narrow
from tui.widgets.checklist import Checklist


class OpeningScreen(Screen[None]):
    """Shown while the case is being opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "app.quit", show=False)]

    def __init__(self, subject: str) -> None:
        super().__init__()
        self._subject = subject

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Static(Text(visible(f" panicdesk  {self._subject}"), "bold", no_wrap=True), id="header")
        with Horizontal(id="body"):
            yield Checklist(TITLES)
            main = Vertical(id="crash")
            main.border_title = "crash session ─ opening the case"
            main.display = not narrow(self.app.size.width)
            yield main
        yield Static("", id="verdict")
        yield Static(footer(self.app.size.width), id="footer", markup=False)
