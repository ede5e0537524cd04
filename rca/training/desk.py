"""A training at the workbench: the recorded case, of which one sees what one asked for, and the coach's rules.

To the screen it is what `rca.investigation.Investigation` is for a real case. What an investigation would conclude by
itself (the diagnosis, the badges that rest on it, the drafts that it fills) is held back until the debrief.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from rca.changes import (
    CaseOpened,
    Change,
    CommandEnded,
    Diagnosed,
    FormChanged,
    OutputArrived,
    SessionChanged,
    StepsJudged,
    TroubleArose,
)
from rca.changing.plan import Plan
from rca.changing.run import Done
from rca.conclusions import conclude, diagnosed
from rca.crash.base import SessionState, normal
from rca.crash.ledger import ENDING
from rca.crash.replay import ReplaySession
from rca.crash.transcript import Block, Transcript
from rca.diagnosis.model import Confidence
from rca.evidence import Citation, Evidence, Kind
from rca.private import make_private_dir
from rca.report.form import Form, Sentence
from rca.report.keeping import Kept, keep
from rca.report.marking import TRAINING, marked
from rca.report.rendering import PLAIN, Rendered, Wish, rendered
from rca.sources.base import Dump, Where
from rca.sources.recording import RecordingSource
from rca.sources.saved import dump_from_json
from rca.steps.base import CrashFacts, Facts
from rca.steps.registry import STEPS
from rca.training import coach, progress
from rca.training.attempt import Attempt, Phase
from rca.training.badges import withheld
from rca.training.check import misfits
from rca.training.label import labelled
from rca.training.lesson import SAME_TEXT, Lesson
from rca.training.scenario import Scenario
from rca.training.score import Score, score
from rca.verdict import Badge, Verdict

_LOGS = SAME_TEXT | {"journal"}
"""The kernel's log under its other names: shown once the first prediction stands."""
_KEPT_BACK = "kept back until you predict what it says"
_RECORDED = "This is a recording: there is nothing to collect again and no crash to start."


class TrainingDesk:
    """One scenario being worked on. Its state changes under a lock: keys and the replay come from two threads."""

    def __init__(self, scenario: Scenario, support: coach.Support) -> None:
        """Read the case and what was done so far. Raises `rca.training.scenario.ScenarioError`."""
        self.scenario = scenario
        self.support = support
        self.on_change: Callable[[Change], None] = lambda _: None
        self.attempt = progress.load_attempt(scenario)
        self.history = self.attempt.commands
        self.form: Form = progress.load_form(scenario)
        self.verdicts: Mapping[int, Verdict] = {}
        self.place: Mapping[str, object] = {}
        case = scenario.case()
        self._recorded = case.evidence
        kept = case.subject.dumps or (case.subject.dump,)
        self._dumps = tuple(dump for data in kept if (dump := dump_from_json(data)))
        dumps = tuple(replace(dump, reason="") for dump in self._dumps)
        self.facts = Facts(
            Where(case.subject.where), case.subject.source_name, dumps=dumps, dump=dumps[0] if dumps else None
        )
        program, vmlinux = (str(case.subject.crash.get(name) or "") for name in ("program", "vmlinux"))
        self.facts = replace(self.facts, crash=CrashFacts(program=program, vmlinux=vmlinux))
        self.transcript = Transcript()
        self._session = ReplaySession(case.evidence, self)
        self._lock = threading.RLock()
        self._unsaved = ""
        self._conclude()

    @property
    def lesson(self) -> Lesson:
        """What the coach asks."""
        return self.scenario.lesson

    @property
    def directory(self) -> Path:
        """Where this work is kept."""
        return self.scenario.home

    @property
    def running_session(self) -> bool:
        """Nothing is lost by leaving."""
        return False

    @property
    def unsaved(self) -> str:
        """Why the newest change is not on disk; empty when it is."""
        return self._unsaved

    @property
    def score(self) -> Score:
        """What the attempt is worth so far."""
        return score(self.lesson, self.attempt)

    def start(self) -> None:
        """Lay out what one may see; commands of an earlier sitting are answered again."""
        self.transcript = self._session.transcript
        self._session.start()
        for command in self.attempt.commands:
            self._session.submit(command)
        self.on_change(CaseOpened(self.directory, self.facts.dump))
        if not self.scenario.ours and (wrong := misfits(self.lesson, self._recorded)):
            self.on_change(TroubleArose(f"The lesson does not fit its recording: {'; '.join(wrong[:3])}."))
        if self.attempt.handed_in:
            self._reveal()

    def close(self) -> None:
        """End the replay."""
        self._session.close()

    # What the coach asks for. Each raises rca.training.coach.NotDueError with a sentence.

    def predict(self, choice: int) -> None:
        """Commit a prediction."""
        self._become(coach.predict(self.lesson, self.attempt, choice))

    def mark(self, evidence: str, line: int) -> None:
        """Mark a line, or take its mark back. Raises IndexError where there is no such line."""
        self._become(coach.mark(self.attempt, self.facts.evidence[evidence].cite(line)))

    def hint(self, told: str) -> None:
        """Ask for the next rung."""
        self._become(coach.hint(self.lesson, self.attempt, told, self.support))

    def hand_in(self, confidence: Confidence) -> None:
        """Hand the due step in."""
        self._become(coach.hand_in(self.attempt, confidence))

    def go_on(self) -> None:
        """Leave the review."""
        self._become(coach.go_on(self.attempt))

    def hand_in_rca(self) -> None:
        """Hand the RCA in: the debrief begins, and panicdesk's own reading is shown."""
        written = {field.name: field.text for field in self.form.all}
        self._become(coach.hand_in_rca(self.lesson, self.attempt, written, self.form.confidence))
        self._reveal()

    @property
    def marks(self) -> tuple[Citation, ...]:
        """The lines marked in the due step."""
        return self.attempt.work.marks if self.attempt.phase in (Phase.PROVE, Phase.REVIEW) else ()

    # What the workbench asks for.

    def run_crash(self, command: str) -> str:
        """Ask the recording. Returns why it was refused, or nothing."""
        if normal(command) in ENDING:
            return "A recording stays open: F2 leads back to the coach, and q there leaves the lesson."
        refused = coach.may_run(self.attempt) or self._session.submit(command)
        if not refused:
            self._become(coach.ran(self.attempt, command))
        return refused

    def interrupt(self) -> str:
        """Ctrl+C at the replay."""
        return self._session.interrupt()

    def set_safe(self, on: bool) -> str:
        """Nothing runs that could do harm."""
        return _RECORDED

    def hand_over(self, around: Callable[[], AbstractContextManager[object]]) -> str:
        """There is no crash to attach to."""
        return _RECORDED

    def symbols(self) -> tuple[str, ...]:
        """There is no vmlinux."""
        return ()

    def restart_crash(self) -> None:
        """There is no crash."""
        self.on_change(TroubleArose(_RECORDED))

    def rerun(self, number: int) -> None:
        """There is no node."""
        self.on_change(TroubleArose(_RECORDED))

    def stand_at(self, step: int, pane: str) -> None:
        """The coach says where one was; the pane does not matter."""

    def type_field(self, name: str, text: str, proven: tuple[Sentence, ...] = ()) -> None:
        """The learner's text for a field; `proven` lines in it are evidence's own."""
        self._set_form(self.form.type(name, text, proven))

    def set_confidence(self, confidence: Confidence) -> None:
        """The learner's confidence in the RCA."""
        self._set_form(self.form.set_confidence(confidence))
        self.on_change(FormChanged(self.form))

    def take_draft(self, name: str) -> None:
        """Give a field back to what the evidence says."""
        self._set_form(self.form.take_draft(name))
        self.on_change(FormChanged(self.form))

    def take_changes(self, name: str, chosen: tuple[int, ...]) -> None:
        """Take some of what the evidence offers for a field."""
        self._set_form(self.form.take_changes(name, chosen))
        self.on_change(FormChanged(self.form))

    def decide(self, number: int, badge: Badge | None, note: str) -> str:
        """The badges of a training are the coach's."""
        return "In a training the badges are the coach's."

    def choose(self, dump: Dump) -> None:
        """There is one dump."""
        self.on_change(TroubleArose(_RECORDED))

    def plans(self) -> tuple[Plan, ...]:
        """No machine is changed."""
        return ()

    def carry_out(
        self, plan: Plan, told: Callable[[tuple[str, ...]], None], done: Callable[[Done], None]
    ) -> None:
        """Never called: there are no plans."""

    def render(self, wish: Wish = PLAIN) -> Rendered:
        """The RCA as it stands; in every format it says that it is a training's."""
        found = rendered(marked(self.form, TRAINING), self.facts, self.verdicts, wish, self.directory)
        return replace(found, text=labelled(found.text, self.scenario.name)) if wish.format == "md" else found

    def export(self, wish: Wish = PLAIN) -> Kept:
        """Write it. Raises OSError."""
        return keep(self.render(wish), wish, make_private_dir(self.directory))

    # What the replay tells, on its own thread.

    def session_changed(self, state: SessionState, message: str) -> None:
        """The replay is in another state."""
        with self._lock:
            crash = replace(self.facts.crash, state=state, message=message, running=self._session.running)
            self.facts = replace(self.facts, crash=crash)
            self._conclude()
        self.on_change(SessionChanged(state, message))

    def output_arrived(self, lines: int) -> None:
        """An answer arrived."""
        self.on_change(OutputArrived(lines))

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        """An answer is whole: from now on it is evidence."""
        if evidence.ok:
            with self._lock:
                self.facts = replace(self.facts, evidence={**self.facts.evidence, evidence.id: evidence})
                self._conclude()
        self.on_change(CommandEnded(evidence.id, block.command))

    def _become(self, attempt: Attempt) -> None:
        with self._lock:
            self.attempt = attempt
            self.history = attempt.commands
            self._keep(lambda: progress.save_attempt(self.scenario, attempt))
            self._conclude()
        self.on_change(StepsJudged(self.verdicts))

    def _set_form(self, form: Form) -> None:
        with self._lock:
            self.form = form
            self._keep(lambda: progress.save_form(self.scenario, form))
            self._conclude()

    def _reveal(self) -> None:
        with self._lock:
            self.facts = replace(
                self.facts,
                dumps=self._dumps,
                dump=self._dumps[0] if self._dumps else None,
                evidence={**self.facts.evidence, **self._recorded},
            )
            self.facts = diagnosed(self.facts)
            self._conclude()
        if self.facts.diagnosis:
            self.on_change(Diagnosed(self.facts.diagnosis))

    def _conclude(self) -> None:
        """Bring the evidence that lies open, the badges and the drafts in line."""
        shown = self._laid_open()
        self.facts = replace(self.facts, evidence={**self.facts.evidence, **shown})
        source = RecordingSource(shown, self._dumps)
        while asked := [
            probe
            for step in STEPS
            for probe in step.probes(self.facts)
            if probe.id not in self.facts.evidence
        ]:
            found = {probe.id: source.collect(probe) for probe in asked}
            self.facts = replace(self.facts, evidence={**self.facts.evidence, **found})
        self.facts, form, verdicts = conclude(self.facts, self.form)
        self.verdicts = verdicts
        if not self.attempt.handed_in:
            self.verdicts = withheld(verdicts, self.facts.crash.state is SessionState.READY)
        elif form != self.form:
            self.form = form
            self._keep(lambda: progress.save_form(self.scenario, form))

    def _laid_open(self) -> dict[str, Evidence]:
        """What was recorded beside crash's answers; what may not be seen yet says so."""
        opened = {
            name
            for step, work in zip(self.lesson.steps, self.attempt.steps, strict=True)
            if work.prediction is not None
            for name in (*step.opens, *_LOGS)
        }
        hidden = (self.lesson.kept_back | _LOGS) - opened
        beside = {name: item for name, item in self._recorded.items() if item.kind is not Kind.CRASH}
        return {
            name: replace(item, lines=(), problem=_KEPT_BACK) if name in hidden else item
            for name, item in beside.items()
        }

    def _keep(self, save: Callable[[], None]) -> None:
        try:
            save()
            self._unsaved = ""
        except OSError as error:
            self._unsaved = f"Progress cannot be kept on disk: {error.strerror or error}"
            self.on_change(TroubleArose(self._unsaved))
