"""Step 7: what does the evidence say of the cause?"""

from __future__ import annotations

from rca.diagnosis.model import Confidence, Diagnosis
from rca.diagnosis.sources import LOGS, best_log
from rca.diagnosis.titles import for_people
from rca.steps import quick
from rca.steps.base import Facts, Step
from rca.steps.common import collecting, problems
from rca.steps.openchecks import open_checks
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

_SURE = (Confidence.CONFIRMED, Confidence.PROBABLE)


def judge(facts: Facts) -> Verdict:
    """Run: the log is being read. Pass: a probable hypothesis with its proof. Warn: only a possible one, or none."""
    diagnosis = facts.diagnosis
    if not (diagnosis and diagnosis.title) and (waiting := collecting(facts, quick.probes(facts))):
        return waiting
    if diagnosis is None:
        return Verdict(Badge.WAIT, "Needs a kernel log: from the dump's directory or from crash")
    still = open_checks(facts)
    remedy = f"Next: {still[0]}" if still else ""
    title = for_people(diagnosis.title)
    details = (*_reasons(diagnosis), *diagnosis.warnings)
    if not diagnosis.title and best_log(facts.evidence) is None:
        details = (*problems(facts, *LOGS), *details)
        return Verdict(Badge.WARN, "Unknown: there is no kernel log to read", (), "See step 8.", details)
    if not diagnosis.title:
        return Verdict(Badge.WARN, "Unknown: the log holds no crash", diagnosis.citations, remedy, details)
    named = ", ".join(part for part in (diagnosis.guilty.function, diagnosis.guilty.module) if part)
    claim = diagnosis.hypotheses[0].claim if diagnosis.hypotheses else title
    if diagnosis.confidence is Confidence.UNKNOWN:
        text = f"Unknown: {title}; the evidence does not tell who caused it"
        return Verdict(Badge.WARN, text, diagnosis.citations, remedy, details)
    text = f"{str(diagnosis.confidence).capitalize()}: {claim.rstrip('.')}"
    if named and not any(
        part and part in text for part in (diagnosis.guilty.function, diagnosis.guilty.module)
    ):
        text += f" ({named})"
    if diagnosis.confidence in _SURE and diagnosis.citations:
        return Verdict(Badge.PASS, text, diagnosis.citations, remedy, details)
    return Verdict(Badge.WARN, text, diagnosis.citations, remedy, details)


def _reasons(diagnosis: Diagnosis) -> tuple[str, ...]:
    if not diagnosis.hypotheses:
        return ()
    best = diagnosis.hypotheses[0]
    return (*(f"For: {s.text}" for s in best.pro), *(f"Against: {s.text}" for s in best.contra))


STEP = Step(
    number=7,
    title=TITLES[7],
    why="Find the first frame that means something: the handlers, locks and list checks above it only noticed. A "
    "module in that frame is a suspect, a module in the list of loaded ones is not. Say how sure you are, and why.",
    judge=judge,
    commands=("crash> bt", "crash> dis -rl RIP", "crash> sym RIP"),
)
