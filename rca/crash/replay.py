"""A crash session that was recorded: the demo, a training scenario, a colleague's case, a test double.

What was recorded is answered as it was. What was not is said to be missing, in a piece of evidence that has a problem
and no lines, so that nothing can be cited from it.
"""

from __future__ import annotations

import textwrap
import threading
from collections import deque
from collections.abc import Mapping

from rca.crash.base import START, Listener, SessionState, evidence_id, normal
from rca.crash.ledger import ENDING
from rca.crash.piped import NOT_REPLAYED, Piped, piped_elsewhere, split_pipe
from rca.crash.safety import malformed, refusal
from rca.crash.transcript import Block, Transcript
from rca.crash.voice import Voice
from rca.evidence import Evidence, Kind, now

_ALIASES = {"dmesg": "log", "lsmod": "mod"}
_WIDTH = 76
"""Cells of a line that says why there is no answer; it is read on 80 columns."""
_PROMPT = "crash> "


def spelled_out(command: str) -> str:
    """A command as it is recorded: single blanks, crash's own aliases resolved."""
    first, _, rest = normal(command).partition(" ")
    return f"{_ALIASES.get(first, first)} {rest}".strip()


class ReplaySession:
    """`rca.crash.base.Session` over recorded evidence."""

    def __init__(self, evidence: Mapping[str, Evidence], listener: Listener) -> None:
        """`evidence` by id; only that of kind CRASH is answered."""
        self.transcript = Transcript()
        self.safe = True
        self._recorded = {
            normal(item.what if item.id != START else START): item
            for item in evidence.values()
            if item.kind is Kind.CRASH and item.ok
        }
        self._voice = Voice(listener)
        self._running = ""
        self._queue: deque[str] = deque()
        self._wish = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="crash-replay", daemon=True)

    @property
    def state(self) -> SessionState:
        """Where it stands now."""
        return self._voice.state

    @property
    def message(self) -> str:
        """The sentence that came with the last change."""
        return self._voice.message

    @property
    def pending(self) -> tuple[str, ...]:
        """Commands that wait for the running one."""
        with self._wish:
            return tuple(self._queue)

    @property
    def running(self) -> str:
        """The command that is being answered, or nothing."""
        return self._running

    @property
    def recorded(self) -> tuple[str, ...]:
        """The commands that can be answered."""
        return tuple(command for command in self._recorded if command != START)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def submit(self, command: str) -> str:
        """Queue one command line. Returns why it was refused, or nothing."""
        command = command.strip()
        asked = split_pipe(command).command
        if reason := (refusal(asked) if self.safe else malformed(command)):
            return NOT_REPLAYED if piped_elsewhere(command) else reason
        with self._wish:
            if self._closing or self._voice.state is SessionState.DEAD:
                return f"The session has ended: {self._voice.message}"
            if command:
                self._queue.append(command)
                self._wish.notify()
        return ""

    def interrupt(self) -> str:
        """Drop the queued commands; the answer that is arriving comes whole."""
        with self._wish:
            if self._voice.state is SessionState.DEAD:
                return f"The session has ended: {self._voice.message}"
            self._queue.clear()
        return ""

    def close(self) -> None:
        """End it. Idempotent."""
        with self._wish:
            self._closing = True
            self._wish.notify()
        if self._thread.ident is None:
            self._voice.become(SessionState.DEAD, "closed before it was started")
        elif self._thread is not threading.current_thread():
            self._thread.join(1.9)

    def _run(self) -> None:
        self._begin()
        while command := self._next():
            if command in ENDING:
                self.transcript.lines.append(_PROMPT + command)
                self._voice.arrived(len(self.transcript.lines))
                self._voice.become(SessionState.DEAD, f"the replay was ended by {command}")
                return
            self._answer(command)
        self._voice.become(SessionState.DEAD, "closed")

    def _begin(self) -> None:
        self._voice.become(SessionState.STARTING, "opening the recording")
        opening = self._recorded.get(START)
        if opening:
            self._play(START, f"$ {opening.what}", opening)
        self._voice.become(SessionState.READY, "ready (a recording)")

    def _next(self) -> str:
        """Wait for a command; nothing when the session is to close."""
        with self._wish:
            self._wish.wait_for(lambda: self._queue or self._closing)
            return "" if self._closing else self._queue.popleft()

    def _answer(self, command: str) -> None:
        self._running = command
        self._voice.become(SessionState.BUSY, command)
        piped = split_pipe(command)
        item = self._recorded.get(spelled_out(piped.command)) or self._missing(command)
        self._play(command, _PROMPT + command, item, piped)
        self._running = ""
        if not self._closing:
            self._voice.become(SessionState.READY, "ready (a recording)")

    def _missing(self, command: str) -> Evidence:
        told = f"not recorded: {command}; recorded: {', '.join(self.recorded) or 'nothing'}"
        taken = evidence_id(f"not-recorded {command}")
        return Evidence(taken, Kind.CRASH, command, "recording", now(), problem=told)

    def _play(self, command: str, shown: str, item: Evidence, piped: Piped | None = None) -> None:
        """Let the answer arrive, and hand its evidence over.

        A filter shortens what is shown; the evidence is always the whole answer, for a citation counts its lines.
        """
        lines = self.transcript.lines
        lines.append(shown)
        block = Block(command, len(lines), item.started)
        self.transcript.blocks.append(block)
        output = item.lines if item.ok else tuple(textwrap.wrap(item.problem, _WIDTH))
        if piped and item.ok:
            output = piped.shown(output)
        if output:
            lines += output
            self._voice.arrived(len(lines))
        block.end = len(lines)
        block.seconds = item.seconds
        block.evidence = item.id
        self._voice.ended(block, item)
