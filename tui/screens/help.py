"""The help screen, made from the registry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.commands import COMMANDS, MOVES, Command, in_use, shown


def rows(commands: tuple[Command, ...] = COMMANDS) -> list[tuple[str, str]]:
    """All keys and what they do; the digits in one row."""
    steps = ("0-9", "Show a step of the runbook: verdict, proof and remedy")
    return [steps, *((shown(c.key), c.help) for c in commands if not c.key.isdigit()), *MOVES]


def help_table(lines: Iterable[tuple[str, str]]) -> Table:
    """Keys and what they do, in two columns."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column()
    for key, line in lines:
        table.add_row(Text(key), Text(line))
    return table


class HelpScreen(ModalScreen[None]):
    """All keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", show=False)]

    def __init__(self, first: tuple[tuple[str, str], ...] = ()) -> None:
        """`first`: keys that only this workbench has, and what they do; they stand above the others."""
        super().__init__()
        self._first = first

    def compose(self) -> ComposeResult:
        """Lay out."""
        with VerticalScroll(id="help"):
            yield Static("Keys\n", markup=False)
            yield Static(help_table([*self._first, *rows(in_use(self.app))]))
            yield Static("\nEsc closes this.", markup=False)
