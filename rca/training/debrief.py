"""The debrief: the learner's RCA beside the expert's, point by point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rca.diagnosis.model import Confidence
from rca.training.calibration import calibrated
from rca.training.lesson import Expert, Overclaim, Point

CONFIDENCE, CONTENT = 0.25, 0.75
"""Shares of the RCA's points."""
_CLAUSES = re.compile(r"(?<=[.;:,])\s|\n| but ")
_DENIES = re.compile(r"\b(?:no|not|nothing|never|neither|nor|without|unlikely|innocent|ruled? out)\b|n't\b")
"""Words by which a clause takes back what else stands in it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the expert's points and what the learner wrote there."""

    point: Point
    yours: str
    found: bool
    """Whether the words by which the point is known stand there. It is a machine's reading: look yourself."""


@dataclass(frozen=True, slots=True)
class Debrief:
    """The whole comparison."""

    points: tuple[Compared, ...]
    overclaims: tuple[Overclaim, ...]
    stated: Confidence
    expert: Confidence
    calibration: float
    """0 to 1."""
    too_sure: bool
    possible: float

    @property
    def earned(self) -> float:
        """Points. Each over-claim costs as much as one point of the expert's earns."""
        right = sum(item.found for item in self.points) - len(self.overclaims)
        content = max(0.0, right / len(self.points))
        return self.possible * (CONTENT * content + CONFIDENCE * self.calibration)


def debrief(expert: Expert, rca: Mapping[str, str], stated: Confidence | None) -> Debrief:
    """Compare an RCA, given as text by heading, with the expert's."""
    said = stated or Confidence.UNKNOWN
    fits, over = calibrated(said, expert.confidence)
    return Debrief(
        points=tuple(_compare(point, rca.get(point.field, "")) for point in expert.points),
        overclaims=tuple(
            claim for claim in expert.overclaims if _claims(claim.words, rca.get(claim.field, "").casefold())
        ),
        stated=said,
        expert=expert.confidence,
        calibration=fits,
        too_sure=over,
        possible=expert.worth,
    )


def _compare(point: Point, text: str) -> Compared:
    folded = " ".join(text.casefold().split())
    return Compared(point, text, all(_any(group, folded) for group in point.words))


def _claims(words: tuple[str, ...], folded: str) -> bool:
    """Whether a clause says one of them; a clause that denies it does not."""
    return any(
        word in clause and not _DENIES.search(clause.replace(word, ""))
        for clause in _CLAUSES.split(folded)
        for word in map(str.casefold, words)
    )


def _any(words: tuple[str, ...], folded: str) -> bool:
    return any(word.casefold() in folded for word in words)
