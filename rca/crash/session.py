"""A live crash session: one process on a terminal of its own, one thread that owns it.

The thread reads, keeps the raw bytes on disk, turns them into lines, notices the prompt and sends the next command. The
screen is never waited for. All that other threads do is to leave a wish and wake it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from parsers.text import visible
from rca.crash.base import START, Listener, SessionState
from rca.crash.death import explain
from rca.crash.intake import INTERRUPT, Intake
from rca.crash.ledger import ENDING, Ledger
from rca.crash.loan import NAME as BARE
from rca.crash.loan import Loan
from rca.crash.process import Terminal
from rca.crash.prompt import SILENCE, Prompt
from rca.crash.safety import malformed, refusal
from rca.crash.transcript import Transcript
from rca.crash.voice import Voice

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())

_NOTIFY = 0.1
_WAITS = 1.5
"""Seconds of silence in mid-line, away from the prompt, after which the command is said to wait."""
_INTERRUPTS = 3
"""crash only notes the first two interrupts, for commands that ask; the third one throws the command out."""
_INTERRUPT_EVERY = 0.7
_QUIT_WITHIN = 0.5
_QUESTIONS = (b"?", b"(y/n)", b"(y or n)")
"""Ends of what a silent command waits after when it wants an answer and not just time."""


class CrashSession:
    """`rca.crash.base.Session` over a real process. Start it once; make a new one to restart."""

    def __init__(
        self,
        argv: Sequence[str],
        raw_log: Path,
        listener: Listener,
        where: str,
        *,
        safe: bool = True,
        refuses: Callable[[str], str] = refusal,
        prompt: str = "",
        variables: Mapping[str, str] | None = None,
        first: Sequence[str] = (),
        earlier: Transcript | None = None,
        taken: Iterable[str] = (),
    ) -> None:
        """`argv` from `launch()`; every byte is appended to `raw_log` first; `where` goes into the evidence.

        `safe` refuses what reaches a shell or writes, as `refuses` judges it; `prompt` defaults to the program's name
        and ``> ``; `variables` are added to crash's clean environment. The commands `first` are sent before anything
        else, and nobody sees what they say: one that this crash does not know costs its own line in the raw log. The
        transcript goes on after that of an `earlier` session, whose evidence ids are `taken`.
        """
        self.transcript = earlier or Transcript()
        self.pid: int | None = None
        """Of crash, once it was started."""
        self.safe = safe
        self._refuses = refuses
        self._argv = tuple(argv)
        self._beside = raw_log.parent
        text = prompt or Path(self._argv[0]).name + "> "
        self._intake = Intake(raw_log, text)
        self._prompt = Prompt(text, self._intake)
        self._stream = self._intake.stream
        self._voice = Voice(listener)
        self._variables = variables
        self._first = deque(first)
        self._hushed = False
        """Whether one of these runs."""
        self._queue: deque[str] = deque()
        self._answers: deque[bytes] = deque()
        self._lock = threading.Lock()
        self._closing = False
        self._interrupt = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._thread = threading.Thread(target=self._run, name="crash-session", daemon=True)
        self._ledger = Ledger(self.transcript, where, self._argv, taken)
        self._heard = self._notified = 0.0
        self._unsent = False
        self.loan = Loan(self._why_not_lent, self._wake)
        self._interrupts: list[float] = []
        self._noted = b""

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
        with self._lock:
            return tuple(self._queue)

    @property
    def running(self) -> str:
        """The command that runs now, or nothing."""
        return self._ledger.running

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def submit(self, command: str) -> str:
        """Queue one command line; where the running command asks something, it is the answer.

        Returns why it was refused, or nothing.
        """
        command = command.strip()
        if reason := (self._refuses(command) if self.safe else malformed(command)):
            return reason
        with self._lock:
            if self._voice.state is SessionState.DEAD or self._closing:
                return f"crash has ended: {self._voice.message}"
            if self._noted.rstrip().endswith(_QUESTIONS):
                self._answers.append(command.encode() + b"\n")
            elif command:
                self._queue.append(command)
        self._wake()
        return ""

    def interrupt(self) -> str:
        """Send Ctrl+C to the running command and drop the queued ones. Returns why not, or nothing."""
        with self._lock:
            if self._voice.state is SessionState.STARTING:
                return "crash is still starting, and an interrupt would kill it; close the session instead."
            if self._voice.state is SessionState.DEAD:
                return f"crash has ended: {self._voice.message}"
            self._queue.clear()
            self._interrupt = True
        self._wake()
        return ""

    def close(self) -> None:
        """End the process and reap it, whatever it does. Idempotent; returns within two seconds."""
        with self._lock:
            self._closing = True
        self._wake()
        if self._thread.ident is None:
            self._end("closed before it was started")
        elif self._thread is not threading.current_thread():
            self._thread.join(1.9)

    def _wake(self) -> None:
        with self._lock:
            if self._wake_write >= 0:
                with contextlib.suppress(BlockingIOError):
                    os.write(self._wake_write, b"\0")

    # From here on: the session's own thread.

    def _run(self) -> None:
        try:
            self._intake.open()
            terminal = Terminal(self._argv, self._beside, self._variables)
        except OSError as error:
            self._end(str(error))
            return
        try:
            self.pid = terminal.pid
            self._begin(START, "$ " + visible(" ".join(self._argv)).replace("\n", "\\n"))
            self._voice.become(SessionState.STARTING, f"opening {self._argv[-1]}")
            last_word = self._serve(terminal)
        except Exception as error:  # the thread must end in DEAD, whatever happened
            _log.exception("crash session")
            last_word = f"The session failed: {error}"
        self._bury(terminal, last_word)

    def _serve(self, terminal: Terminal) -> str:
        """Serve until the process ends (returns nothing) or has to (returns the last word)."""
        poll = select.poll()
        poll.register(terminal.fd, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        timeout: float | None = None
        while True:
            wait = None if timeout is None else max(0, int(timeout * 1000 + 0.999))
            for fd, _ in poll.poll(wait):
                if fd == self._wake_read:
                    os.read(fd, 4096)
                elif not self._read_burst(terminal):
                    return ""
            if self._closing:
                return self._leave(terminal)
            self._obey(terminal)
            timeout = self._look(terminal)

    def _read_burst(self, terminal: Terminal) -> bool:
        """Take what is there. False at the end of the output."""
        alive, lines = self._intake.read(terminal.read)
        if lines is not None:
            self._heard = time.monotonic()
            self._append(lines)
            if lines:
                self.loan.settling = False
        return alive

    def _append(self, lines: list[str]) -> None:
        if self._voice.state is SessionState.READY:
            lines = [line for line in lines if line.strip() not in ("", self._prompt.text.strip())]
        if lines and not self._hushed:
            self._ledger.take(self.loan.shown(lines) if self.running == BARE else lines)
            self._unsent = True

    def _obey(self, terminal: Terminal) -> None:
        """Carry out what other threads wished for."""
        now = time.monotonic()
        with self._lock:
            wished, self._interrupt = self._interrupt, False
            answers, self._answers = self._answers, deque()
        self.loan.serve(terminal, self._intake)
        if self._voice.state is SessionState.BUSY:
            for answer in answers:
                self._noted = b""
                terminal.write(answer)
            again = self._interrupts and now - self._interrupts[-1] >= _INTERRUPT_EVERY
            if wished or (again and len(self._interrupts) < _INTERRUPTS):
                self._intake.interrupted = True
                terminal.write(INTERRUPT)
                self._interrupts.append(now)
                self._noted = b""
            elif again and self._noted != INTERRUPT:
                self._noted = INTERRUPT
                self._voice.become(
                    SessionState.BUSY, f"{self.running}: does not answer Ctrl+C; close the session to end it"
                )
        elif self._voice.state is SessionState.READY and self.loan.wanted:
            self._stream.take()
            self._begin(BARE, self._prompt.text + BARE)
            self._voice.become(SessionState.BUSY, BARE)
            self.loan.begin(self._intake, self._prompt.text)
        elif self._voice.state is SessionState.READY:
            self._send_next(terminal)

    def _why_not_lent(self) -> str:
        if self._voice.state is SessionState.DEAD:
            return f"crash has ended: {self._voice.message}"
        if self._voice.state is not SessionState.READY or self.pending:
            return f"crash is not at its prompt: {self.running or self._voice.message}"
        return "Safe mode is on for this case, and a bare terminal passes everything on." if self.safe else ""

    def _send_next(self, terminal: Terminal) -> None:
        with self._lock:
            command = self._queue.popleft() if self._queue else ""
        if not command:
            return
        self._begin(command, self._prompt.text + command)
        self._interrupts, self._noted = [], b""
        self._voice.become(SessionState.BUSY, command)
        self._send(terminal, command)

    def _send(self, terminal: Terminal, command: str) -> None:
        self._stream.take()
        self._intake.expect_echo(command)
        terminal.write(command.encode() + b"\n")

    def _look(self, terminal: Terminal) -> float | None:
        """Notice prompts, pagers and questions; tell the listener. Returns how long nothing need be done."""
        now = time.monotonic()
        waits: list[float] = []
        if self._voice.state is not SessionState.READY and not (self.loan.lent or self.loan.settling):
            if remaining := self._prompt.awaited(terminal, now - self._heard):
                waits.append(remaining)
            elif remaining is not None:
                self._reached_prompt(terminal)
            else:
                waits += self._note(terminal, now)
        if self._unsent:
            rest = self._notified + _NOTIFY - now
            if rest <= 0:
                self._notify(now)
            else:
                waits.append(rest)
        if self._interrupts and self._voice.state is SessionState.BUSY and self._noted != INTERRUPT:
            waits.append(max(0.0, self._interrupts[-1] + _INTERRUPT_EVERY - now))
        return min(waits) if waits else None

    def _reached_prompt(self, terminal: Terminal) -> None:
        if rest := self._prompt.take(terminal):
            self._append([rest])
        started = self._voice.state is SessionState.STARTING
        if self._hushed:
            self._intake.settle()
        else:
            self._finish("interrupted: this may not be all" if self._interrupts else "")
        if self._first:
            self._hushed = True
            self._send(terminal, self._first.popleft())
            return
        self._hushed = False
        seconds = time.monotonic() - self._ledger.began
        self._voice.become(SessionState.READY, f"ready after {seconds:.0f} s" if started else "ready")
        self._send_next(terminal)

    def _note(self, terminal: Terminal, now: float) -> list[float]:
        """Say what a silent program waits for; leave a pager."""
        tail = self._stream.tail()
        if not tail:
            return []
        if self._voice.state is SessionState.STARTING:
            progress = self._stream.progress()
            if progress and progress != self._voice.message:
                self._voice.become(SessionState.STARTING, progress)
            return []
        if tail == self._noted:
            return []
        pager = b"-- MORE --" in tail
        rest = self._heard + (SILENCE if pager else _WAITS) - now
        if rest > 0:
            return [rest]
        self._noted = tail
        if pager:
            terminal.write(b"q")
        else:
            self._voice.become(SessionState.BUSY, f"{self.running}: waits after: {self._stream.words()}")
        return []

    def _begin(self, command: str, shown: str) -> None:
        self._ledger.begin(command, shown)
        self._heard = self._ledger.began
        self._unsent = True

    def _finish(self, problem: str) -> None:
        """Close the running block and hand its output over as evidence."""
        self.transcript.lines += self._intake.settle()
        done = self._ledger.finish(problem)
        if done is None:
            return
        self._notify(time.monotonic())
        block, evidence = done
        if evidence:
            self._voice.ended(block, evidence)

    def _leave(self, terminal: Terminal) -> str:
        """Ask it to quit when it listens, and give it a moment."""
        self._intake.expect_echo("q")
        if self._voice.state is SessionState.READY and terminal.write(b"q\n"):
            deadline = time.monotonic() + _QUIT_WITHIN
            poll = select.poll()
            poll.register(terminal.fd, select.POLLIN)
            while (rest := deadline - time.monotonic()) > 0:
                if poll.poll(int(rest * 1000) + 1) and not self._read_burst(terminal):
                    break
        return "closed"

    def _bury(self, terminal: Terminal, last_word: str) -> None:
        """Reap the process, close what is open, say why it ended."""
        starting = self._voice.state is SessionState.STARTING
        asked = self.running in ENDING
        status, signal_number = terminal.end()
        if rest := self._stream.take():
            self._append([rest])
        if not last_word and asked:
            last_word = f"crash was ended by {self.running}"
        if not last_word:
            last_word = explain(self.transcript.lines, status, signal_number, starting)
        self._finish("" if asked else last_word)
        self._end(last_word)

    def _end(self, last_word: str) -> None:
        self._intake.close()
        with self._lock:
            self._closing = True
            self._queue.clear()
            for fd in (self._wake_read, self._wake_write):
                if fd >= 0:
                    os.close(fd)
            self._wake_read = self._wake_write = -1
        if self._voice.state is not SessionState.DEAD:
            self._voice.become(SessionState.DEAD, last_word)

    def _notify(self, now: float) -> None:
        self._notified, self._unsent = now, False
        self._voice.arrived(len(self.transcript.lines))
