"""Step 10: the RCA itself."""

from __future__ import annotations

from rca import practices
from rca.steps.base import Facts, Step
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict


def judge(facts: Facts) -> Verdict:
    """Pass: every field filled or knowingly UNKNOWN, and a confidence stated."""
    tally = f"{facts.filled}/{facts.fields}"
    if facts.filled < facts.fields:
        return Verdict(
            Badge.WAIT,
            f"{tally} fields filled",
            remedy="Fill the others in, or write UNKNOWN: a field that nobody knows is an answer too.",
        )
    if not facts.confidence_set:
        return Verdict(
            Badge.WAIT, f"{tally} fields filled; the confidence is not stated", remedy="State how sure it is."
        )
    return Verdict(
        Badge.PASS, f"{tally} fields filled, confidence stated", remedy="Export it, and archive the dump."
    )


STEP = Step(
    number=10,
    title=TITLES[10],
    why="The report is what others act on. Each field is filled from evidence and cites it; what no evidence fills "
    "says UNKNOWN. A fix that is not done yet is called proposed.",
    judge=judge,
    probes=practices.probes,
)
