"""The stand-in crash, and a listener that remembers and can be waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from rca.crash.base import START, SessionState
from rca.crash.session import CrashSession
from rca.crash.transcript import Block
from rca.evidence import Evidence

FAKE = Path(__file__).with_name("fake_crash.py")
PATIENCE = 30.0
"""Seconds after which a wait gives up: only ever reached by a failure."""


class Recorder:
    """A `Listener` that keeps everything it hears."""

    def __init__(self) -> None:
        self.states: list[tuple[SessionState, str]] = []
        self.counts: list[int] = []
        self.ended: list[tuple[Block, Evidence]] = []
        self._news = threading.Condition()

    def session_changed(self, state: SessionState, message: str) -> None:
        with self._news:
            self.states.append((state, message))
            self._news.notify_all()

    def output_arrived(self, lines: int) -> None:
        with self._news:
            self.counts.append(lines)
            self._news.notify_all()

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        with self._news:
            self.ended.append((block, evidence))
            self._news.notify_all()

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for what the session will tell."""
        with self._news:
            assert self._news.wait_for(lambda: bool(condition()), PATIENCE), (self.states, self.ended)

    def until_state(self, state: SessionState) -> str:
        self.until(lambda: self.states and self.states[-1][0] is state)
        return self.states[-1][1]

    def evidence(self, command: str) -> Evidence:
        """Wait for the last evidence of a command."""
        self.until(lambda: any(block.command == command for block, _ in self.ended))
        return next(found for block, found in reversed(self.ended) if block.command == command)

    @property
    def opening(self) -> Evidence:
        return self.evidence(START)


Open = Callable[..., tuple[CrashSession, Recorder]]
