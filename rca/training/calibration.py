"""How well a stated confidence fits what the evidence carries."""

from __future__ import annotations

from rca.diagnosis.model import Confidence

LADDER = tuple(reversed(Confidence))
"""From unknown to confirmed."""
BELOW = (1.0, 0.6, 0.3, 0.0)
"""The share earned by a confidence so many rungs below what is carried. Above: none."""


def calibrated(stated: Confidence, carried: Confidence) -> tuple[float, bool]:
    """The share that a stated confidence earns, and whether it claims too much."""
    below = LADDER.index(carried) - LADDER.index(stated)
    return (0.0, True) if below < 0 else (BELOW[below], False)


def carried(most: Confidence, found: float) -> Confidence:
    """What lines carry of which a share was found: all the proof carries `most`, a part of it is a hint at best."""
    if found == 1:
        return most
    return min(most, Confidence.POSSIBLE, key=LADDER.index) if found else Confidence.UNKNOWN
