"""One learner's way through one lesson, as a value: what was predicted, marked, asked and claimed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from rca.diagnosis.model import Confidence
from rca.encoding import DAMAGE, citations, plain
from rca.evidence import Citation
from rca.training.lessonfile import RUNGS

SCHEMA = 1


class Phase(StrEnum):
    """What is due next."""

    PREDICT = "predict"
    """Commit an expectation; crash stays shut until then."""
    PROVE = "prove"
    """Run commands, mark lines, state a confidence."""
    REVIEW = "review"
    """Read what the coach says about the step."""
    RCA = "rca"
    """All steps are done: write the RCA."""
    DEBRIEF = "debrief"
    """Handed in."""


@dataclass(frozen=True, slots=True)
class StepWork:
    """What was done in one step."""

    prediction: int | None = None
    """Index of the choice."""
    marks: tuple[Citation, ...] = ()
    hints: int = 0
    """Rungs that were asked for, 0 to 4."""
    told: tuple[str, ...] = ()
    """What the learner said that the hints mean, before each further rung."""
    confidence: Confidence | None = None
    """Stated with the marked lines: the step is handed in."""
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A whole attempt. Every change makes a new one."""

    steps: tuple[StepWork, ...]
    commands: tuple[str, ...] = ()
    """Typed at crash's prompt, in order; typed again when the lesson is resumed."""
    handed_in: bool = False
    rca: tuple[tuple[str, str], ...] = ()
    """Heading and text of every field, as they were handed in."""
    stated: Confidence | None = None
    """The confidence that the RCA states."""

    @property
    def at(self) -> int:
        """Index of the step that is due; the number of steps when all are done."""
        return next((n for n, work in enumerate(self.steps) if not work.reviewed), len(self.steps))

    @property
    def phase(self) -> Phase:
        """What is due."""
        if self.handed_in:
            return Phase.DEBRIEF
        if self.at == len(self.steps):
            return Phase.RCA
        work = self.steps[self.at]
        if work.prediction is None:
            return Phase.PREDICT
        return Phase.PROVE if work.confidence is None else Phase.REVIEW

    @property
    def work(self) -> StepWork:
        """What was done in the step that is due. Raises IndexError when all are done."""
        return self.steps[self.at]

    @property
    def begun(self) -> bool:
        """Whether anything was done."""
        return self.steps[0].prediction is not None

    def with_work(self, work: StepWork) -> Attempt:
        """The same with the due step's work changed."""
        at = self.at
        return replace(self, steps=(*self.steps[:at], work, *self.steps[at + 1 :]))


def new_attempt(steps: int) -> Attempt:
    """Nothing done yet."""
    return Attempt((StepWork(),) * steps)


def attempt_to_json(attempt: Attempt) -> dict[str, Any]:
    """As it is kept."""
    return {"schema": SCHEMA, **plain(attempt)}


def attempt_from_json(data: object, steps: int) -> Attempt | None:
    """Read back; None where it is damaged or of another form of the lesson."""
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        return None
    try:
        attempt = Attempt(
            tuple(_work(item) for item in data["steps"]),
            tuple(str(item) for item in data["commands"]),
            bool(data["handed_in"]),
            tuple((str(heading), str(text)) for heading, text in data["rca"]),
            _confidence(data["stated"]),
        )
    except DAMAGE:
        return None
    return attempt if _sound(attempt, steps) else None


def _sound(attempt: Attempt, steps: int) -> bool:
    """Whether the rules could have led there, in a lesson of so many steps."""
    done, later = attempt.steps[: attempt.at], attempt.steps[attempt.at + 1 :]
    return (
        len(attempt.steps) == steps
        and all(0 <= work.hints <= len(RUNGS) for work in attempt.steps)
        and all(work.confidence is not None for work in done)
        and all(work == StepWork() for work in later)
        and (attempt.at == steps or not attempt.handed_in)
    )


def _work(data: Mapping[str, Any]) -> StepWork:
    prediction = data["prediction"]
    return StepWork(
        prediction=None if prediction is None else int(prediction),
        marks=citations(data["marks"]),
        hints=int(data["hints"]),
        told=tuple(str(item) for item in data["told"]),
        confidence=_confidence(data["confidence"]),
        reviewed=bool(data["reviewed"]),
    )


def _confidence(data: Any) -> Confidence | None:
    return None if data is None else Confidence(data)
