"""What the screen needs of an investigation, and how it hears from one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from textual.message import Message

if TYPE_CHECKING:
    from rca.changes import Change
    from rca.changing.plan import Plan
    from rca.changing.run import Done
    from rca.crash.transcript import Transcript
    from rca.diagnosis.model import Confidence
    from rca.report.form import Form
    from rca.report.keeping import Kept
    from rca.report.rendering import Rendered, Wish
    from rca.report.sentences import Sentence
    from rca.sources.base import Dump
    from rca.steps.base import Facts
    from rca.verdict import Badge, Verdict


class Desk(Protocol):
    """One case being worked on: `rca.investigation.Investigation`, or a double of it in tests."""

    on_change: Callable[[Change], None]
    verdicts: Mapping[int, Verdict]
    facts: Facts
    form: Form
    place: Mapping[str, object]

    @property
    def transcript(self) -> Transcript: ...
    @property
    def directory(self) -> Path | None: ...
    @property
    def unsaved(self) -> str: ...
    @property
    def running_session(self) -> bool: ...
    @property
    def history(self) -> tuple[str, ...]: ...
    def start(self) -> None: ...
    def close(self) -> None: ...
    def type_field(self, name: str, text: str, proven: tuple[Sentence, ...] = ...) -> None: ...
    def take_draft(self, name: str) -> None: ...
    def set_confidence(self, confidence: Confidence) -> None: ...
    def stand_at(self, step: int, pane: str) -> None: ...
    def rerun(self, number: int) -> None: ...
    def decide(self, number: int, badge: Badge | None, note: str) -> str: ...
    def choose(self, dump: Dump) -> None: ...
    def plans(self) -> tuple[Plan, ...]: ...
    def carry_out(
        self, plan: Plan, told: Callable[[tuple[str, ...]], None], done: Callable[[Done], None]
    ) -> None: ...
    def run_crash(self, command: str) -> str: ...
    def interrupt(self) -> str: ...
    def set_safe(self, on: bool) -> str: ...
    def hand_over(self, around: Callable[[], AbstractContextManager[object]]) -> str: ...
    def symbols(self) -> tuple[str, ...]: ...
    def restart_crash(self) -> None: ...
    def take_changes(self, name: str, chosen: tuple[int, ...]) -> None: ...
    def render(self, wish: Wish = ...) -> Rendered: ...
    def export(self, wish: Wish = ...) -> Kept: ...


class Told(Message):
    """The investigation says that something changed."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change


class Hearing:
    """What an investigation says that began before there is a screen: kept until one listens. For several threads."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._lock = threading.Lock()
        self._kept: list[Change] = []
        self._hear = self._kept.append

    def __call__(self, change: Change) -> None:
        """Something changed."""
        with self._lock:
            self._hear(change)

    def listen(self, hear: Callable[[Change], None]) -> None:
        """Tell it all that was said so far, and from now on whatever is said, in its order."""
        with self._lock:
            for change in self._kept:
                hear(change)
            self._hear = hear
