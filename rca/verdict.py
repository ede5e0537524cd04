"""Verdict: what a step concludes, with its proof and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rca.evidence import Citation


class Badge(StrEnum):
    """A step's state as a word. Colour only repeats it."""

    WAIT = "WAIT"
    """Not begun: it needs something that is not there yet."""
    RUN = "RUN"
    PASS = "PASS"
    WARN = "WARN"
    FAIL = "FAIL"
    NA = "N/A"
    """The question does not arise here, or this source cannot answer it."""
    SKIP = "SKIP"
    """A person decided to leave it out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One badge, one sentence, its citations, and the remedy."""

    badge: Badge
    summary: str
    """One sentence, without a full stop's worth of doubt left out."""
    citations: tuple[Citation, ...] = ()
    remedy: str = ""
    """What to do next; may hold a command to copy. Empty when nothing is to be done."""
    details: tuple[str, ...] = ()
    """Further sentences for the step's page."""
