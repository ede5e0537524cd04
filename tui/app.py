"""The workbench: one screen on one investigation. It draws what it is told and passes on what a person asks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import ClassVar, Protocol

from textual.app import App, ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.message import Message
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Static

from rca.changes import Change, Diagnosed, FormChanged, OutputArrived, StepsJudged, TroubleArose
from rca.crash.transcript import Transcript
from rca.report.form import Form
from rca.steps.base import Facts
from rca.steps.registry import STEPS
from rca.verdict import Badge, Verdict
from tui.commands import COMMANDS, bindings, footer
from tui.terminal import plain_colours
from tui.widgets.checklist import Checklist, badge_strip
from tui.widgets.crash_pane import CrashPane
from tui.widgets.form import FormPane
from tui.widgets.step_page import StepPage
from tui.widgets.verdict_strip import header_line, verdict_lines

MIDDLE, WIDE = 120, 180
"""Columns from which there are two panes, and three."""
BREATH = 0.1
"""Seconds between two drawings of a growing transcript."""

CALM = Theme(
    name="panicdesk",
    primary="#7aa2c8",
    secondary="#8fb8a8",
    warning="#d8b46a",
    error="#d77a7a",
    success="#8fb87a",
    accent="#b59ac8",
    foreground="#c8ccd0",
    background="#16191d",
    surface="#1d2126",
    panel="#242930",
    dark=True,
)


class Desk(Protocol):
    """What the workbench needs of an investigation."""

    on_change: Callable[[Change], None]
    verdicts: Mapping[int, Verdict]
    facts: Facts
    form: Form
    transcript: Transcript
    history: tuple[str, ...]

    @property
    def directory(self) -> Path | None: ...
    @property
    def running_session(self) -> bool: ...
    def start(self) -> None: ...
    def type_field(self, name: str, text: str) -> None: ...
    def take_draft(self, name: str) -> None: ...
    def rerun(self, number: int) -> None: ...
    def run_crash(self, command: str) -> str: ...
    def interrupt(self) -> str: ...
    def restart_crash(self) -> None: ...
    def export(self) -> Path: ...
    def markdown(self) -> str: ...


class Told(Message):
    """The investigation says that something changed."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change


class Workbench(App[None]):
    """Construct with an investigation that was not started, then `run()`; whoever made it closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    CSS = files("tui").joinpath("app.tcss").read_text(encoding="utf-8")
    TITLE = "panicdesk"

    def __init__(self, investigation: Desk, title: str = "") -> None:
        super().__init__()
        self.desk = investigation
        self._title = title
        self._pane = "checklist"
        self._main = "crash"
        self._zoomed = ""
        self._drawing = False
        self.checklist = Checklist(tuple(step.title for step in STEPS), investigation.verdicts)
        self.crash = CrashPane(lambda: self.desk.transcript.lines, lambda: tuple(self.desk.history))
        self.page = StepPage()
        self.form = FormPane(investigation.form)

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Static(id="header", markup=False)
        yield Static(id="strip", markup=False)
        with Horizontal(id="body"):
            yield self.checklist
            with Vertical(id="main"):
                yield self.crash
                yield self.page
            yield self.form
        yield Static(id="verdict", markup=False)
        yield Static(f" {footer()}", id="footer", markup=False)

    def on_mount(self) -> None:
        """Draw, then begin."""
        self.register_theme(CALM)
        self.theme = "ansi-dark" if plain_colours() else CALM.name
        self.checklist.focus()
        self._draw()
        self._arrange()
        self.desk.on_change = self._hear
        self.desk.start()

    def on_resize(self, event: Resize) -> None:
        """Other panes fit."""
        self._arrange(event.size.width)

    def _hear(self, change: Change) -> None:
        """Called from the investigation's threads."""
        with contextlib.suppress(RuntimeError):  # the loop is gone
            self.post_message(Told(change))

    def on_told(self, message: Told) -> None:
        """Something changed."""
        match message.change:
            case OutputArrived():
                if not self._drawing:
                    self._drawing = True
                    self.set_timer(BREATH, self._draw_output)
            case FormChanged(form):
                self.form.changed(form)
            case TroubleArose(sentence):
                self.notify(sentence, severity="warning", markup=False)
            case StepsJudged():
                self._draw()
            case Diagnosed():
                self._draw()
                self.crash.reveal_guilty(self.desk.transcript, self.desk.facts)
            case _:
                self._draw()
                self.crash.view.grown()

    def _draw_output(self) -> None:
        self._drawing = False
        self.crash.view.grown()

    def _draw(self) -> None:
        facts, verdicts = self.desk.facts, self.desk.verdicts
        selected = self.checklist.selected
        # App.query_one looks at the top screen, which may be a modal one.
        screen = self.screen_stack[0]
        screen.query_one("#header", Static).update(header_line(facts, self._title))
        screen.query_one("#strip", Static).update(badge_strip(verdicts, selected))
        screen.query_one("#verdict", Static).update(verdict_lines(facts))
        self.checklist.judged(verdicts)
        self.crash.show(facts)
        self.page.show(STEPS[selected], verdicts.get(selected, Verdict(Badge.WAIT, "Not begun")))

    def _arrange(self, width: int = 0) -> None:
        """Decide which panes are seen."""
        width = width or self.size.width
        narrow, wide = width < MIDDLE, width >= WIDE
        pane, alone = self._pane, self._zoomed
        screen = self.screen_stack[0]
        screen.set_class(narrow, "narrow")
        screen.set_class(bool(alone), "zoomed")
        screen.query_one("#strip").display = narrow
        only = alone or (pane if narrow else "")
        self.checklist.display = only in ("", "checklist")
        self.form.display = only == "form" or (not only and (wide or pane == "form"))
        main = only in ("crash", "page") or (not only and (wide or pane != "form"))
        screen.query_one("#main").display = main
        self.crash.display = self._main == "crash"
        self.page.display = self._main == "page"

    def action_show(self, pane: str) -> None:
        """Go to a pane."""
        self._pane = pane
        if pane in ("crash", "page"):
            self._main = pane
        if self._zoomed:
            self._zoomed = pane
        self._arrange()
        target = {"crash": self.crash.view, "page": self.page, "form": self.form.areas["Incident"]}
        target.get(pane, self.checklist).focus()

    def action_step(self, number: int) -> None:
        """Select a step and show its page."""
        self.checklist.selected = number
        self.action_show("page")
        self._draw()

    def on_checklist_selected(self, event: Checklist.Selected) -> None:
        """The cursor moved, or a step was opened."""
        if event.opened:
            self.action_step(event.number)
        else:
            self._draw()

    def action_rerun(self) -> None:
        """Collect the selected step's evidence again."""
        self.desk.rerun(self.checklist.selected)

    def action_restart(self) -> None:
        """Start crash anew."""
        self.desk.restart_crash()

    def action_prompt(self) -> None:
        """Go to crash's prompt."""
        self.action_show("crash")
        self.crash.prompt.focus()

    def action_leave(self) -> None:
        """Leave what is being typed."""
        if self.focused in (self.crash.prompt, self.crash.search):
            self.crash.close_search()
        else:
            self.action_show("checklist")

    def on_crash_pane_asked(self, event: CrashPane.Asked) -> None:
        """Pass a command on."""
        self._say(self.desk.run_crash(event.command))

    def action_interrupt(self) -> None:
        """Ctrl+C: the running command's, never ours."""
        self._say(self.desk.interrupt())

    def action_search(self) -> None:
        """Search the transcript."""
        self.action_show("crash")
        self.crash.open_search()

    def action_hit(self, by: int) -> None:
        """Another hit."""
        if not self.crash.view.step(by):
            self._say("Nothing found; / searches the transcript")

    def on_form_pane_typed(self, event: FormPane.Typed) -> None:
        """Save an edit."""
        self.desk.type_field(event.field, event.text)

    def action_take_draft(self) -> None:
        """Give the focused field back."""
        if name := self.form.focused_field():
            self.form.taken(name)
            self.desk.take_draft(name)

    def _save_edits(self) -> None:
        for name, text in self.form.pending():
            self.desk.type_field(name, text)

    def _exported(self) -> Path | None:
        self._save_edits()
        try:
            return self.desk.export()
        except OSError as error:
            self.notify(f"Not exported: {error}", severity="error", markup=False)
            return None

    def action_export(self) -> None:
        """Write rca.md."""
        if path := self._exported():
            self._say(f"Written to {path}")

    def action_copy(self) -> None:
        """Copy the RCA."""
        from tui.clipboard import copy

        if path := self._exported():
            self._say(copy(self.desk.markdown(), path, self._to_terminal))

    def _to_terminal(self, text: str) -> None:
        if self._driver:
            self._driver.write(text)

    def action_print(self) -> None:
        """Print the RCA on the bare terminal."""
        from textual.app import SuspendNotSupported

        self._save_edits()
        try:
            with self.suspend():
                rule = "─" * 60
                print(f"{rule}\n{self.desk.markdown()}\n{rule}\nEnter returns.")
                with contextlib.suppress(EOFError, KeyboardInterrupt):
                    input()
        except SuspendNotSupported:
            self._say("This terminal cannot be left; x exports the RCA to a file")

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        panes = {"crash": self.crash, "page": self.page, "form": self.form, "checklist": self.checklist}
        focused = self.focused
        now = next((name for name, w in panes.items() if focused and w in focused.ancestors_with_self), "")
        self._zoomed = "" if self._zoomed else now
        self._arrange()

    def action_help(self) -> None:
        """Show all keys."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen())

    async def action_quit(self) -> None:
        """Leave, after a question while crash runs."""
        from tui.screens.help import Confirm

        self._save_edits()
        if not self.desk.running_session:
            self.exit()
        elif not isinstance(self.screen, Confirm):
            self.push_screen(Confirm("A crash session is running. Leave and end it?"), self._leave)

    def _leave(self, yes: bool | None) -> None:
        if yes:
            self.exit()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: the registry's commands."""
        for command in COMMANDS:
            if command.key != "ctrl+q":
                yield SystemCommand(command.label, command.help, partial(self.run_action, command.id))

    def _say(self, sentence: str) -> None:
        if sentence:
            self.notify(sentence, markup=False)
