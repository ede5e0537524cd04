"""The workbench with a coach: the same screen on a recorded case, with one more pane."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from rca.changes import CommandEnded
from rca.diagnosis.model import Confidence
from rca.report.marking import TRAINING
from rca.training.attempt import Phase
from rca.training.coach import NotDueError, shown_hints
from rca.training.desk import TrainingDesk
from tui import layout
from tui.app import Panicdesk
from tui.desk import Told
from tui.screens.training_mark import UNSEEN, MarkScreen
from tui.screens.workbench import Workbench
from tui.widgets.coach import CoachPane
from tui.widgets.coach_text import page
from tui.widgets.crash_pane import CrashPane
from tui.widgets.verdict_strip import header_line

if TYPE_CHECKING:
    from tui.desk import Desk

_KEYS = " F2 coach  m mark  i prompt  c crash  e evidence  f form  ? help  q quit"


class TrainingBench(Workbench):
    """Mount with a training that was not started; whoever made that closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "show('coach')", show=False),
        Binding("m", "mark", show=False),
    ]

    def __init__(self, desk: TrainingDesk, subject: str = "") -> None:
        super().__init__(desk, subject)
        self._training = desk
        self._places: dict[str, int] = {}
        self.coach = CoachPane()

    def on_mount(self) -> None:
        """Put the coach beside the other panes."""
        self.query_one("#body").mount(self.coach)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._draw()
        self.action_show("coach")

    def on_told(self, message: Told) -> None:
        """An answer came: it is the text that one will want to mark."""
        if isinstance(message.change, CommandEnded) and message.change.evidence in self.desk.facts.evidence:
            name = message.change.evidence
            self._places[name] = self._places.pop(name, UNSEEN)

    def _draw(self) -> None:
        super()._draw()
        desk = self._training
        header = header_line(desk.facts, self._subject, desk.form["OS"].text, desk.unsaved)
        self.query_one("#header", Static).update(Text(f" {TRAINING} ", "bold reverse").append(header))
        if self.coach.is_mounted:
            self.coach.show(page(desk.lesson, desk.attempt, desk.score, desk.support))

    def _arrange(self, width: int = 0) -> None:
        """The coach takes the room of the checklist where three panes do not fit, and of the form elsewhere."""
        super()._arrange(width)
        width = width or self.size.width
        self.query_one("#footer", Static).update(_KEYS)
        if layout.narrow(width) or self._zoomed:
            self.coach.display = self._pane == "coach" and not self._zoomed
            return
        self.coach.display = True
        self.checklist.display = layout.wide(width)
        self.query_one("#strip").display = not layout.wide(width)
        self.form.display = self._pane == "form"
        self.query_one("#main").display = self._pane != "form"

    def action_show(self, pane: str) -> None:
        """Go to a pane; where the checklist has no room, to the coach instead."""
        super().action_show(pane)
        if pane == "coach" or (pane == "checklist" and not self.checklist.display):
            self.set_focus(self.coach.choices)

    def action_leave(self) -> None:
        """Leave what is being typed."""
        if self.coach.explanation.display:
            self.coach.close()
        else:
            super().action_leave()

    def action_mark(self) -> None:
        """Mark lines."""
        self.app.push_screen(MarkScreen(self._training, self._places), lambda _: self.action_show("coach"))

    def on_crash_pane_asked(self, event: CrashPane.Asked) -> None:
        """A command that comes before the prediction leads to the question."""
        if self._training.attempt.phase is Phase.PREDICT:
            self.action_show("coach")

    def on_coach_pane_chosen(self, event: CoachPane.Chosen) -> None:
        """Carry out what was chosen."""
        what, _, which = event.id.partition(" ")
        desk = self._training
        try:
            match event.id:
                case "mark":
                    self.action_mark()
                case "hint" if shown_hints(desk.attempt.work, desk.support):
                    self.coach.ask()
                case "hint":
                    desk.hint("")
                case "go on":
                    desk.go_on()
                case "form":
                    self.action_show("form")
                case "hand in":
                    self.save_edits()
                    desk.hand_in_rca()
                case "leave":
                    self.leave_app()
                case _ if what == "predict":
                    desk.predict(int(which))
                case _:
                    desk.hand_in(Confidence(which))
        except NotDueError as error:
            self._say(str(error))

    def on_coach_pane_explained(self, event: CoachPane.Explained) -> None:
        """The next rung."""
        try:
            self._training.hint(event.text)
        except NotDueError as error:
            self._say(str(error))


class TrainingApp(Panicdesk):
    """The application on a training."""

    CSS = Panicdesk.CSS + files("tui").joinpath("training.tcss").read_text(encoding="utf-8")

    def _opened(self, desk: Desk | str) -> None:
        if not isinstance(desk, TrainingDesk):
            super()._opened(desk)
            return
        self.desk = desk
        self.workbench = TrainingBench(desk, self._subject)
        self.push_screen(self.workbench)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The workbench's, and the coach's."""
        yield SystemCommand("Coach", "Go to the coach", partial(self._carry_out, "show('coach')", screen))
        yield SystemCommand("Mark lines", "Mark lines as proof", partial(self._carry_out, "mark", screen))
        yield from super().get_system_commands(screen)
