"""The RCA as one JSON object: what triage says, the fields, and every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rca.encoding import plain
from rca.report.form import UNKNOWN, Field, Form
from rca.steps.base import Facts
from rca.steps.registry import STEPS
from rca.triage import triage
from rca.verdict import Badge, Verdict


def report_json(
    form: Form,
    facts: Facts,
    verdicts: Mapping[int, Verdict],
    path: str = "",
    *,
    short: bool = False,
    provenance: bool = False,
) -> dict[str, Any]:
    """Build the object that ``panicdesk report --format json`` prints.

    Args:
        form: The fields and the stated confidence.
        facts: What is known; the verdicts were given by it.
        verdicts: By step number. A step without one is WAIT.
        path: What the user named.
        short: Only the nine fields and the confidence.
        provenance: Add `sentences`: by heading, each with its origin, citations and reason.

    Returns:
        What `rca.triage.triage` says, everything in it kept, with `fields`, `further`, `stated_confidence` and `steps`.
    """
    stated = form.confidence
    found: dict[str, Any] = {
        "fields": {field.name: _text(field) for field in form.fields},
        "stated_confidence": {
            "word": plain(stated),
            "meaning": stated.meaning if stated else "",
            "by_person": form.confidence_by_person,
        },
    }
    if provenance:
        shown = form.fields if short else form.all
        found["sentences"] = {field.name: plain(field.sentences) for field in shown}
    if short:
        return found
    header = facts.dump.header if facts.dump else None
    said = triage(facts.evidence, path=path, header=header, diagnosis=facts.diagnosis)
    further = {field.name: _text(field) for field in form.further}
    return {**said, **found, "further": further, "steps": [_step(n, verdicts) for n in range(len(STEPS))]}


def _text(field: Field) -> str:
    return field.text if field.text.strip() else UNKNOWN


def _step(number: int, verdicts: Mapping[int, Verdict]) -> dict[str, Any]:
    verdict = verdicts.get(number) or Verdict(Badge.WAIT, "")
    return {
        "number": number,
        "title": STEPS[number].title,
        "verdict": plain(verdict.badge),
        "summary": verdict.summary,
        "citations": plain(verdict.citations),
    }
