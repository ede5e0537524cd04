"""Fix, Prevention and Action Items: only ever proposed. That something was done is a person's word."""

from __future__ import annotations

import re

from rca.diagnosis.blame import NOT_CODE, WAITING
from rca.diagnosis.model import Confidence
from rca.practices import checks
from rca.report.drafting.knowledge import practices
from rca.report.drafting.situation import Situation
from rca.report.form import UNKNOWN
from rca.report.sentences import Sentence, inference, listed
from rca.verdict import Badge

_ANY_MODULE = re.compile(r"\bthe module\b")
_KNOWN = "a known remedy for such a crash; whether it helps here is not proven"
_PRACTICE = "good practice after a panic; no evidence asks for it"


def fixes(now: Situation) -> tuple[Sentence, ...]:
    """What the signatures know, then what one does for such a driver."""
    return _proposed(now, now.found.fixes, 0)


def preventions(now: Situation) -> tuple[Sentence, ...]:
    """The same for prevention, then the runbook's practices that are not met, or that nobody can tell of."""
    if not now.found.title:
        return ()
    said = list(_proposed(now, now.found.preventions, 1))
    for check in checks(now.facts, now.facts.archived):
        if check.advice and check.badge is not Badge.PASS:
            text = f"Proposed: {check.advice[:1].lower()}{check.advice[1:].rstrip('.')}"
            said.append(listed(inference(text, check.sentence, check.citations)))
    return tuple(said)


def action_items(now: Situation) -> tuple[Sentence, ...]:
    """Each proposed fix with an owner and a date to be named."""
    return tuple(
        inference(f"- {item.words} (owner: {UNKNOWN}, due: {UNKNOWN})", item.reason, item.citations)
        for item in fixes(now)
    )


def _naming(remedy: str, module: str) -> str:
    """``update the module whose lock is held`` with the module to which the evidence points."""
    return f"{remedy}: {module}" if module and _ANY_MODULE.search(remedy) else remedy


def _proposed(now: Situation, known: tuple[str, ...], which: int) -> tuple[Sentence, ...]:
    found = now.found
    if not found.title:
        return ()
    # A component that is only possible, or only found corruption, is not to be replaced for it.
    blamed = found.confidence in (Confidence.PROBABLE, Confidence.CONFIRMED) and found.kind not in NOT_CODE
    # New firmware mends no lock of the driver's own.
    subsystem = found.subsystem if blamed and found.kind not in WAITING else ""
    common = practices(subsystem, blamed, found.guilty.module in found.modules_out_of_tree)[which]
    proof = found.citations[:1]
    said = [inference(f"Proposed: {_naming(item, found.guilty.module)}", _KNOWN, proof) for item in known]
    said += [inference(f"Proposed: {item}", _PRACTICE, proof) for item in common if item not in known]
    return tuple(map(listed, said))
