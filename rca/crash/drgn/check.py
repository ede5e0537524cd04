"""crash and drgn cross-checked: what drgn says first, where the two agree, and where they do not. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from rca.crash.base import START
from rca.crash.drgn.compare import Comparison, compare
from rca.crash.drgn.engine import CRASH_LIKE, ID
from rca.crash.drgn.facts import Findings, from_crash, from_drgn
from rca.evidence import Citation, Evidence, Kind, first

CHECK_ID = "cross-check"
"""Of the evidence that holds the comparison."""
_TOP = 6
"""Frames of the crashed task that are named."""


def answered(evidence: Mapping[str, Evidence]) -> Findings | None:
    """What drgn found; None where it was not asked, or failed."""
    item = evidence.get(ID)
    return from_drgn(item.text) if item is not None and item.ok else None


def first_words(answer: Evidence) -> str:
    """What drgn knows while crash still starts, as one sentence; empty where it knows nothing."""
    found = from_drgn(answer.text) if answer.ok else None
    return f"drgn has read the dump: {'; '.join(told)}." if found and (told := summary(found)) else ""


def summary(found: Findings) -> tuple[str, ...]:
    """What one reader found, a few words for each thing."""
    stack = " < ".join(place.function or f"{place.address:016x}" for place in found.frames[:_TOP])
    said = (
        found.panic and f"panic “{found.panic}”",
        found.crashed and f"task {found.crashed}",
        stack and f"stack {stack}",
        found.tasks is not None and f"{found.tasks} tasks",
        found.uninterruptible is not None and f"{found.uninterruptible} in D state",
        *(f"{held.task} waits for {held.owner}" for held in found.waits if held.owner),
    )
    return tuple(words for words in said if words)


def cross_check(evidence: Mapping[str, Evidence]) -> Comparison | None:
    """The comparison; None while one of the two has not answered, and where drgn-crash stands in for crash."""
    opening, drgn = evidence.get(START), answered(evidence)
    if drgn is None or "sys" not in evidence or "bt" not in evidence:
        return None
    if opening is not None and Path(opening.what.partition(" ")[0]).name == CRASH_LIKE:
        return None
    return compare(from_crash(evidence, locks=bool(drgn.waits)), drgn, evidence)


def proof(evidence: Mapping[str, Evidence], key: str) -> tuple[Citation, ...]:
    """drgn's line on one of its answers."""
    item = evidence.get(ID)
    return first(item.grep(rf'^ "{key}":')) if item is not None else ()


def as_evidence(found: Comparison, now: datetime, where: str) -> Evidence:
    """The comparison as a piece of evidence: a line for each thing, with the lines that it rests on."""
    lines = [f"same: {about}" for about in found.agreed]
    lines += [
        f"differs: {one} ({', '.join(map(str, one.citations))})" if one.citations else f"differs: {one}"
        for one in found.differ
    ]
    return Evidence(CHECK_ID, Kind.CHECK, "crash and drgn, compared", where, now, tuple(lines))
