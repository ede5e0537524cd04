"""What an attempt is worth: for evidence, for calibration and for not over-claiming. Never for speed.

Of a step's points one fifth is for the prediction, half for the marked lines, the rest for a confidence that these
lines carry. A hint costs a share of the lines' half: the higher its rung, the more; the answer costs all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.training.attempt import Attempt, StepWork
from rca.training.calibration import calibrated, carried
from rca.training.debrief import Debrief, debrief
from rca.training.lesson import Cited, Lesson, LessonStep, Misread, proves

PREDICTION, EVIDENCE, CALIBRATION = 0.2, 0.5, 0.3
LEFT_AFTER = (1.0, 0.9, 0.7, 0.4, 0.0)
"""Share of the lines' points that is left after so many rungs."""
MISREAD, STRAY = 0.4, 0.1
"""What one line costs that is the trap, and one that proves nothing, as shares of the lines' points."""
ADDS, UNPROVEN = 0.1, 0.8
"""What one line earns that adds little, and the most that such lines leave of an unfinished proof, as such shares."""


@dataclass(frozen=True, slots=True)
class StepScore:
    """One step, judged."""

    possible: float
    predicted: bool
    found: float
    """Share of the best matching proof, 0 to 1."""
    evidence: float
    """What is left of it after misreads, stray lines and hints, with what lines add that prove nothing, 0 to 1."""
    calibration: float
    """0 to 1."""
    overclaimed: bool
    """More was claimed than the marked lines carry."""
    carried: Confidence
    """What they carry."""
    shown: bool
    """The answer was asked for."""
    misread: tuple[Misread, ...]
    stray: tuple[Citation, ...]
    little: tuple[Citation, ...]
    """Marked lines that add little."""
    missing: tuple[Cited, ...]
    """Lines of the best matching proof that are not marked."""

    @property
    def earned(self) -> float:
        """Points."""
        share = PREDICTION * self.predicted + EVIDENCE * self.evidence + CALIBRATION * self.calibration
        return self.possible * share


@dataclass(frozen=True, slots=True)
class Score:
    """A whole attempt, judged as far as it went."""

    steps: tuple[StepScore, ...]
    """Those that were handed in."""
    rca: Debrief | None
    """None until it is handed in."""
    possible: float
    """Of the whole lesson."""

    @property
    def earned(self) -> float:
        """Points."""
        return sum(step.earned for step in self.steps) + (self.rca.earned if self.rca else 0.0)

    @property
    def percent(self) -> int:
        """Of all points that the lesson has."""
        return round(100 * self.earned / self.possible)

    @property
    def evidence(self) -> int:
        """Per cent, over the steps that were handed in."""
        return _percent([step.evidence for step in self.steps])

    @property
    def calibration(self) -> int:
        """Per cent, over the steps and the RCA that were handed in."""
        return _percent(
            [step.calibration for step in self.steps] + ([self.rca.calibration] if self.rca else [])
        )

    @property
    def overclaims(self) -> int:
        """How often more was said than the evidence carries."""
        said = sum(step.overclaimed for step in self.steps)
        return said + (len(self.rca.overclaims) + self.rca.too_sure if self.rca else 0)


def score_step(step: LessonStep, work: StepWork) -> StepScore:
    """Judge one step that was handed in."""
    best = max(step.proofs, key=lambda proof: proves(proof, work.marks))
    found = proves(best, work.marks)
    misread = tuple(item for item in step.misreads if any(item.line.names(mark) for mark in work.marks))
    known = {cited for proof in step.proofs for cited in proof} | {item.line for item in step.misreads}
    others = [mark for mark in work.marks if not any(cited.names(mark) for cited in known)]
    little = tuple(mark for mark in others if any(cited.names(mark) for cited in step.adds))
    stray = tuple(mark for mark in others if mark not in little)
    reached = max(found, min(UNPROVEN, found + ADDS * len(little)))
    share = max(0.0, reached - MISREAD * len(misread) - STRAY * len(stray)) * LEFT_AFTER[work.hints]
    most = carried(step.confidence, found)
    fits, over = calibrated(work.confidence or Confidence.UNKNOWN, most)
    return StepScore(
        possible=step.points,
        predicted=work.prediction == step.right,
        found=found,
        evidence=share,
        calibration=fits,
        overclaimed=over,
        carried=most,
        shown=work.hints == len(step.hints),
        misread=misread,
        stray=stray,
        little=little,
        missing=tuple(cited for cited in best if not any(cited.names(mark) for mark in work.marks)),
    )


def score(lesson: Lesson, attempt: Attempt) -> Score:
    """Judge an attempt as far as it went."""
    done = zip(lesson.steps, attempt.steps, strict=True)
    return Score(
        steps=tuple(score_step(step, work) for step, work in done if work.confidence is not None),
        rca=debrief(lesson.expert, dict(attempt.rca), attempt.stated) if attempt.handed_in else None,
        possible=sum(step.points for step in lesson.steps) + lesson.expert.worth,
    )


def _percent(shares: list[float]) -> int:
    return round(100 * sum(shares) / len(shares)) if shares else 0
