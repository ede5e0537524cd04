"""The help screen, made from the registry."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.commands import COMMANDS, MOVES, Command, shown


def help_text(commands: tuple[Command, ...] = COMMANDS) -> Text:
    """All keys and what they do."""
    text = Text("Keys\n\n", "bold")
    rows = [(shown(c.key), c.help) for c in commands]
    for key, line in [*rows, *MOVES]:
        text.append(f"{key:>16}", "bold")
        text.append(f"  {line}\n")
    text.append("\nEsc closes this.")
    return text


class HelpScreen(ModalScreen[None]):
    """All keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", show=False)]

    def compose(self) -> ComposeResult:
        """Lay out."""
        with VerticalScroll(id="help"):
            yield Static(help_text(getattr(self.app, "commands", COMMANDS)), markup=False)
