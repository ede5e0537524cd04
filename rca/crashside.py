"""The crash side of an investigation: what is found, begun, asked and heard of crash, drgn and what stands in for them.

What it finds out goes into the facts of its host. All of it runs on the investigation's own thread, except
`output_arrived` and what the person at the prompt does (`typist`, `interrupt`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from rca.case import Case
from rca.changes import Change, CommandEnded, NewsCame, OutputArrived, SafeSwitched, SessionChanged
from rca.crash.base import SessionState, evidence_id
from rca.crash.drgn.check import answered, as_evidence, cross_check, first_words
from rca.crash.drgn.engine import ID as DRGN
from rca.crash.drgn.facts import BLOCKED
from rca.crash.launch import refuse_live
from rca.crash.loan import NAME as BARE
from rca.crash.transcript import Block
from rca.crashdesk import CrashDesk
from rca.evidence import Evidence, Kind, now
from rca.fallback import Fallback
from rca.keeper import Keeper
from rca.opening import Opening
from rca.scout import CrashFound, Scout
from rca.secondreader import SecondReader
from rca.sources.base import DumpState
from rca.steps.base import CrashFacts, Facts
from rca.typist import Typist


class Host(Protocol):
    """Whose facts these are: `rca.investigation.Investigation`."""

    facts: Facts
    on_change: Callable[[Change], None]

    def later(self, what: Callable[[], None]) -> None:
        """Carry something out on the investigation's own thread."""

    def keep(self, evidence: Evidence) -> None:
        """Put a piece of evidence into the case and the facts."""

    def complain(self, sentence: str) -> None:
        """Tell a trouble, once."""


class CrashSide:
    """One case's crash: at most one session, and what is beside it."""

    def __init__(self, host: Host, opening: Opening, scout: Scout) -> None:
        """Nothing is looked for before `open_case`."""
        self._host = host
        self._opening = opening
        self._scout = scout
        self._keeper: Keeper | None = None
        self.later = host.later
        self.desk = CrashDesk(self)
        self.typist = Typist(self.desk, host.later, host.complain)
        self._second = SecondReader(scout.beside, host.later)
        self._fallback = Fallback(self.desk, opening.source, scout.beside, self)
        self._looked = self._asked_more = False

    @property
    def facts(self) -> Facts:
        """The host's."""
        return self._host.facts

    @property
    def idle(self) -> bool:
        """Whether nothing is left that runs by itself."""
        return self._looked and not self._second.asking and not self._fallback.asking and self.desk.idle

    def open_case(self, keeper: Keeper) -> None:
        """Take up a case: its transcript, what was typed, and crash or its replay."""
        recorded = self._opening.recorded
        self._keeper, self._asked_more = keeper, False
        self._second.forget()
        self.typist.sit_down(keeper, recorded is not None)
        kept = keeper.case.evidence.values()
        said = [item for item in kept if item.kind in (Kind.CRASH, Kind.CHECK) or item.id == DRGN]
        evidence = {**self.facts.evidence, **{item.id: item for item in said}}
        self._host.facts = replace(self.facts, evidence=evidence, safe=self.typist.safe)
        if recorded:
            self._replay(recorded, keeper)
        else:
            self.desk.recall(said)
            self._looked = True
            self.look()

    def look(self) -> None:
        """Look for crash and the vmlinux of the dump, and begin a session when both are there."""
        dump = self.facts.dump
        if not (dump and dump.vmcore) or self._opening.recorded:
            return
        try:
            refuse_live(str(dump.vmcore))
        except ValueError as error:
            self._host.facts = replace(self.facts, crash=CrashFacts(message=str(error)))
            return
        self._looked = False
        self._scout.crash(dump, self._found)

    def restart(self) -> None:
        """End the session, if any, and begin another: one that still starts is given up for the next way."""
        if self.desk.live and self.facts.crash.state is SessionState.STARTING:
            self.desk.give_up()
            self.session_changed(
                SessionState.DEAD, f"given up by a person while it was {self.facts.crash.message}"
            )
            return
        self.desk.close()
        if self._opening.recorded:
            self.desk.open_replay(self._opening.recorded)
        else:
            self.look()

    def set_safe(self, on: bool) -> str:
        """Turn safe mode on or off for this case. Returns why not, or nothing. From the screen's thread."""
        refused = self.typist.set_safe(on)
        self.later(self._safe_switched)
        return refused

    def close(self) -> None:
        """End whatever runs."""
        self.desk.close()
        self._second.close()

    def _replay(self, recorded: Case, keeper: Keeper) -> None:
        keeper.crash(recorded.subject.crash)
        self._host.facts = replace(self.facts, crash=self.desk.open_replay(recorded))
        self._looked = True

    def _found(self, found: CrashFound) -> None:
        if found.dump != self.facts.dump:
            return
        self._looked = True
        if found.log:
            self._host.keep(found.log)
        if self.desk.session or self._keeper is None:
            return
        crash = replace(found.crash, shows=self.facts.crash.shows, tried=self.facts.crash.tried)
        self._host.facts = replace(self.facts, crash=crash, free_bytes=found.free_bytes)
        self._keeper.crash(found.crash)
        if found.dump.state is DumpState.SAVING:
            return  # once it is saved to its end, it is found anew
        self._second.ask(self.facts, self._second_read)
        if not self.desk.open_live(self.facts, self._keeper.case, self._opening.source):
            self._fallback.no_session()

    def _second_read(self, answer: Evidence) -> None:
        self._host.keep(answer)
        self.ask_further()
        self._compare()
        if self.facts.crash.state is SessionState.STARTING and (told := first_words(answer)):
            self._host.on_change(NewsCame(told))

    def ask_further(self) -> None:
        """Ask crash once who sleeps: where the diagnosis is that a task hung, or drgn's answer is to be compared."""
        ready = self.facts.crash.state in (SessionState.READY, SessionState.BUSY) and self.desk.live
        wanted = evidence_id(BLOCKED) not in self.facts.evidence and not self.facts.crash.stand_in
        hung = self.facts.diagnosis is not None and self.facts.diagnosis.kind == "hung-task"
        if ready and wanted and not self._asked_more and (hung or answered(self.facts.evidence)):
            self._asked_more = True
            self.desk.run(BLOCKED)

    def _compare(self) -> None:
        """Keep the comparison as evidence, once all is there that goes into it."""
        whole = evidence_id(BLOCKED) in self.facts.evidence
        found = cross_check(self.facts.evidence) if whole else None
        if found is None:
            return
        item = as_evidence(found, now(), self.facts.source_name)
        known = self.facts.evidence.get(item.id)
        if known is None or known.lines != item.lines:
            self._host.keep(item)

    def _safe_switched(self) -> None:
        self._host.facts = replace(self.facts, safe=self.typist.safe)
        self._host.on_change(SafeSwitched(self.facts.safe))

    def session_changed(self, state: SessionState, message: str) -> None:
        """The open session is in another state."""
        running = self.desk.session.running if self.desk.session else ""
        crash = replace(self.facts.crash, state=state, message=message, running=running, shows="")
        self._host.facts = replace(self.facts, crash=crash)
        if state is SessionState.READY:
            self.desk.ask_once(self.facts.evidence.values())
            self.ask_further()
        elif state is SessionState.DEAD:
            again = self._fallback.session_ended(message)
            self._host.facts = replace(self.facts, crash=replace(self.facts.crash, tried=self.desk.tried))
            if again:
                return
        self._host.on_change(SessionChanged(state, message))

    def output_arrived(self, lines: int) -> None:
        """The transcript has grown (called on the session's thread)."""
        self._host.on_change(OutputArrived(lines))

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        """A crash command's output is whole."""
        if self._opening.recorded is None or evidence.ok:
            self._host.keep(evidence)
            self.ask_further()
            self._compare()
        if block.command == BARE:
            self.typist.back()
        self._host.on_change(CommandEnded(evidence.id, block.command))

    def climbing(self, sentence: str) -> None:
        """Another way to the dump is tried."""
        self._host.on_change(NewsCame(sentence))

    def fell_back(self, item: Evidence, shown: str) -> None:
        """A way without a session gave this."""
        self._host.keep(item)
        crash = replace(self.facts.crash, tried=self.desk.tried, shows=shown)
        self._host.facts = replace(self.facts, crash=crash)
        if shown:
            told = f"There is no crash session. The pane shows {shown}: {len(item.lines):,} lines."
            self._host.on_change(NewsCame(told))
            self._host.on_change(OutputArrived(len(self.desk.transcript.lines)))
