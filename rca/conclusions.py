"""From facts to what is concluded of them: the diagnosis, the badges and the form's drafts. Pure, in that order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from parsers.text import visible
from rca.diagnosis.diagnose import diagnose
from rca.evidence import Evidence, Kind
from rca.report.draft import draft
from rca.report.form import Form
from rca.sources.base import Dump
from rca.steps.base import CrashFacts, Facts
from rca.steps.registry import STEPS
from rca.steps.titles import REPORT
from rca.verdict import Badge, Verdict

_OF_THE_DUMP = ("vmcore-dmesg", "kexec-dmesg", "journal", "crash-log", "drgn", "cross-check")
"""Evidence that goes with the dump, beside the crash session's."""


def diagnosed(facts: Facts) -> Facts:
    """The facts with a diagnosis of all logs and crash output that they hold."""
    return replace(facts, diagnosis=diagnose(facts.evidence))


def of_another_dump(facts: Facts, dump: Dump) -> Facts:
    """The facts without what only the dump chosen before could say."""

    def stays(item: Evidence) -> bool:
        return item.kind is not Kind.CRASH and item.id not in _OF_THE_DUMP

    kept = {item.id: item for item in facts.evidence.values() if stays(item)}
    return replace(facts, dump=dump, evidence=kept, crash=CrashFacts(), diagnosis=None)


def conclude(facts: Facts, form: Form) -> tuple[Facts, Form, Mapping[int, Verdict]]:
    """The facts with the form's state, the form with new drafts, and all badges by number."""
    verdicts = {step.number: _judge(step.number, facts) for step in STEPS if step.number != REPORT}
    found = facts.diagnosis
    form = form.drafted(draft(facts, verdicts), found.confidence if found else None)
    empty = tuple(field.name for field in form.fields if not field.text.strip())
    facts = replace(
        facts,
        filled=form.filled,
        unfilled=empty,
        unknown=form.drafted_unknown,
        stated=form.confidence,
    )
    verdicts[REPORT] = _judge(REPORT, facts)
    return facts, form, verdicts


def _judge(number: int, facts: Facts) -> Verdict:
    try:
        found = STEPS[number].judge(facts)
    except Exception as error:  # a slip in one step must not cost the others their badges
        text = f"panicdesk could not judge this step ({type(error).__name__}: {error})"
        return Verdict(Badge.WARN, visible(text))
    # what is said of a path must be able to be shown, the path itself is needed as it is
    details = tuple(map(visible, found.details))
    return replace(found, summary=visible(found.summary), remedy=visible(found.remedy), details=details)
