"""A change to the node that a person agreed to, while it runs and after."""

from __future__ import annotations

import contextlib
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from parsers.text import visible
from rca.changing.plan import Plan
from rca.changing.run import Done
from rca.crash.transcript import Transcript
from tui.desk import Desk
from tui.widgets.checklist import BADGE_STYLES
from tui.widgets.transcript import TranscriptView


class Change(ModalScreen[None]):
    """Its output line by line, then what came of it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "dismiss", show=False)]

    def __init__(self, desk: Desk, plan: Plan) -> None:
        super().__init__()
        self._desk = desk
        self._plan = plan
        self._text = Transcript([visible(f"$ {plan.shown()}")])
        self.view = TranscriptView(lambda: self._text)
        self._state = Static("Running. Esc hides this; the command goes on.", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialogue", id="change"):
            yield Static(visible(self._plan.title), markup=False)
            yield self.view
            yield self._state

    def on_mount(self) -> None:
        """Begin."""
        self.view.grown()
        self._desk.carry_out(
            self._plan,
            lambda lines: self._on_screen(lambda: self._told(lines)),
            lambda done: self._on_screen(lambda: self._ended(done)),
        )

    def _on_screen(self, what: object) -> None:
        with contextlib.suppress(RuntimeError):  # the app has ended
            self.app.call_later(what)  # type: ignore[arg-type]

    def _told(self, lines: tuple[str, ...]) -> None:
        self._text.lines += lines
        if self.is_mounted:
            self.view.grown()

    def _ended(self, done: Done) -> None:
        said = Text(f"{done.verdict.badge.value} ", BADGE_STYLES[done.verdict.badge])
        said.append(visible(f"{done.verdict.summary}. Esc closes this."), "not bold default")
        if self.is_mounted:
            self._state.update(said)
        else:
            self.app.notify(f"{self._plan.title}: {done.verdict.summary}")
