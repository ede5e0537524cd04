"""What the machine has and lacks, shown where a node has no dump to open; offers the recorded case instead."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static


class DoctorScreen(ModalScreen[bool]):
    """Dismissed with whether the demo is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "dismiss(True)", show=False),
        Binding("escape,q,enter", "dismiss(False)", show=False),
    ]

    def __init__(self, advice: str) -> None:
        super().__init__()
        self._advice = advice

    def compose(self) -> ComposeResult:
        """Lay out."""
        said = (
            f"No dump was found on this node.\n\nd  open the demo    Esc  stay on this node\n\n{self._advice}"
        )
        with VerticalScroll(id="doctor"):
            yield Static(said, markup=False)
