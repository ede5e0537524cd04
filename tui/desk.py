"""What the screen needs of an investigation, and the message by which it hears from one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    from rca.sources.base import Dump
    from rca.steps.base import Facts
    from rca.verdict import Badge, Verdict


class Desk(Protocol):
    """One case being worked on: `rca.investigation.Investigation`, or a double of it in tests."""

    on_change: Callable[[Change], None]
    verdicts: Mapping[int, Verdict]
    facts: Facts
    form: Form
    history: tuple[str, ...]
    place: Mapping[str, object]

    @property
    def transcript(self) -> Transcript: ...
    @property
    def directory(self) -> Path | None: ...
    @property
    def running_session(self) -> bool: ...
    def start(self) -> None: ...
    def close(self) -> None: ...
    def type_field(self, name: str, text: str) -> None: ...
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
    def restart_crash(self) -> None: ...
    def export(self) -> Path: ...
    def markdown(self) -> str: ...


class Told(Message):
    """The investigation says that something changed."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change
