"""A few lines to choose one from: the commands that are offered for a word, and the like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from parsers.text import visible


class Choice(ModalScreen[str]):
    """Enter gives the chosen one back, Esc nothing."""

    DEFAULT_CSS = """
    Choice { align: center middle; }
    Choice OptionList { width: 90%; max-width: 100; height: auto; max-height: 80%; border: solid $primary;
        background: $background; padding: 0 1; text-wrap: nowrap;
        text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss('')", show=False),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """`rows` are what can be chosen and a few words on each."""
        super().__init__()
        self._title = title
        self._rows = rows
        self._list = OptionList(markup=False)

    def compose(self) -> ComposeResult:
        """Lay out."""
        wide = max((len(name) for name, _ in self._rows), default=0)
        for name, words in self._rows:
            text = Text(f"{visible(name):<{wide}}", "bold", no_wrap=True, overflow="ellipsis")
            self._list.add_option(Option(text.append(f"  {visible(words)}", "not bold dim"), name))
        self._list.border_title = Text(visible(self._title)).markup
        yield self._list
        self._list.highlighted = 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give it back."""
        self.dismiss(str(event.option_id))

    def action_down(self) -> None:
        """Next."""
        self._list.action_cursor_down()

    def action_up(self) -> None:
        """Previous."""
        self._list.action_cursor_up()
