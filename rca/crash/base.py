"""The one interface of a crash session, live or replayed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from rca.crash.transcript import Block, Transcript
from rca.evidence import Evidence

MANDATORY = ("sys", "log", "bt", "bt -a", "mod", "kmem -i", "kmem -s")
"""The runbook's six commands, after `sys`, which says what was opened (``-s`` suppresses the banner)."""

START = "crash"
"""Command of the first block, and id of its evidence: what crash printed before its first prompt. Its warnings say
how far the session can be trusted."""


class SessionState(StrEnum):
    """Where a session stands."""

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    DEAD = "dead"


class Listener(Protocol):
    """Who wants to know. Called from the session's own thread: return at once, never raise."""

    def session_changed(self, state: SessionState, message: str) -> None:
        """The state is another one, or its message is.

        `message` is one sentence or less: STARTING, what crash gathers; BUSY, the command, or what it waits for; READY,
        nothing much; DEAD, why it ended and what crash said last.
        """

    def output_arrived(self, lines: int) -> None:
        """The transcript has grown to `lines` lines. At most ten times a second while a command runs."""

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        """A command's output is whole (or interrupted: evidence.problem says so) and stands in `evidence`."""


class Session(Protocol):
    """A crash session. Commands queue; each yields one piece of evidence."""

    transcript: Transcript
    safe: bool
    """Whether what reaches a shell, a file or memory is refused. May be switched at any time."""

    @property
    def state(self) -> SessionState:
        """Where it stands now."""

    @property
    def message(self) -> str:
        """The sentence that came with the last change of state."""

    @property
    def pending(self) -> tuple[str, ...]:
        """Commands that wait for the running one."""

    def start(self) -> None:
        """Begin; returns at once. The listener hears READY or DEAD."""

    @property
    def running(self) -> str:
        """The command that runs now, or nothing."""

    def submit(self, command: str) -> str:
        """Queue one command line. Returns one sentence saying why it was refused, or nothing."""

    def interrupt(self) -> str:
        """Send Ctrl+C to the running command; queued ones are dropped.

        Returns one sentence saying why not, or nothing: crash dies of an interrupt while it starts.
        """

    def close(self) -> None:
        """End the process, whatever state it is in, and reap it. Idempotent; returns within two seconds."""


class Ids:
    """Evidence ids for the commands of one session: the first `bt` is ``bt``, a second one ``bt-2``.

    The mandatory commands keep their own ids, whatever else was typed before them; a command that failed frees its id.
    """

    def __init__(self, reserved: Iterable[str] = MANDATORY, taken: Iterable[str] = ()) -> None:
        self._owner = {evidence_id(command): normal(command) for command in reserved}
        self._used = set(taken)

    def take(self, command: str) -> str:
        """The id for one more run of `command`."""
        plain = evidence_id(command)
        number, candidate = 1, plain
        while candidate in self._used or self._owner.setdefault(candidate, normal(command)) != normal(
            command
        ):
            number += 1
            candidate = f"{plain}-{number}"
        self._used.add(candidate)
        return candidate

    def free(self, taken: str) -> None:
        """The command gave nothing usable: its next run may have the id."""
        self._used.discard(taken)


def normal(command: str) -> str:
    """The command with single blanks, as it is compared and kept."""
    return " ".join(command.split())


def evidence_id(command: str) -> str:
    """The id under which a command's output is kept: ``bt -a`` → ``bt-a``. File-name safe, never empty."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "._") else "-" for c in command.strip())
    return "-".join(part for part in kept.split("-") if part)[:60].lstrip(".") or "command"
