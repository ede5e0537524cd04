"""Investigation: one case being worked on. It owns the source, the crash session, the facts, the badges and the form.

Everything that happens is put into one queue and carried out by one thread, one after another, so nothing here needs a
lock. Readers on other threads see immutable values. What changed is told through `on_change` (see `rca.changes`).
"""

from __future__ import annotations

import getpass
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from rca.changes import (
    CaseOpened,
    Change,
    Diagnosed,
    FormChanged,
    NewsCame,
    StepsJudged,
    TroubleArose,
)
from rca.changing.plan import Plan, plans
from rca.changing.run import Done, carry_out
from rca.conclusions import conclude, diagnosed, of_another_dump
from rca.crash.transcript import Transcript
from rca.crashside import CrashSide
from rca.diagnosis.model import Confidence
from rca.diagnosis.sources import reads
from rca.earlier import earlier
from rca.evidence import Evidence, now
from rca.keeper import Keeper, keeper_of
from rca.opening import Opening
from rca.report.form import Form, Sentence
from rca.report.keeping import Kept, keep
from rca.report.marking import marked
from rca.report.rendering import PLAIN, Rendered, Wish, rendered
from rca.scout import Scout
from rca.sessions import symbols
from rca.sources.base import Dump
from rca.steps.base import Facts
from rca.steps.registry import STEPS
from rca.steps.runner import ProbeRunner
from rca.steps.titles import LOCATED, MANDATORY, SESSION, TOOLS
from rca.steps.watch import News
from rca.verdict import Badge, Verdict, own_verdict, with_own


class Investigation:
    """One case, open. `start`, then watch the changes; `close` when done."""

    def __init__(self, opening: Opening, on_change: Callable[[Change], None] = lambda _: None) -> None:
        """Nothing is read or run before `start`."""
        self.on_change = on_change
        self.form = Form()
        self.verdicts: Mapping[int, Verdict] = dict.fromkeys(
            range(len(STEPS)), Verdict(Badge.WAIT, "Not begun")
        )
        self.facts = Facts(opening.where, opening.source.name)
        self.place: Mapping[str, object] = {}
        """Where the person was when the case was left: ``step``, ``pane``."""
        self._opening = opening
        self._keeper: Keeper | None = None
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._runner = ProbeRunner(opening.source, lambda item: self.later(lambda: self.keep(item)))
        self._judged: Mapping[int, Verdict] = {}
        """What the steps themselves say, without what a person decided."""
        self._stale = self._seeking = False
        self._said: set[str] = set()
        self._idle = threading.Event()
        self._over = threading.Event()
        self._scout = Scout(opening, self.later, self._over)
        self._crash = CrashSide(self, opening, self._scout)
        self._thread = threading.Thread(target=self._work, name="investigation", daemon=True)

    @property
    def directory(self) -> Path | None:
        """The case directory, once it is there."""
        return self._keeper.case.directory if self._keeper else None

    @property
    def transcript(self) -> Transcript:
        """What the crash sessions said."""
        return self._crash.desk.transcript

    @property
    def history(self) -> tuple[str, ...]:
        """What was typed at crash's prompt."""
        return self._crash.typist.history

    @property
    def unsaved(self) -> str:
        """Why the newest change is not on disk; empty when it is."""
        return self._keeper.trouble if self._keeper else ""

    @property
    def running_session(self) -> bool:
        """Whether quitting would end a live crash."""
        return self._crash.desk.live

    @property
    def outgoing(self) -> Form:
        """The form as it leaves: that of a recording for practice says so."""
        return marked(self.form, self._opening.mark)

    def start(self) -> None:
        """Find the dump, open the case and begin all steps. Returns at once."""
        self._thread.start()
        self._look_again()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing runs by itself any more. False when the time was not enough."""
        return self._idle.wait(seconds)

    def close(self) -> None:
        """Save what is pending, end crash and every probe."""
        self._over.set()
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join(5)
        self._crash.close()
        self._runner.close()
        if self._keeper:
            self._keeper.close()

    def type_field(self, name: str, text: str, proven: tuple[Sentence, ...] = ()) -> None:
        """A person's text for a field of the form; `proven` lines in it are evidence's own."""
        self.later(lambda: self._set_form(self.form.type(name, text, proven), told=True))

    def set_confidence(self, confidence: Confidence) -> None:
        """A person's own judgement of how sure the RCA is."""
        self.later(lambda: self._set_form(self.form.set_confidence(confidence), told=True))

    def take_changes(self, name: str, chosen: tuple[int, ...]) -> None:
        """Take some of what the evidence offers for a field that a person typed."""
        self.later(lambda: self._set_form(self.form.take_changes(name, chosen), told=True))

    def take_draft(self, name: str) -> None:
        """Give a field back to the evidence."""
        self.later(lambda: self._set_form(self.form.take_draft(name), told=True))

    def decide(self, number: int, badge: Badge | None, note: str) -> str:
        """A person's own badge for a step; None takes it back. Returns what is wrong with it, or nothing."""
        try:
            own = own_verdict(badge, note, now(), getpass.getuser()) if badge else None
        except ValueError as error:
            return str(error)
        self.later(lambda: self._keeper.own(number, own) if self._keeper else None)
        return ""

    def stand_at(self, step: int, pane: str) -> None:
        """Remember where the person is, for the next opening."""
        self.later(lambda: self._keeper.desk("place", {"step": step, "pane": pane}) if self._keeper else None)

    def rerun(self, number: int) -> None:
        """Collect a step's evidence again and judge it anew."""
        self.later(lambda: self._rerun(number))

    def choose(self, dump: Dump) -> None:
        """Analyse another of the dumps that were found; each has a case of its own."""
        self.later(lambda: self._choose(dump))

    def run_crash(self, command: str) -> str:
        """Type a command at crash's prompt. Returns why it was refused, or nothing."""
        self._idle.clear()
        return self._crash.typist.run(command)

    def set_safe(self, on: bool) -> str:
        """Turn safe mode on or off for this case. Returns why not, or nothing."""
        return self._crash.set_safe(on)

    def hand_over(self, around: Callable[[], AbstractContextManager[object]]) -> str:
        """Let the bare terminal have crash's prompt until Ctrl+]. Returns why not, or nothing; blocks meanwhile."""
        return self._crash.typist.hand_over(around)

    def interrupt(self) -> str:
        """Ctrl+C for the running command. Returns why not, or nothing."""
        return self._crash.desk.interrupt()

    def symbols(self) -> tuple[str, ...]:
        """The names in the crashed kernel's vmlinux, where it lies on this machine, sorted. Takes its time."""
        return () if self._opening.recorded else symbols(self.facts.crash, self._opening.source)

    def restart_crash(self) -> None:
        """End the crash session, if any, and open another on the same dump."""
        self.later(self._crash.restart)

    def plans(self) -> tuple[Plan, ...]:
        """Changes to the node that would help. None of them is carried out before `carry_out` is called."""
        return () if self._opening.recorded else plans(self.facts)

    def carry_out(
        self, plan: Plan, told: Callable[[tuple[str, ...]], None], done: Callable[[Done], None]
    ) -> None:
        """Change the node as a person has agreed to. `told` hears its output, `done` how it ended; both on a thread."""

        def change() -> None:
            ended = carry_out(plan, self._opening.source, told, self._over)
            self.later(lambda: self._changed(ended))
            done(ended)

        self._scout.beside(change)

    def render(self, wish: Wish = PLAIN) -> Rendered:
        """The RCA as it stands. Raises `rca.report.template.TemplateError`."""
        return rendered(self.outgoing, self.facts, self.verdicts, wish, self.directory)

    def export(self, wish: Wish = PLAIN) -> Kept:
        """Write the RCA as ``rca.FORMAT`` into the case directory. Raises OSError and as `render` does."""
        return keep(self.render(wish), wish, self.directory)

    def later(self, what: Callable[[], None]) -> None:
        """Carry something out on the investigation's own thread."""
        self._idle.clear()
        self._queue.put(what)

    def _work(self) -> None:
        """The investigation's own thread; all that stands below runs on it."""
        while (what := self._queue.get()) is not None:
            self._idle.clear()
            self._carry_out(what)
            if self._queue.empty():
                self._carry_out(self._settle)
        self._carry_out(self._settle)

    def _carry_out(self, what: Callable[[], None]) -> None:
        """A slip costs its own sentence, not the thread on which everything else waits."""
        try:
            what()
        except Exception as error:
            self.complain(f"panicdesk slipped ({type(error).__name__}: {error}); please report this.")
            if what == self._settle:
                self._idle.set()

    def _found(self, conf: Evidence, dumps: tuple[Dump, ...]) -> None:
        """The first time a dump is chosen; later a chosen one is only seen anew."""
        self._seeking = False
        before, first = self.facts.dump, self.facts.dumps is None
        same = next((dump for dump in dumps if before and dump.directory == before.directory), None)
        self.facts = replace(self.facts, dumps=dumps, dump=same or before or (dumps[0] if dumps else None))
        if before is None and (first or dumps):
            self._open_case()
        elif not first and self.facts.dump:
            if before and before.state is not self.facts.dump.state:
                self._crash.restart()  # what was opened is not what lies there now
            else:
                self._crash.look()
        self.keep(conf)
        if first and not self._opening.recorded:
            self._scout.watch(lambda: self.facts, self._news)

    def _choose(self, dump: Dump) -> None:
        if self._opening.recorded or dump == self.facts.dump:
            return
        self._crash.close()
        before = self.facts.evidence.keys()
        self.facts = of_another_dump(self.facts, dump)
        self._runner.forget(before - self.facts.evidence.keys())
        self._open_case()

    def _open_case(self) -> None:
        opening, facts = self._opening, self.facts
        dump, recorded = facts.dump, opening.recorded
        if self._keeper:
            self._keeper.close()
        self._keeper = keeper = keeper_of(opening, str(dump.directory) if dump else "", self.complain)
        keeper.put(recorded.evidence.values() if recorded else facts.evidence.values(), new=False)
        keeper.dump(dump)
        case = keeper.case
        self.form = case.form
        self.place = dict(case.desk.get("place") or {})
        others = () if recorded else earlier(case.directory)
        self.facts = replace(facts, archived=case.archived, earlier=others)
        self._stale = True
        self._crash.open_case(keeper)
        self.on_change(CaseOpened(case.directory, dump))

    def keep(self, evidence: Evidence) -> None:
        """Put a piece of evidence into the case and the facts."""
        if self._keeper:
            self._keeper.put((evidence,), new=self._opening.recorded is None)
        self.facts = replace(self.facts, evidence={**self.facts.evidence, evidence.id: evidence})
        self._stale = self._stale or reads(evidence.id)

    def _news(self, news: News) -> None:
        self.on_change(NewsCame(news.sentence))
        self._runner.again(news.probes)
        if news.crash or news.dumps:
            self._look_again()

    def _changed(self, done: Done) -> None:
        self.keep(done.evidence)
        self._runner.again([probe.id for step in STEPS for probe in step.probes(self.facts)])
        self._look_again()

    def _look_again(self) -> None:
        self._seeking = True
        self._scout.dumps(self._found)

    def _rerun(self, number: int) -> None:
        if number == SESSION:
            self._crash.restart()
        elif number == MANDATORY and self._crash.desk.session:
            if not self._crash.desk.ask(self.facts.evidence.values()):
                self.complain("All six commands are captured, and a dump does not change; i asks for more.")
        else:
            self._runner.again([probe.id for probe in STEPS[number].probes(self.facts)])
            if number in (LOCATED, TOOLS) and self._opening.recorded is None:
                self._look_again()

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
            self._crash.ask_further()
            if self.facts.diagnosis:
                self.on_change(Diagnosed(self.facts.diagnosis))
        self.facts, form, judged = conclude(self.facts, self.form)
        if form != self.form:
            self._set_form(form, told=True)
        if judged != self._judged and self._keeper:
            self._keeper.verdicts(judged)
        own = self._keeper.case.own if self._keeper else {}
        verdicts = {number: with_own(verdict, own.get(number)) for number, verdict in judged.items()}
        self._judged = judged
        if verdicts != self.verdicts:
            self.verdicts = verdicts
            self.on_change(StepsJudged(verdicts))
        settled = self._queue.empty() and not self._seeking and self._crash.idle
        if settled and not self._runner.outstanding():
            self._idle.set()

    def complain(self, sentence: str) -> None:
        """Say it once: a full disk refuses every piece of evidence in the same words."""
        if sentence not in self._said:
            self._said.add(sentence)
            self.on_change(TroubleArose(sentence))
