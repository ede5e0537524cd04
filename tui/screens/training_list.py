"""All scenarios, to choose one from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui import theme
from tui.plain_app import PlainApp
from tui.trainings import Row, columns


class ScenarioList(PlainApp):
    """`run()` returns the name of the scenario that was chosen, or None."""

    TITLE = "panicdesk"
    CSS = """
    #header { height: 1; background: $panel; }
    #scenarios { height: 1fr; border: none; background: $background; }
    #footer { height: 1; color: $text-muted; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,ctrl+q", "quit", show=False),
        Binding("j", "move('down')", show=False),
        Binding("k", "move('up')", show=False),
    ]

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Static(Text(" panicdesk  training", "bold"), id="header")
        yield OptionList(
            *(Option(_words(row, self._rows), row.name) for row in self._rows), id="scenarios", markup=False
        )
        yield Static(" arrows choose  Enter opens  q quit     * easy  *** hard", id="footer", markup=False)

    def on_mount(self) -> None:
        """Choose the colours; begin at the first that is not done."""
        self.register_theme(theme.DARK)
        self.theme = theme.OWN if self.plain else theme.DARK.name
        names = self.query_one(OptionList)
        due = (n for n, row in enumerate(self._rows) if not row.problem and not row.state.startswith("done"))
        names.highlighted = next(due, 0)
        names.focus()

    def action_move(self, where: str) -> None:
        """Move the cursor."""
        names = self.query_one(OptionList)
        names.action_cursor_down() if where == "down" else names.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it, if it can be opened."""
        row = self._rows[event.option_index]
        if row.problem:
            self.notify(row.problem, severity="warning")
        else:
            self.exit(row.name)


def _words(row: Row, among: Sequence[Row]) -> Table:
    """In columns, so that a long title goes on below itself."""
    name, facts, title = columns(row, among)
    line = Table.grid()
    style = "yellow" if row.problem else ""
    line.add_row(Text(name, "bold", no_wrap=True), Text(facts, no_wrap=True), Text(title, style))
    return line
