"""The one interface of a crash session, live or replayed."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from rca.crash.transcript import Block, Transcript
from rca.evidence import Evidence

MANDATORY = ("sys", "log", "bt", "bt -a", "mod", "kmem -i", "kmem -s")
"""The runbook's six commands, after `sys`, which says what was opened (``-s`` suppresses the banner)."""


class SessionState(StrEnum):
    """Where a session stands."""

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    DEAD = "dead"


class Listener(Protocol):
    """Who wants to know. Called from the session's own thread: return at once, never raise."""

    def session_changed(self, state: SessionState, message: str) -> None:
        """The state is another one; `message` says why in one sentence (for DEAD: what crash said last)."""

    def output_arrived(self, lines: int) -> None:
        """The transcript has grown to `lines` lines. At most ten times a second while a command runs."""

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        """A command's output is whole (or interrupted: evidence.problem says so) and stands in `evidence`."""


class Session(Protocol):
    """A crash session. Commands queue; each yields one piece of evidence."""

    transcript: Transcript

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

    def submit(self, command: str) -> None:
        """Queue one command line. Refused silently when DEAD."""

    def interrupt(self) -> None:
        """Send Ctrl+C to the running command; queued ones are dropped."""

    def close(self) -> None:
        """End the process, whatever state it is in, and reap it. Idempotent; returns within two seconds."""


def evidence_id(command: str) -> str:
    """The id under which a command's output is kept: ``bt -a`` → ``bt-a``. File-name safe, never empty."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "._") else "-" for c in command.strip())
    return "-".join(part for part in kept.split("-") if part)[:60].lstrip(".") or "command"
