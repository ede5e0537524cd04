"""The crash side of an investigation: the open session, what it is asked by itself, its transcript over restarts.

All of it runs on the investigation's own thread, except `run` and `interrupt`, which may be called from any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from rca.case import Case
from rca.crash.base import MANDATORY, Session, SessionState, evidence_id
from rca.crash.drgn.engine import CRASH_LIKE
from rca.crash.ladder import DMESG, NORMAL, Rung, next_rung
from rca.crash.recall import captured, recalled
from rca.crash.transcript import Block, Transcript
from rca.evidence import Evidence
from rca.sessions import begin_live, begin_replay
from rca.sources.base import Source
from rca.steps.base import CrashFacts, Facts

_CLOSED = "No crash session is open: step 4 says what is missing."


class Hearer(Protocol):
    """Who is told what the open session does; an older session's last words are left out."""

    def later(self, what: Callable[[], None]) -> None:
        """Carry something out on the investigation's own thread."""

    def session_changed(self, state: SessionState, message: str) -> None:
        """On the investigation's thread."""

    def output_arrived(self, lines: int) -> None:
        """On the session's thread."""

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        """On the investigation's thread."""


class _Ear:
    """Listens to one session until another one is opened."""

    def __init__(self, hearer: Hearer) -> None:
        self._hearer = hearer
        self.open = True

    def session_changed(self, state: SessionState, message: str) -> None:
        self._later(lambda: self._hearer.session_changed(state, message))

    def output_arrived(self, lines: int) -> None:
        self._hearer.output_arrived(lines)

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        self._later(lambda: self._hearer.command_ended(block, evidence))

    def _later(self, what: Callable[[], None]) -> None:
        self._hearer.later(lambda: what() if self.open else None)


class CrashDesk:
    """At most one crash session at a time."""

    def __init__(self, hearer: Hearer) -> None:
        """No session is open."""
        self.transcript = Transcript()
        self.session: Session | None = None
        self.safe = True
        """Whether sessions refuse what reaches a shell, a file or memory."""
        self._hearer = hearer
        self._ear: _Ear | None = None
        self._replayed: frozenset[str] | None = None
        """Ids of what a recording can answer; None when the session is live."""
        self._asked = False
        self._rung = NORMAL
        """By which options the dump is being opened."""
        self.tried: tuple[str, ...] = ()
        """The ways that failed, each with why."""
        self._standing_in = False
        """Whether drgn-crash is there in crash's place."""
        self._open: Callable[[], Session | None] = lambda: None

    @property
    def live(self) -> bool:
        """Whether a real crash runs."""
        return self._replayed is None and self.session is not None and self.session.state != SessionState.DEAD

    @property
    def idle(self) -> bool:
        """Whether nothing is left that runs by itself."""
        session = self.session
        if session is None or session.state is SessionState.DEAD:
            return True
        if session.state is not SessionState.READY or session.pending or session.running:
            return False
        return self._asked

    def recall(self, evidence: Iterable[Evidence]) -> None:
        """Show what the sessions of a reopened case said."""
        self.transcript = recalled(evidence)

    def open_live(self, facts: Facts, case: Case, source: Source) -> bool:
        """Start crash, or drgn-crash in its place, on the dump. Returns whether there was anything to start."""
        self._replayed = None
        self._standing_in = bool(facts.crash.stand_in)

        def begin() -> Session | None:
            return begin_live(facts, case, self.transcript, self._listen(), source, self._rung.options)

        self._open = begin
        self._begin(begin())
        return self.session is not None

    def climb(self, said: Sequence[str], last_word: str) -> Rung | None:
        """Go the next way to open a dump that crash gave up while it started; None where it did open, or none is left.

        `said` is what crash printed. A way that is no session is the caller's to go.
        """
        if self._replayed is not None or self._asked:
            return None
        name = CRASH_LIKE if self._standing_in else self._rung.name
        self.tried = (*self.tried, f"{name}: {last_word}")
        rung = DMESG if self._standing_in else next_rung(self._rung, (*said, last_word))
        if rung and rung.session:
            self._rung = rung
            self._begin(self._open())
        return rung

    def open_replay(self, recorded: Case) -> CrashFacts:
        """Answer from a recording. Returns what it knows of the crash that was recorded."""
        self._replayed = frozenset(recorded.evidence)
        self._begin(begin_replay(recorded, self._listen()))
        kept = recorded.subject.crash
        problem = "" if self.session else str(kept.get("vmlinux_problem") or "")
        return CrashFacts(kept.get("program"), kept.get("vmlinux"), problem)

    def give_up(self) -> None:
        """End the session, if any; it is not heard any more. The way to the dump stays where it is."""
        if self._ear:
            self._ear.open = False
        if self.session:
            self.session.close()

    def close(self) -> None:
        """The same, and the next session begins at the first way again."""
        self.give_up()
        self.session, self._asked, self._rung, self.tried = None, False, NORMAL, ()

    def ask(self, evidence: Iterable[Evidence]) -> int:
        """Ask the mandatory commands whose output is not there yet. Returns how many these are."""
        self._asked = True
        have = captured(evidence)
        ids = {command: evidence_id(command) for command in MANDATORY}
        wanted = [
            c for c in MANDATORY if (ids[c] in self._replayed if self._replayed else ids[c] not in have)
        ]
        for command in wanted:
            self.run(command)
        return len(wanted)

    def ask_once(self, evidence: Iterable[Evidence]) -> None:
        """The same, when the session is ready for the first time."""
        if not self._asked:
            self.ask(evidence)

    def run(self, command: str) -> str:
        """Type a command at the prompt. Returns why it was refused, or nothing."""
        return self.session.submit(command) if self.session else _CLOSED

    def set_safe(self, on: bool) -> None:
        """Refuse what reaches a shell, a file or memory, in this session and later ones; or no longer."""
        self.safe = on
        if self.session:
            self.session.safe = on

    def why_not_lent(self) -> str:
        """Why a bare terminal cannot have the prompt now, or nothing."""
        from rca.crash.session import CrashSession

        if self.session is None:
            return _CLOSED
        if not isinstance(self.session, CrashSession):
            return "Only a crash that runs can be attached to a terminal."
        return self.session.loan.why_not()

    def hand_over(
        self, around: Callable[[], AbstractContextManager[object]], heard: Callable[[str], None]
    ) -> str:
        """Let the bare terminal have the prompt, within `around`, until Ctrl+]; `heard` takes each command typed there,
        on the session's thread. Returns why not, or nothing."""
        from rca.crash.bare import hand_over
        from rca.crash.session import CrashSession

        if why := self.why_not_lent():
            return why
        assert isinstance(self.session, CrashSession)
        with around():
            return hand_over(self.session, heard=heard)

    def interrupt(self) -> str:
        """Ctrl+C for the running command. Returns why not, or nothing."""
        return self.session.interrupt() if self.session else _CLOSED

    def _listen(self) -> _Ear:
        self._ear = _Ear(self._hearer)
        return self._ear

    def _begin(self, session: Session | None) -> None:
        self.session = session
        if session:
            session.safe = self.safe
            self.transcript = session.transcript
            session.start()
