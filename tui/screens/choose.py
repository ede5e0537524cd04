"""Choosing one of several things, and saying something in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static


class Choose(ModalScreen[int | None]):
    """Ends with the number of the chosen row, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, question: str, rows: Sequence[Text], chosen: int = 0) -> None:
        super().__init__()
        self._question = question
        self._rows = rows
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialogue"):
            yield Static(self._question, markup=False)
            rows = OptionList(*self._rows, compact=True, markup=False)
            rows.highlighted = self._chosen
            yield rows
            yield Static("Enter chooses, Esc leaves it as it is", classes="hint", markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Done."""
        self.dismiss(event.option_index)

    def action_down(self) -> None:
        """As less does."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """As less does."""
        self.query_one(OptionList).action_cursor_up()


class Say(ModalScreen[str | None]):
    """Ends with the line that was typed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialogue"):
            yield Static(self._question, markup=False)
            line = Input(compact=True)
            line.cursor_blink = False
            yield line

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Done."""
        self.dismiss(event.value)
