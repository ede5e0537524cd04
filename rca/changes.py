"""What an investigation tells whoever watches it: past-tense facts, each a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rca.crash.base import SessionState
from rca.diagnosis.model import Diagnosis
from rca.report.form import Form
from rca.sources.base import Dump
from rca.verdict import Verdict


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """The dump was chosen and the case directory is there; what it remembered is in `Investigation.case`."""

    directory: Path
    dump: Dump | None


@dataclass(frozen=True, slots=True)
class StepsJudged:
    """The badges are now these (all of them, by number)."""

    verdicts: Mapping[int, Verdict]


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """The crash session is in another state."""

    state: SessionState
    message: str


@dataclass(frozen=True, slots=True)
class OutputArrived:
    """The transcript has grown to this many lines."""

    lines: int


@dataclass(frozen=True, slots=True)
class SafeSwitched:
    """Safe mode was turned on or off for this case."""

    on: bool


@dataclass(frozen=True, slots=True)
class CommandEnded:
    """A crash command's output is whole and saved as this piece of evidence."""

    evidence: str
    command: str


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The diagnosis is now this one."""

    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class FormChanged:
    """The form has new drafts, or was edited elsewhere."""

    form: Form


@dataclass(frozen=True, slots=True)
class NewsCame:
    """Something changed on the machine by itself, or by somebody else: one sentence."""

    sentence: str


@dataclass(frozen=True, slots=True)
class TroubleArose:
    """Something went wrong that people must know: one sentence."""

    sentence: str


Change = (
    CaseOpened
    | StepsJudged
    | SessionChanged
    | OutputArrived
    | SafeSwitched
    | CommandEnded
    | Diagnosed
    | FormChanged
    | NewsCame
    | TroubleArose
)
