"""What a source ran for itself: the programs behind a question (find, dd, df over ssh), told to who keeps the audit.

Probes are not among them: what they ran is evidence, and audited as that.
"""

from __future__ import annotations

import hashlib
import shlex
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from parsers.text import visible
from rca.evidence import Evidence, now

if TYPE_CHECKING:
    from rca.sources.base import Command
    from rca.sources.process import Outcome

Run = Callable[["Command"], "Outcome"]
_MOST = 10_000
"""Runs that are kept while nobody listens."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One program that has run."""

    what: str
    """The command line."""
    where: str
    started: datetime
    seconds: float
    status: int | None
    size: int
    """Bytes of its output."""
    sha256: str
    """Of its output, in hexadecimal."""
    problem: str = ""


class Runs:
    """Holds what has run until somebody listens, then tells each at once. Safe to use from several threads."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._lock = threading.Lock()
        self._waiting: deque[Ran] = deque(maxlen=_MOST)
        self._tell: Callable[[Ran], None] = self._waiting.append

    def listen(self, tell: Callable[[Ran], None]) -> None:
        """Tell `tell` what has run so far, and from now on; whoever listened before hears no more."""
        with self._lock:
            self._tell = tell
            while self._waiting:
                tell(self._waiting.popleft())

    def note(self, ran: Ran) -> None:
        """Tell of a program that has run."""
        with self._lock:
            self._tell(ran)

    def heard(self, run: Run, where: str) -> Run:
        """The same way to run a command, with each told of."""

        def told(command: Command) -> Outcome:
            started, clock = now(), time.monotonic()
            outcome = run(command)
            self.note(ran(command.argv, where, started, time.monotonic() - clock, outcome))
            return outcome

        return told


def of_evidence(item: Evidence) -> Ran:
    """A command that was asked as a probe, and whose answer is not what is kept."""
    said = item.text.encode()
    digest = hashlib.sha256(said).hexdigest()
    return Ran(
        item.what, item.where, item.started, item.seconds, item.exit_status, len(said), digest, item.problem
    )


def ran(argv: tuple[str, ...], where: str, started: datetime, seconds: float, outcome: Outcome) -> Ran:
    """What came of a command, as the audit wants it."""
    said = outcome.joined
    digest = hashlib.sha256(said).hexdigest()
    what, problem = visible(shlex.join(argv)), visible(outcome.problem)
    return Ran(what, where, started, seconds, outcome.status, len(said), digest, problem)
