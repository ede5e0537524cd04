"""Verdict: what a step concludes, with its proof and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from parsers.text import visible
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


OWN = (Badge.PASS, Badge.WARN, Badge.FAIL, Badge.SKIP)
"""The badges that a person may give."""


@dataclass(frozen=True, slots=True)
class OwnVerdict:
    """What a person decided about a step. The step's own verdict stands beside it and changes with its evidence."""

    badge: Badge
    """One of OWN."""
    note: str
    """Why, in one line; never empty, because the next reader sees only this."""
    when: datetime
    """UTC."""
    by: str = ""
    """The user's name."""


def own_verdict(badge: Badge, note: str, when: datetime, by: str = "") -> OwnVerdict:
    """A person's verdict from what was typed. Raises ValueError, with a sentence, where it is none."""
    text = " ".join(visible(note).split())
    if badge not in OWN:
        raise ValueError(f"{badge} cannot be given by hand; choose one of {', '.join(OWN)}.")
    if not text:
        raise ValueError("Say why, in a few words.")
    return OwnVerdict(badge, text, when, visible(by))


def with_own(verdict: Verdict, own: OwnVerdict | None) -> Verdict:
    """The verdict to show: the person's badge and note first, the step's own kept as a detail."""
    if own is None:
        return verdict
    who = f"{own.by}, " if own.by else ""
    said = f"Set by hand ({who}{own.when:%Y-%m-%d %H:%MZ}). The step itself says {verdict.badge}: {verdict.summary}"
    return replace(verdict, badge=own.badge, summary=own.note, details=(said, *verdict.details))
