"""The workbench: one screen on one investigation. It draws what it is told and passes on what a person asks."""

from __future__ import annotations

import contextlib
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from rca.changes import (
    CaseOpened,
    Change,
    Diagnosed,
    FormChanged,
    NewsCame,
    OutputArrived,
    SessionChanged,
    StepsJudged,
    TroubleArose,
)
from rca.crash.base import SessionState
from rca.report.rendering import PLAIN, with_audit
from rca.steps.registry import STEPS
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict
from tui import dialogues, handout, layout, theme
from tui.commands import bindings, footer
from tui.desk import Desk, Told
from tui.screens.confirm import Confirm
from tui.screens.preview import Preview
from tui.widgets.checklist import Checklist, badge_strip
from tui.widgets.confidence import ConfidenceRow
from tui.widgets.crash_pane import CrashPane
from tui.widgets.evidence_pane import EvidencePane
from tui.widgets.form import FormPane
from tui.widgets.reader import Reader
from tui.widgets.step_page import StepPage
from tui.widgets.verdict_strip import header_line, tallies, verdict_lines

BREATH = 0.2
"""Seconds between two drawings of a growing transcript."""
MAIN = ("crash", "page", "evidence")
"""The panes of which one stands in the middle."""


class Workbench(Screen[None]):
    """Mount with an investigation that was not started; whoever made that closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

    def __init__(self, desk: Desk, subject: str = "") -> None:
        super().__init__()
        self.desk = desk
        self._subject = subject
        self._pane = "checklist"
        self._main = "crash"
        self._zoomed = ""
        self._drawing = False
        self._wish = PLAIN
        self.checklist = Checklist(TITLES)
        self.crash = CrashPane(lambda: self.desk.transcript, lambda: tuple(self.desk.history))
        self.page = StepPage()
        self.evidence = EvidencePane()
        self.form = FormPane(desk.form)

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Static(id="header", markup=False)
        yield Static(id="strip", markup=False)
        with Horizontal(id="body"):
            yield self.checklist
            with Vertical(id="main"):
                yield self.crash
                yield self.page
                yield self.evidence
            yield self.form
        yield Static(id="verdict", markup=False)
        yield Static(id="footer", markup=False)

    def on_mount(self) -> None:
        """Draw, then begin."""
        self.checklist.focus()
        self._draw()
        self._arrange()
        self.crash.reader.view.grown()
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
            case NewsCame(sentence):
                self._say(sentence)
            case TroubleArose(sentence):
                self.notify(sentence, severity="warning", markup=False)
            case SessionChanged(SessionState.DEAD, last_word):
                self._draw()
                self.crash.reader.view.grown()
                self.notify(
                    f"crash has ended: {last_word}. R starts it again.", severity="warning", markup=False
                )
            case CaseOpened():
                self._return()
            case StepsJudged():
                self._draw()
            case Diagnosed():
                self._draw()
                self.crash.reveal_guilty(self.desk.transcript, self.desk.facts)
            case _:
                self._draw()
                self.crash.reader.view.grown()

    def _draw_output(self) -> None:
        self._drawing = False
        self.crash.reader.view.grown()

    def _return(self) -> None:
        """Go where the case was left, unless the person has already gone somewhere."""
        step, pane = self.desk.place.get("step"), self.desk.place.get("pane")
        if self.checklist.selected == 0 and isinstance(step, int):
            self.checklist.selected = min(max(step, 0), len(TITLES) - 1)
        if self._pane == "checklist" and pane in (*MAIN, "form"):
            self.action_show(str(pane))
        self.form.changed(self.desk.form)
        self._draw()
        self.crash.reader.view.grown()

    def _draw(self) -> None:
        facts, verdicts = self.desk.facts, self.desk.verdicts
        selected = self.checklist.selected
        header = header_line(facts, self._subject, self.desk.form["OS"].text, self.desk.unsaved)
        self.query_one("#header", Static).update(header)
        self.query_one("#strip", Static).update(badge_strip(verdicts, selected))
        self.query_one("#verdict", Static).update(verdict_lines(facts))
        self.checklist.judged(verdicts, tallies(facts))
        self.crash.show(facts)
        self.evidence.show(with_audit(facts, self.desk.directory) if self._main == "evidence" else facts)
        self.page.show(STEPS[selected], verdicts.get(selected, Verdict(Badge.WAIT, "Not begun")))

    def _show_evidence(self) -> None:
        """The audit is read only for who looks at the evidence."""
        facts = self.desk.facts
        self.evidence.show(with_audit(facts, self.desk.directory) if self._main == "evidence" else facts)

    def _arrange(self, width: int = 0) -> None:
        """Decide which panes are seen."""
        width = width or self.size.width
        narrow, wide = layout.narrow(width), layout.wide(width)
        pane, alone = self._pane, self._zoomed
        self.set_class(narrow, "narrow")
        self.set_class(not narrow and not wide, "middle")
        self.set_class(bool(alone), "zoomed")
        self.query_one("#strip").display = narrow
        self.query_one("#footer", Static).update(footer(width))
        only = alone or (pane if narrow else "")
        self.checklist.display = only in ("", "checklist")
        self.form.display = only == "form" or (not only and (wide or pane == "form"))
        self.query_one("#main").display = only in MAIN or (not only and (wide or pane != "form"))
        for name, widget in zip(MAIN, (self.crash, self.page, self.evidence), strict=True):
            widget.display = self._main == name

    def action_show(self, pane: str) -> None:
        """Go to a pane."""
        self._pane = pane
        if pane in MAIN:
            self._main = pane
            self._show_evidence()
        if self._zoomed:
            self._zoomed = pane
        self._arrange()
        target = {
            "crash": self.crash.reader.view,
            "page": self.page,
            "evidence": self.evidence.names,
            "form": self.form.areas["Incident"],
        }
        self.set_focus(target.get(pane, self.checklist))
        self._stand()

    def _stand(self) -> None:
        self.desk.stand_at(self.checklist.selected, self._pane)

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
            self._stand()

    def action_proof(self) -> None:
        """Show the line that the field being edited, or the selected step, rests on."""
        citations = self.form.focused_citations()
        if not citations:
            verdict = self.desk.verdicts.get(self.checklist.selected)
            citations = verdict.citations if verdict else ()
        if not citations:
            self._say("Nothing is cited here")
            return
        self.action_show("evidence")
        self.evidence.open_at(citations[0])

    def action_rerun(self) -> None:
        """Collect the selected step's evidence again."""
        number = self.checklist.selected
        if number == 5:
            self.action_restart()
            return
        self.desk.rerun(number)
        self._say(f"Step {number}: collecting its evidence again")

    def action_decide(self) -> None:
        """A person's own verdict for the selected step."""
        self.run_worker(dialogues.decide(self.app, self.desk, self.checklist.selected))

    def action_dumps(self) -> None:
        """Another dump."""
        self.run_worker(dialogues.pick_dump(self.app, self.desk))

    def action_mend(self) -> None:
        """A change to the node, after a question."""
        self.run_worker(dialogues.mend(self.app, self.desk))

    def action_restart(self) -> None:
        """Start crash anew."""
        if self.desk.running_session:
            self.app.push_screen(Confirm("End the crash session and start another?"), self._restart)
        else:
            self.desk.restart_crash()

    def _restart(self, yes: bool | None) -> None:
        if yes:
            self.desk.restart_crash()

    def action_prompt(self) -> None:
        """Go to crash's prompt."""
        self.action_show("crash")
        self.set_focus(self.crash.prompt)

    def action_leave(self) -> None:
        """Leave what is being typed."""
        for pane in (self.crash, self.evidence):
            if self.focused and pane in self.focused.ancestors:
                pane.reader.close_search()
                if self.focused is not pane.reader.view:
                    self.set_focus(pane.reader.view)
                    return
        self.action_show("checklist")

    def on_crash_pane_asked(self, event: CrashPane.Asked) -> None:
        """Pass a command on."""
        if refused := self.desk.run_crash(event.command):
            self._say(refused)
            self.crash.prompt.value = event.command
            self.crash.prompt.cursor_position = len(event.command)

    def action_interrupt(self) -> None:
        """Ctrl+C: the running command's, never ours."""
        running = self.desk.facts.crash.state is SessionState.BUSY
        self._say(self.desk.interrupt() if running else "No crash command is running; q leaves")

    def action_search(self) -> None:
        """Search the text in the middle."""
        self.action_show("evidence" if self._main == "evidence" else "crash")
        self._reader().open_search()

    def action_hit(self, by: int) -> None:
        """Another hit."""
        if not self._reader().view.step(by):
            self._say("Nothing found; / searches the text in the middle")

    def action_block(self, by: int) -> None:
        """Go to the next or previous crash command."""
        self.action_show("crash")
        self.crash.to_block(by)

    def _reader(self) -> Reader:
        return self.evidence.reader if self._main == "evidence" else self.crash.reader

    def on_form_pane_typed(self, event: FormPane.Typed) -> None:
        """Save an edit."""
        self.desk.type_field(event.field, event.text)

    def on_confidence_row_chosen(self, event: ConfidenceRow.Chosen) -> None:
        """Save a person's confidence."""
        self.desk.set_confidence(event.confidence)

    def action_take_draft(self) -> None:
        """Give the focused field back."""
        if name := self.form.focused_field():
            self.form.taken(name)
            self.desk.take_draft(name)

    def save_edits(self) -> None:
        """Save what was typed and still waits."""
        for name, text in self.form.pending():
            self.desk.type_field(name, text)

    def action_export(self) -> None:
        """Write rca.md."""
        self.save_edits()
        if path := handout.write(self.app, self.desk):
            self._say(f"Written to {path}")

    def action_copy(self) -> None:
        """Copy the RCA."""
        self.save_edits()
        handout.to_clipboard(self.app, self.desk)

    def action_preview(self) -> None:
        """The RCA as it would leave."""
        self.save_edits()
        preview = Preview(self.desk, self._wish)

        def kept(_: None) -> None:
            self._wish = preview.wish

        self.app.push_screen(preview, kept)

    def action_offer(self) -> None:
        """What the evidence offers for the field that is being edited."""
        if name := self.form.focused_field():
            self.save_edits()
            self.run_worker(dialogues.offer(self.app, self.desk, name))

    def action_print(self) -> None:
        """Print the RCA on the bare terminal."""
        self.save_edits()
        handout.to_terminal(self.app, self.desk)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        panes = dict(zip(MAIN, (self.crash, self.page, self.evidence), strict=True))
        every = {**panes, "form": self.form, "checklist": self.checklist}
        focused = self.focused
        now = next((name for name, w in every.items() if focused and w in focused.ancestors_with_self), "")
        self._zoomed = "" if self._zoomed else now
        self._arrange()

    def action_theme(self) -> None:
        """The next colours."""
        self.app.theme = theme.after(self.app.theme)

    def action_help(self) -> None:
        """Show all keys."""
        from tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def leave_app(self) -> None:
        """Leave, after a question while crash runs."""
        self.save_edits()
        doubts = [f"{self.desk.unsaved}."] if self.desk.unsaved else []
        doubts += (
            ["A crash session is running; it ends with this window."] if self.desk.running_session else []
        )
        if not doubts:
            self.app.exit()
        elif not isinstance(self.app.screen, Confirm):
            self.app.push_screen(Confirm(" ".join([*doubts, "Leave?"])), self._leave)

    def _leave(self, yes: bool | None) -> None:
        if yes:
            self.app.exit()

    def _say(self, sentence: str) -> None:
        if sentence:
            self.notify(sentence, markup=False)
