"""When crash gave a dump up: the next rung of the ladder, and on the last ones a log where a session would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from rca.crash.base import START
from rca.crash.ladder import DMESG, LOG, Rung, log_argv
from rca.crash.recall import add_block
from rca.crashdesk import CrashDesk
from rca.evidence import Evidence, Kind, now
from rca.sources.base import Command, Dump, File, Probe, Source
from rca.sources.dumplog import ID as DMESG_ID
from rca.sources.node import NodeSource
from rca.sources.ssh import SshSource
from rca.steps.base import Facts

LOG_ID = "crash-log"
"""Evidence of ``crash --log``."""
_PATIENCE = 120.0
_LARGEST = 64 << 20


class Hearer(Protocol):
    """Who is told, on the investigation's own thread."""

    @property
    def facts(self) -> Facts:
        """All that is known now."""

    def later(self, what: Callable[[], None]) -> None:
        """Carry something out on the investigation's own thread."""

    def climbing(self, sentence: str) -> None:
        """Another rung is tried."""

    def fell_back(self, item: Evidence, shown: str) -> None:
        """A rung without a session gave this; the name of the rung, where its log stands in the transcript now."""


class Fallback:
    """The way down from a session that did not come about."""

    def __init__(
        self, crash: CrashDesk, source: Source, beside: Callable[[Callable[[], None]], None], hearer: Hearer
    ) -> None:
        """`beside` carries out work that may take its time, on a thread of its own."""
        self._crash = crash
        self._source = source
        self._beside = beside
        self._hearer = hearer
        self.asking = False
        """Whether ``crash --log`` runs, or the saved log is read."""

    def session_ended(self, message: str) -> bool:
        """crash has ended. Returns whether another session was begun in its place."""
        opening = self._hearer.facts.evidence.get(START)
        rung = self._crash.climb(tuple(opening.lines) if opening else (), message)
        if rung is not None:
            self._hearer.climbing(f"crash did not open the dump. Next: {rung.name}. {rung.explains}")
            self._try(rung)
        return rung is not None and rung.session

    def no_session(self) -> None:
        """crash cannot even be started: something is missing."""
        if not self._hearer.facts.crash.shows:
            self._try(LOG if self._hearer.facts.crash.program else DMESG)

    def _try(self, rung: Rung) -> None:
        facts = self._hearer.facts
        if rung.session:
            return  # it was begun by who climbed
        if rung is LOG and facts.crash.program and facts.dump and facts.dump.vmcore:
            argv = log_argv(facts.crash.program, str(facts.dump.vmcore))
            # crash lies on the node where that is asked over ssh, else on this machine
            source = self._source if isinstance(self._source, SshSource) else NodeSource()
            self._ask(LOG, source, Command(LOG_ID, argv, timeout=_PATIENCE, limit=_LARGEST))
        elif DMESG_ID not in facts.evidence and facts.dump and facts.dump.dmesg:
            self._ask(DMESG, self._source, File(DMESG_ID, (str(facts.dump.dmesg),)))
        else:
            nothing = Evidence(
                DMESG_ID,
                Kind.FILE,
                DMESG.name,
                facts.source_name,
                now(),
                problem="it is not there",
            )
            self._heard(DMESG, facts.evidence.get(DMESG_ID, nothing))

    def _ask(self, rung: Rung, source: Source, probe: Probe) -> None:
        dump = self._hearer.facts.dump
        self.asking = True

        def work() -> None:
            item = source.collect(probe)
            self._hearer.later(lambda: self._came(rung, item, dump))

        self._beside(work)

    def _came(self, rung: Rung, item: Evidence, dump: Dump | None) -> None:
        self.asking = False
        if dump == self._hearer.facts.dump:  # else another one was chosen meanwhile
            self._heard(rung, item)

    def _heard(self, rung: Rung, item: Evidence) -> None:
        """Show the log; where there is none, go on to the last rung."""
        got = item.ok and item.exit_status in (0, None) and any(line.strip() for line in item.lines)
        if got:
            if not any(block.evidence == item.id for block in self._crash.transcript.blocks):
                add_block(self._crash.transcript, f"$ {item.what}", rung.name, item)
        else:
            last = next((line.strip() for line in reversed(item.lines) if line.strip()), "it gave no log")
            self._crash.tried = (*self._crash.tried, f"{rung.name}: {item.problem or last}")
        self._hearer.fell_back(item, rung.name if got else "")
        if rung is LOG and not got:
            dump = self._hearer.facts.dump
            if dump and dump.dmesg:
                self._hearer.climbing(f"{LOG.name} gave no log. Next: {DMESG.name}. {DMESG.explains}")
            else:
                self._hearer.climbing(
                    f"{LOG.name} gave no log, and no {DMESG.name} was saved beside the dump."
                )
            self._try(DMESG)
