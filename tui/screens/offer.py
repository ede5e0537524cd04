"""What the evidence now says differently from what a person wrote: line by line, to be taken or left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from rca.report.difference import Change, Sign

_STYLES = {Sign.PUT_IN: "green", Sign.TAKEN_OUT: "red"}


class Offer(ModalScreen[tuple[int, ...] | None]):
    """Ends with the numbers of the changes that are taken, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("a", "take", show=False),
    ]

    def __init__(self, heading: str, changes: Sequence[Change]) -> None:
        super().__init__()
        self._heading = heading
        self._changes = changes

    def compose(self) -> ComposeResult:
        """Lay out: lines that stay as they are cannot be chosen."""
        with Vertical(classes="dialogue"):
            yield Static(f"{self._heading}: what the evidence offers", markup=False)
            yield SelectionList[int](
                *(
                    Selection(
                        Text(str(change), _STYLES.get(change.sign, "dim")),
                        n,
                        disabled=change.sign not in _STYLES,
                    )
                    for n, change in enumerate(self._changes)
                )
            )
            yield Static(
                "Enter marks a line, a takes what is marked, Esc leaves all as it is", classes="hint"
            )

    def action_take(self) -> None:
        """Done."""
        self.dismiss(tuple(self.query_one(SelectionList).selected))
