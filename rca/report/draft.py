"""What evidence alone says under each heading of the form. What nothing proves stays empty: UNKNOWN."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rca.report.drafting import cause, further, heads, impact, proof, proposals
from rca.report.drafting.situation import Situation
from rca.report.form import Draft
from rca.report.sentences import Sentence
from rca.steps.base import Facts
from rca.verdict import Verdict

_DRAFTERS: Mapping[str, Callable[[Situation], tuple[Sentence, ...]]] = {
    "Incident": heads.incident,
    "OS": heads.system,
    "Kernel": heads.kernel,
    "Time": heads.time,
    "Root Cause": cause.root_cause,
    "Evidence": proof.evidence,
    "Impact": impact.impact,
    "Fix": proposals.fixes,
    "Prevention": proposals.preventions,
    "Status": further.status,
    "Detection": impact.detection,
    "Trigger": further.trigger,
    "Alternatives": proof.alternatives,
    "Timeline": impact.timeline,
    "Recurrence": further.recurrence,
    "Action Items": proposals.action_items,
    "Hardware": further.hardware,
    "Taint": further.taint,
    "Open Questions": further.open_questions,
}
"""Who drafts which heading. The others are a person's alone."""


def draft(facts: Facts, verdicts: Mapping[int, Verdict]) -> dict[str, Draft]:
    """Draft each heading from what is known now; an empty text means UNKNOWN. Never raises."""
    now = Situation.of(facts, verdicts)
    return {heading: Draft(drafter(now)) for heading, drafter in _DRAFTERS.items()}
