"""The workbench: one screen on one investigation. It draws what it is told and passes on what a person asks."""

from __future__ import annotations

import contextlib
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from rca.changes import (
    CaseOpened,
    Change,
    Diagnosed,
    FormChanged,
    NewsCame,
    OutputArrived,
    SessionChanged,
    TroubleArose,
)
from rca.crash.base import SessionState
from rca.passages import Passage
from rca.report.preferences import redacts
from rca.report.rendering import PLAIN, Wish, with_audit
from rca.steps.registry import STEPS
from rca.steps.titles import CAUSE, TITLES
from rca.verdict import Badge, Verdict
from tui import dialogues, handout, layout, theme
from tui.commands import bindings, footer
from tui.desk import Desk, Told
from tui.screens.preview import Preview
from tui.widgets.checklist import Checklist, badge_strip
from tui.widgets.confidence import ConfidenceRow
from tui.widgets.crash_pane import CrashPane
from tui.widgets.evidence_pane import EvidencePane
from tui.widgets.footer_line import FooterLine
from tui.widgets.form import FormPane
from tui.widgets.step_page import StepPage
from tui.widgets.verdict_strip import header_line, tallies, verdict_lines


class Workbench(Screen[None]):
    """Of an investigation that was begun, and that `hear` listens to; whoever made that closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

    def __init__(self, desk: Desk, subject: str = "") -> None:
        super().__init__()
        self.desk = desk
        self._subject = subject
        self.place = layout.Place()
        self._drawing = False
        self._wish = Wish(redact=redacts(PLAIN.format))
        """How the RCA leaves: as the preview last had it."""
        self.checklist = Checklist(TITLES)
        self.crash = CrashPane(lambda: desk.transcript, lambda: desk.history, desk.symbols)
        self.page = StepPage()
        self.evidence = EvidencePane()
        self.form = FormPane(desk.form)
        self.footer = FooterLine(footer)

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
        yield self.footer

    def on_mount(self) -> None:
        """Draw what there is."""
        self.set_focus(self.checklist)
        self._draw()
        self._arrange()
        self.crash.reader.view.grown()

    def on_resize(self, event: Resize) -> None:
        """Other panes fit."""
        self._arrange(event.size.width)

    def hear(self, change: Change) -> None:
        """The desk says something, on any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is gone
            self.post_message(Told(change))

    def on_told(self, message: Told) -> None:
        """Something changed."""
        match message.change:
            case OutputArrived():
                if not self._drawing:
                    self._drawing = True
                    self.set_timer(self.crash.reader.view.breath, self._draw_output)
            case FormChanged(form):
                self.form.changed(form)
            case NewsCame(sentence):
                self._say(sentence)
            case TroubleArose(sentence):
                self._warn(sentence)
            case SessionChanged(SessionState.DEAD, last_word):
                self._draw()
                self.crash.reader.view.grown()
                self._warn(f"crash has ended: {last_word}. R starts it again.")
            case CaseOpened():
                self._return()
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
        """Go where the case was left, unless the person has gone somewhere already; never into a field."""
        step, pane = self.desk.place.get("step"), self.desk.place.get("pane")
        if self.checklist.selected == 0 and isinstance(step, int):
            self.checklist.selected = min(max(step, 0), len(TITLES) - 1)
        if self.place.pane == "checklist" and pane in (*layout.MAIN, "form"):
            self.action_show(str(pane))
        self.form.changed(self.desk.form)
        self.form.opened()
        self._draw()
        self.crash.reader.view.grown()

    def _draw(self) -> None:
        facts, verdicts = self.desk.facts, self.desk.verdicts
        selected = self.checklist.selected
        header = header_line(facts, self._subject, self.desk.form["OS"].text, self.desk.unsaved)
        self.query_one("#header", Static).update(header)
        self.query_one("#strip", Static).update(badge_strip(verdicts, selected))
        self.query_one("#verdict", Static).update(verdict_lines(facts, verdicts.get(CAUSE)))
        self.checklist.judged(verdicts, tallies(facts))
        self.crash.show(facts)
        self._show_evidence()
        self.page.show(STEPS[selected], verdicts.get(selected, Verdict(Badge.WAIT, "Not begun")))

    def _show_evidence(self) -> None:
        """The audit is read only for who looks at the evidence."""
        facts = self.desk.facts
        self.evidence.show(with_audit(facts, self.desk.directory) if self.place.main == "evidence" else facts)

    def _arrange(self, width: int = 0) -> None:
        """Decide which panes are seen."""
        width = width or self.size.width
        seen = self.seen(width)
        self.set_class(layout.narrow(width), "narrow")
        self.set_class(not layout.narrow(width) and not layout.wide(width), "middle")
        self.set_class(bool(self.place.zoomed), "zoomed")
        self.query_one("#strip").display = layout.narrow(width)
        self.footer.tell()
        self.query_one("#main").display = not seen.isdisjoint(layout.MAIN)
        for name, widget in self.panes().items():
            widget.display = name in seen

    def panes(self) -> dict[str, Widget]:
        """Every pane by its name."""
        main = {"crash": self.crash, "page": self.page, "evidence": self.evidence}
        return {"checklist": self.checklist, **main, "form": self.form}

    def seen(self, columns: int) -> frozenset[str]:
        """The names of the panes that fit."""
        return self.place.seen(columns)

    def action_show(self, pane: str) -> None:
        """Go to a pane."""
        self.place = self.place.at(pane)
        if pane in layout.MAIN:
            self._show_evidence()
        self._arrange()
        target = {
            "crash": self.crash.reader.view,
            "page": self.page,
            "evidence": self.evidence.names,
            "form": self.form.entry,
        }
        self.set_focus(target.get(pane, self.checklist))
        self._stand()

    def _stand(self) -> None:
        self.desk.stand_at(self.checklist.selected, self.place.pane)

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
        verdict = self.desk.verdicts.get(self.checklist.selected)
        written = self.form.focused_citations()
        citations = written or (verdict.citations if verdict else ())
        if not citations:
            self._say("Nothing is cited here")
            return
        held = with_audit(self.desk.facts, self.desk.directory).evidence
        cited = next((one for one in citations if one.evidence in held), citations[0])
        if written and self.crash.show_citation(cited):
            self.action_show("crash")
            return
        self.action_show("evidence")
        self.evidence.open_at(cited)

    def action_rerun(self) -> None:
        """Collect the selected step's evidence again."""
        self.run_worker(dialogues.rerun(self.app, self.desk, self.checklist.selected))

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
        self.run_worker(dialogues.restart(self.app, self.desk))

    def action_safe(self) -> None:
        """Safe mode off for this case, or on."""
        self.run_worker(dialogues.switch_safe(self.app, self.desk))

    def action_attach(self) -> None:
        """crash in the bare terminal."""
        self.run_worker(dialogues.attach(self.app, self.desk))

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
        self.action_show("evidence" if self.place.main == "evidence" else "crash")
        self._text().reader.open_search()

    def action_hit(self, by: int) -> None:
        """Another hit."""
        if not self._text().reader.view.step(by):
            self._say("Nothing found; / searches the text in the middle")

    def action_block(self, by: int) -> None:
        """Go to the next or previous crash command."""
        self.action_show("crash")
        self.crash.to_block(by)

    def _text(self) -> CrashPane | EvidencePane:
        return self.evidence if self.place.main == "evidence" else self.crash

    def _taken(self) -> Passage | None:
        text = self._text()
        passage = text.passage()
        text.reader.view.unmark()
        return passage

    def action_copy_lines(self) -> None:
        """Copy the marked lines, or the whole text under the cursor."""
        self.run_worker(handout.copy_lines(self.app, self.desk, self._taken()))

    def action_export_lines(self) -> None:
        """Write them to a file."""
        self.run_worker(handout.write_lines(self.app, self.desk, self._taken()))

    def action_cite(self) -> None:
        """Put the marked lines, or the one under the cursor, into the form."""
        self._say(handout.cite(self._text().marked(), self.form))
        self._text().reader.view.unmark()

    def on_form_pane_typed(self, event: FormPane.Typed) -> None:
        """Save an edit."""
        self.desk.type_field(event.field, event.text, event.proven)

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
        """Write the RCA."""
        self.save_edits()
        handout.to_file(self.app, self.desk, self._wish)

    def action_copy(self) -> None:
        """Copy the RCA."""
        self.save_edits()
        handout.to_clipboard(self.app, self.desk, self._wish)

    def action_preview(self) -> None:
        """The RCA as it would leave."""
        self.save_edits()
        self.app.push_screen(Preview(self.desk, self._wish, self._choose))

    def _choose(self, wish: Wish) -> None:
        self._wish = wish

    def action_offer(self) -> None:
        """What the evidence offers for the field that is being edited."""
        if name := self.form.focused_field():
            self.save_edits()
            self.run_worker(dialogues.offer(self.app, self.desk, name))

    def action_print(self) -> None:
        """Print the RCA on the bare terminal."""
        self.save_edits()
        handout.to_terminal(self.app, self.desk, self._wish)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        focused = self.focused
        panes = self.panes().items()
        self.place = self.place.zoom(
            next((name for name, pane in panes if focused and pane in focused.ancestors_with_self), "")
        )
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
        self.run_worker(dialogues.leave(self.app, self.desk))

    def _say(self, sentence: str) -> None:
        if sentence:
            self.notify(sentence)

    def _warn(self, sentence: str) -> None:
        self.notify(sentence, severity="warning")
