"""Investigation: one case being worked on. It owns the source, the crash session, the facts, the badges and the form.

Everything that happens is put into one queue and carried out by one thread, one after another, so nothing here needs a
lock. Readers on other threads see immutable values. What changed is told through `on_change` (see `rca.changes`).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from rca.case import Case
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
from rca.conclusions import conclude, diagnosed
from rca.crash.base import MANDATORY, Session, SessionState, evidence_id
from rca.crash.recall import captured, recalled
from rca.crash.transcript import Block, Transcript
from rca.diagnosis.model import Confidence
from rca.evidence import Evidence, Kind
from rca.keeper import Keeper, keeper_of
from rca.opening import Opening
from rca.private import write_private
from rca.report.form import Form
from rca.report.markdown import markdown
from rca.sessions import begin_live, begin_replay, look_for_crash
from rca.sources.base import Dump, File
from rca.steps.base import CrashFacts, Facts
from rca.steps.registry import STEPS
from rca.steps.runner import ProbeRunner
from rca.steps.tools import FREE_SPACE_PATHS
from rca.verdict import Badge, Verdict

_LOGS = frozenset(("vmcore-dmesg", "journal", "crash-log", "mod-t", *map(evidence_id, MANDATORY)))
"""What the diagnosis is made from."""
_KDUMP_CONF = File("kdump-conf", ("/etc/kdump.conf",))
HISTORY = 500
"""Typed commands that a case remembers."""


class _Ear:
    """Listens to one session; what an older session still says after a restart is told apart by it."""

    def __init__(self, desk: Investigation) -> None:
        self._desk = desk

    def session_changed(self, state: SessionState, message: str) -> None:
        self._desk._later(lambda: self._desk._session_changed(self, state, message))

    def output_arrived(self, lines: int) -> None:
        self._desk.on_change(OutputArrived(lines))

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        self._desk._later(lambda: self._desk._command_ended(self, block, evidence))


class Investigation:
    """One case, open. `start`, then watch the changes; `close` when done."""

    def __init__(self, opening: Opening, on_change: Callable[[Change], None] = lambda _: None) -> None:
        """Nothing is read or run before `start`."""
        self.on_change = on_change
        self.form = Form()
        self.verdicts: Mapping[int, Verdict] = {
            n: Verdict(Badge.WAIT, "Not begun") for n in range(len(STEPS))
        }
        self.facts = Facts(opening.where, opening.source.name)
        self.session: Session | None = None
        self.transcript = Transcript()
        self.history: tuple[str, ...] = ()
        self.place: Mapping[str, object] = {}
        """Where the person was when the case was left: ``step``, ``pane``."""
        self._opening = opening
        self._keeper: Keeper | None = None
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._runner = ProbeRunner(opening.source, lambda item: self._later(lambda: self._evidence(item)))
        self._ear: _Ear | None = None
        self._stale = self._looked = self._asked = False
        self._said: set[str] = set()
        self._idle = threading.Event()
        self._thread = threading.Thread(target=self._work, name="investigation", daemon=True)

    @property
    def directory(self) -> Path | None:
        """The case directory, once it is there."""
        return self._keeper.case.directory if self._keeper else None

    @property
    def case(self) -> Case | None:
        """The case as it is kept, once it is there."""
        return self._keeper.case if self._keeper else None

    @property
    def running_session(self) -> bool:
        """Whether quitting would end a live crash."""
        return (
            self._opening.recorded is None
            and self.session is not None
            and self.session.state != SessionState.DEAD
        )

    def start(self) -> None:
        """Find the dump, open the case and begin all steps. Returns at once."""
        self._thread.start()
        threading.Thread(target=self._find_dumps, name="find-dumps", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left that runs by itself. False when the time was not enough."""
        return self._idle.wait(seconds)

    def close(self) -> None:
        """Save what is pending, end crash and every probe."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join(5)
        if self.session:
            self.session.close()
        self._runner.close()

    def type_field(self, name: str, text: str) -> None:
        """A person's text for a field of the form."""
        self._later(lambda: self._set_form(self.form.type(name, text)))

    def set_confidence(self, confidence: Confidence) -> None:
        """A person's own judgement of how sure the RCA is."""
        self._later(lambda: self._set_form(self.form.set_confidence(confidence), told=True))

    def stand_at(self, step: int, pane: str) -> None:
        """Remember where the person is, for the next opening."""
        self._later(lambda: self._save_desk("place", {"step": step, "pane": pane}))

    def take_draft(self, name: str) -> None:
        """Give a field back to the evidence."""
        self._later(lambda: self._set_form(self.form.take_draft(name), told=True))

    def rerun(self, number: int) -> None:
        """Collect a step's evidence again and judge it anew."""
        self._later(lambda: self._rerun(number))

    def run_crash(self, command: str) -> str:
        """Type a command at crash's prompt. Returns why it was refused, or nothing."""
        if self.session is None:
            return "No crash session is open: step 4 says what is missing."
        self._idle.clear()
        refused = self.session.submit(command)
        self._later(lambda: None if refused else self._remember(command))
        return refused

    def interrupt(self) -> str:
        """Ctrl+C for the running command. Returns why not, or nothing."""
        return self.session.interrupt() if self.session else "No crash session is open."

    def restart_crash(self) -> None:
        """End the crash session, if any, and open another on the same dump."""
        self._later(self._restart)

    def markdown(self) -> str:
        """The RCA as it stands."""
        return markdown(self.form, self.facts, self.verdicts)

    def export(self) -> Path:
        """Write the RCA as rca.md into the case directory. Raises OSError."""
        if self.directory is None:
            raise FileNotFoundError("There is no case directory to write to")
        path = self.directory / "rca.md"
        write_private(path, self.markdown())
        return path

    # From here on everything runs on the investigation's own thread, except _find_dumps and _look_for_crash.

    def _later(self, what: Callable[[], None]) -> None:
        self._queue.put(what)

    def _work(self) -> None:
        while (what := self._queue.get()) is not None:
            self._idle.clear()
            what()
            while not self._queue.empty():
                if (what := self._queue.get()) is None:
                    self._settle()
                    return
                what()
            self._settle()

    def _find_dumps(self) -> None:
        source = self._opening.source
        conf = source.collect(_KDUMP_CONF)
        dumps = source.dumps(conf)
        self._later(lambda: self._found(conf, dumps))

    def _found(self, conf: Evidence, dumps: tuple[Dump, ...]) -> None:
        chosen = dumps[0] if dumps else None
        self.facts = replace(self.facts, dumps=dumps, dump=chosen)
        self._open_case((chosen is not None and str(chosen.directory)) or "")
        self._evidence(conf)
        if chosen and chosen.vmcore and not self._opening.recorded:
            threading.Thread(target=self._look_for_crash, name="look-for-crash", daemon=True).start()
        elif self._opening.recorded:
            self._begin_replay()
        else:
            self._looked = True
        assert self.directory is not None
        self.on_change(CaseOpened(self.directory, chosen))

    def _open_case(self, dump: str) -> None:
        opening, facts = self._opening, self.facts
        self._keeper = keeper = keeper_of(opening, dump, self._complain)
        case, recorded = keeper.case, opening.recorded
        keeper.put(recorded.evidence.values() if recorded else ())
        keeper.dump(facts.dump)
        if recorded:
            keeper.crash(recorded.subject.crash)
        self.form = case.form
        self.history = tuple(str(item) for item in case.desk.get("history", ()))
        self.place = dict(case.desk.get("place") or {})
        said = {item.id: item for item in case.evidence.values() if item.kind is Kind.CRASH}
        if opening.recorded is None:
            self.transcript = recalled(said.values())
        self.facts = replace(facts, evidence=said)
        self._stale = True

    def _look_for_crash(self) -> None:
        free = {path: self._opening.source.free_bytes(path) for path in FREE_SPACE_PATHS}
        dump = self.facts.dump
        found = look_for_crash(dump, self._opening.vmlinux, self._opening.source) if dump else CrashFacts()
        self._later(
            lambda: self._crash_found(found, {path: size for path, size in free.items() if size is not None})
        )

    def _crash_found(self, found: CrashFacts, free: Mapping[str, int]) -> None:
        self._looked = True
        self.facts = replace(self.facts, crash=found, free_bytes=free)
        if self._keeper:
            self._keeper.crash(found)
        if found.program and found.vmlinux and not found.vmlinux_problem:
            self._begin_live()

    def _begin_live(self) -> None:
        assert self.case is not None
        self._ear = _Ear(self)
        self.session = begin_live(self.facts, self.case, self.transcript, self._ear, self._opening.source)
        if self.session:
            self.session.start()

    def _begin_replay(self) -> None:
        recorded = self._opening.recorded
        assert recorded is not None
        self._looked = True
        kept = recorded.subject.crash
        facts = CrashFacts(program=kept.get("program"), vmlinux=kept.get("vmlinux"))
        self._ear = _Ear(self)
        self.session = begin_replay(recorded, self._ear)
        if self.session is None:
            facts = replace(facts, vmlinux_problem=str(kept.get("vmlinux_problem") or ""))
        self.facts = replace(self.facts, crash=facts)
        if self.session:
            self.transcript = self.session.transcript
            self.session.start()

    def _session_changed(self, ear: _Ear, state: SessionState, message: str) -> None:
        if ear is not self._ear or self.session is None:
            return
        running = self.session.running
        self.facts = replace(
            self.facts, crash=replace(self.facts.crash, state=state, message=message, running=running)
        )
        if state is SessionState.READY and not self._asked:
            self._asked = True
            for command in self._missing():
                self.session.submit(command)
        self.on_change(SessionChanged(state, message))

    def _missing(self) -> list[str]:
        """The mandatory commands that this session can answer and nobody has asked."""
        recorded = self._opening.recorded
        if recorded:
            return [command for command in MANDATORY if evidence_id(command) in recorded.evidence]
        have = captured(self.facts.evidence.values())
        return [command for command in MANDATORY if evidence_id(command) not in have]

    def _command_ended(self, ear: _Ear, block: Block, evidence: Evidence) -> None:
        if ear is not self._ear:
            return
        if self._opening.recorded is None or evidence.ok:
            self._evidence(evidence)
        self.on_change(CommandEnded(evidence.id, block.command))

    def _evidence(self, evidence: Evidence) -> None:
        if self._keeper:
            self._keeper.put((evidence,))
        self.facts = replace(self.facts, evidence={**self.facts.evidence, evidence.id: evidence})
        self._stale = self._stale or evidence.id in _LOGS

    def _rerun(self, number: int) -> None:
        if number == 5:
            self._restart()
        elif number == 6 and self.session:
            missing = self._missing()
            for command in missing:
                self.session.submit(command)
            if not missing:
                self._complain(
                    "All six commands are captured, and a dump does not change; c and i ask for more."
                )
        else:
            self._runner.again([probe.id for probe in STEPS[number].probes(self.facts)])

    def _restart(self) -> None:
        if self._opening.recorded:
            self._complain("This is a recording: there is no crash to start.")
            return
        if self.session:
            self._ear = None
            self.session.close()
            self.session = None
        self._asked = False
        threading.Thread(target=self._look_for_crash, name="look-for-crash", daemon=True).start()

    def _remember(self, command: str) -> None:
        if command.strip() and (not self.history or self.history[-1] != command):
            self.history = (*self.history, command)[-HISTORY:]
            self._save_desk("history", list(self.history))

    def _save_desk(self, name: str, value: object) -> None:
        if self._keeper:
            self._keeper.desk(name, value)

    def _set_form(self, form: Form, told: bool = False) -> None:
        self.form = form
        if self._keeper:
            self._keeper.form(form)
        if told:
            self.on_change(FormChanged(form))

    def _settle(self) -> None:
        """Bring the diagnosis, the badges and the form in line with the facts, and tell what changed."""
        if self.facts.dumps is not None:
            self._runner.request([probe for step in STEPS for probe in step.probes(self.facts)])
        if self._stale:
            self._stale = False
            self.facts = diagnosed(self.facts)
            if self.facts.diagnosis:
                self.on_change(Diagnosed(self.facts.diagnosis))
        self.facts, form, verdicts = conclude(self.facts, self.form)
        if form != self.form:
            self._set_form(form, told=True)
        if verdicts != self.verdicts:
            self.verdicts = verdicts
            if self._keeper:
                self._keeper.verdicts(verdicts)
            self.on_change(StepsJudged(verdicts))
        if self._queue.empty() and self._is_idle():
            self._idle.set()

    def _is_idle(self) -> bool:
        if self.facts.dumps is None or not self._looked or self._runner.outstanding():
            return False
        session = self.session
        if session is None or session.state is SessionState.DEAD:
            return True
        if session.state is not SessionState.READY or session.pending or session.running:
            return False
        return self._asked

    def _complain(self, sentence: str) -> None:
        """Say it once: a full disk refuses every piece of evidence in the same words."""
        if sentence not in self._said:
            self._said.add(sentence)
            self.on_change(TroubleArose(sentence))
