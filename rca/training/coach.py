"""The coach's rules: what a learner may do when. Pure: an attempt and an act in, the next attempt out.

An act that is not due raises NotDueError with a sentence for people, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from parsers.text import visible
from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.training.attempt import Attempt, Phase, StepWork
from rca.training.lesson import Lesson


class NotDueError(Exception):
    """An act out of its turn; the text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Support:
    """How much help comes unasked. It fades as lessons are finished."""

    first_hint_given: bool
    """The first rung is shown with the task and costs nothing."""
    marks_before_hints: bool
    """A hint is given only after a first line was marked."""


def support(finished: int) -> Support:
    """The help for somebody who has finished so many other lessons."""
    return Support(first_hint_given=finished == 0, marks_before_hints=finished >= 4)


def predict(lesson: Lesson, attempt: Attempt, choice: int) -> Attempt:
    """Commit a prediction; it cannot be changed."""
    _due(attempt, Phase.PREDICT)
    if not 0 <= choice < len(lesson.steps[attempt.at].choices):
        raise NotDueError("There is no such choice.")
    return attempt.with_work(replace(attempt.work, prediction=choice))


def may_run(attempt: Attempt) -> str:
    """Why no command may run now; empty when one may."""
    if attempt.phase is Phase.PREDICT:
        return "Predict first: the coach (F2) asks what you expect to see."
    return ""


def ran(attempt: Attempt, command: str) -> Attempt:
    """Remember a command that ran."""
    return replace(attempt, commands=(*attempt.commands, command))


def mark(attempt: Attempt, line: Citation) -> Attempt:
    """Mark a line as proof, or take its mark back."""
    _due(attempt, Phase.PROVE)
    marks = attempt.work.marks
    kept = tuple(item for item in marks if (item.evidence, item.line) != (line.evidence, line.line))
    return attempt.with_work(replace(attempt.work, marks=kept if len(kept) < len(marks) else (*marks, line)))


def hint(lesson: Lesson, attempt: Attempt, told: str, help_: Support) -> Attempt:
    """Give the next rung. Before any but the first, `told` says in the learner's words what the last one means."""
    _due(attempt, Phase.PROVE)
    work, step = attempt.work, lesson.steps[attempt.at]
    if help_.marks_before_hints and not work.marks:
        raise NotDueError("Mark a line first, even one you doubt; then ask for a hint.")
    shown = shown_hints(work, help_)
    if shown >= len(step.hints):
        raise NotDueError("The last hint was the answer.")
    told = visible(" ".join(told.split()))
    if shown and not told:
        raise NotDueError("Say first, in your words, what the last hint tells you.")
    return attempt.with_work(replace(work, hints=shown + 1, told=(*work.told, told) if shown else work.told))


def shown_hints(work: StepWork, help_: Support) -> int:
    """How many rungs the learner sees."""
    return max(work.hints, 1 if help_.first_hint_given else 0)


def hand_in(attempt: Attempt, confidence: Confidence) -> Attempt:
    """State how sure the marked lines make one, and hand the step in."""
    _due(attempt, Phase.PROVE)
    if not attempt.work.marks and confidence is not Confidence.UNKNOWN:
        raise NotDueError("Mark the lines that prove it first; without any, only unknown can be claimed.")
    return attempt.with_work(replace(attempt.work, confidence=confidence))


def go_on(attempt: Attempt) -> Attempt:
    """Leave the review for the next step."""
    _due(attempt, Phase.REVIEW)
    return attempt.with_work(replace(attempt.work, reviewed=True))


def hand_in_rca(
    lesson: Lesson, attempt: Attempt, rca: Mapping[str, str], stated: Confidence | None
) -> Attempt:
    """Hand the RCA in, by heading, for the debrief: from now on it stands."""
    _due(attempt, Phase.RCA)
    fields = dict.fromkeys(point.field for point in lesson.expert.points)
    if not any(rca.get(field, "").strip() for field in fields):
        raise NotDueError(f"Write something first, if only UNKNOWN: {', '.join(fields)}.")
    return replace(attempt, handed_in=True, rca=tuple(rca.items()), stated=stated)


def _due(attempt: Attempt, phase: Phase) -> None:
    if attempt.phase is not phase:
        raise NotDueError(_INSTEAD[attempt.phase])


_INSTEAD = {
    Phase.PREDICT: "First commit a prediction.",
    Phase.PROVE: "First mark the lines that prove the point, and state how sure they make you.",
    Phase.REVIEW: "First read the coach's review, and go on.",
    Phase.RCA: "All steps are done: write the RCA and hand it in.",
    Phase.DEBRIEF: "This attempt is handed in; begin anew to change it.",
}
