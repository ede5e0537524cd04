"""The RCA as one JSON object: what triage says, the nine fields, and every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rca.encoding import plain
from rca.report.form import UNKNOWN, Form
from rca.steps.base import Facts
from rca.steps.registry import STEPS
from rca.verdict import Badge, Verdict


def report_json(
    form: Form, facts: Facts, verdicts: Mapping[int, Verdict], triage_object: Mapping[str, Any]
) -> dict[str, Any]:
    """Build the object that ``panicdesk report --format json`` prints.

    Args:
        form: The nine fields.
        facts: What is known; the verdicts were given by it.
        verdicts: By step number. A step without one is WAIT.
        triage_object: What `rca.triage.triage` said; everything in it is kept, its confidence too.

    Returns:
        The triage object with `fields` and `steps` added.
    """
    steps = []
    for step in STEPS:
        verdict = verdicts.get(step.number) or Verdict(Badge.WAIT, "")
        steps.append(
            {
                "number": step.number,
                "title": step.title,
                "verdict": plain(verdict.badge),
                "summary": verdict.summary,
                "citations": plain(verdict.citations),
            }
        )
    fields = {field.name: field.text if field.text.strip() else UNKNOWN for field in form.fields}
    return {**triage_object, "fields": fields, "steps": steps}
