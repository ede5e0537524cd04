"""One line of the form: how sure the RCA is, as the evidence or a person says."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from rca.diagnosis.model import Confidence
from rca.report.form import UNKNOWN, Form

_LEVELS = tuple(Confidence)


class ConfidenceRow(Widget, can_focus=True):
    """Left and right choose another level."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "choose(-1)", show=False),
        Binding("right,space", "choose(1)", show=False),
        Binding("escape", "screen.leave", show=False),
    ]

    class Chosen(Message):
        """A person states how sure the RCA is."""

        def __init__(self, confidence: Confidence) -> None:
            super().__init__()
            self.confidence = confidence

    def __init__(self, form: Form) -> None:
        super().__init__(id="confidence")
        self._form = form

    def changed(self, form: Form) -> None:
        """Follow the form."""
        self._form = form
        self.refresh()

    def render(self) -> Text:
        """Draw the line."""
        form = self._form
        text = Text("Confidence  ", "bold", no_wrap=True, overflow="ellipsis")
        word = form.confidence.value if form.confidence else UNKNOWN
        text.append(
            f"< {word} >" if self.has_focus else word, "not bold reverse" if self.has_focus else "not bold"
        )
        if form.confidence:
            text.append(
                *(
                    ("  yours", "not bold cyan")
                    if form.confidence_by_person
                    else ("  by evidence", "not bold green")
                )
            )
        if self.has_focus:
            text.append("  left and right change it", "not bold dim")
        return text

    def action_choose(self, by: int) -> None:
        """Another level."""
        now = self._form.confidence
        at = _LEVELS.index(now) if now else len(_LEVELS) - 1
        self.post_message(self.Chosen(_LEVELS[(at + by) % len(_LEVELS)]))
