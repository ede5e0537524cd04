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
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from rca.changes import CommandEnded
from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.report.marking import TRAINING
from rca.training.attempt import Phase
from rca.training.coach import NotDueError, shown_hints
from rca.training.desk import TrainingDesk
from tui import layout
from tui.app import Panicdesk
from tui.coach_keys import COACH_KEYS, training_footer
from tui.desk import Told
from tui.screens.confirm import Confirm
from tui.screens.help import HelpScreen
from tui.screens.training_mark import UNSEEN, MarkScreen
from tui.screens.workbench import Workbench
from tui.widgets.coach import CoachPane
from tui.widgets.coach_text import page
from tui.widgets.crash_pane import CrashPane
from tui.widgets.footer_line import FooterLine
from tui.widgets.verdict_strip import header_line

if TYPE_CHECKING:
    from tui.desk import Desk


class TrainingBench(Workbench):
    """Of a training that was begun, as the Workbench of an investigation.

    Textual calls a message's handler of every class it finds: `on_mount` and `on_told` come beside the Workbench's own.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "show('coach')", show=False),
        Binding("m", "mark", show=False, priority=True),
    ]

    def __init__(self, desk: TrainingDesk, subject: str = "") -> None:
        super().__init__(desk, subject)
        self._training = desk
        self._places: dict[str, int] = {}
        self.coach = CoachPane()
        self.footer = FooterLine(lambda _, commands: training_footer(self.place.pane, commands), "F2 coach")

    def on_mount(self) -> None:
        """Put the coach beside the other panes."""
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        await self.query_one("#body").mount(self.coach)
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
        """The strip stands for a checklist that has no room."""
        super()._arrange(width)
        width = width or self.size.width
        self.query_one("#strip").display = not layout.wide(width)

    def panes(self) -> dict[str, Widget]:
        """The coach is one."""
        return {**super().panes(), "coach": self.coach}

    def seen(self, columns: int) -> frozenset[str]:
        """The coach is always among them where two fit."""
        return self.place.beside_coach(columns)

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where text is being typed, an m is a letter; elsewhere it marks proof, in the transcript, too."""
        return action != "mark" or not isinstance(self.focused, (Input, TextArea))

    def action_mark(self) -> None:
        """Mark lines, beginning at the one under the cursor."""
        if self.focused is self.crash.reader.view and (here := self.crash.marked()):
            self._stand_in(here[0])
        self.app.push_screen(MarkScreen(self._training, self._places), lambda _: self.action_show("coach"))

    def _stand_in(self, here: Citation) -> None:
        """Open the text that holds a line of the transcript, where it says the same: a filter leaves lines out."""
        if here.evidence not in self.desk.facts.evidence:
            return
        lines = [line.strip() for line in self.desk.facts.evidence[here.evidence].lines]
        said = here.line - 1
        if lines[said : said + 1] != [here.text] and here.text in lines:
            said = lines.index(here.text)
        self._places.pop(here.evidence, None)
        self._places[here.evidence] = said

    def action_begin_anew(self) -> None:
        """Forget this attempt, after a question."""
        question = "Forget this attempt, with its marks and its RCA, and begin the lesson anew?"
        self.app.push_screen(Confirm(question), self._begin_anew)

    def _begin_anew(self, yes: bool | None) -> None:
        if yes:
            self._then("again")
            self.app.exit()

    def _then(self, what: str) -> None:
        if isinstance(self.app, TrainingApp):
            self.app.then = what

    def action_help(self) -> None:
        """Show all keys, the coach's first."""
        self.app.push_screen(HelpScreen(COACH_KEYS))

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
                    self._then("list")
                    self.leave_app()
                case "again":
                    self.action_begin_anew()
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

    then = ""
    """What the person left for: ``again``, this lesson anew; ``list``, another lesson; nothing."""

    def workbench_on(self, desk: Desk) -> Workbench:
        """With the coach, where the desk is a training's."""
        return (
            TrainingBench(desk, self._subject)
            if isinstance(desk, TrainingDesk)
            else super().workbench_on(desk)
        )

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The workbench's, and the coach's."""
        yield SystemCommand("Coach", "Go to the coach", partial(self._carry_out, "show('coach')", screen))
        yield SystemCommand("Mark lines", "Mark lines as proof", partial(self._carry_out, "mark", screen))
        yield SystemCommand(
            "Begin anew", "Forget this attempt, after a yes", partial(self._carry_out, "begin_anew", screen)
        )
        yield from super().get_system_commands(screen)
