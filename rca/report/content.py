"""What a template may name: the form's fields, and what goes with them, as blocks."""

from __future__ import annotations

from collections.abc import Mapping

from rca.crash.base import MANDATORY, evidence_id
from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.report.document import Line, Prose, Table, Verbatim
from rca.report.form import UNKNOWN, Field, Form
from rca.report.headings import FIELDS, FURTHER, key
from rca.report.sentences import Origin, Sentence, flat, references
from rca.steps.base import Facts
from rca.steps.common import listed
from rca.steps.registry import STEPS
from rca.steps.trust import Doubt, doubts
from rca.verdict import Badge, Verdict

CITED = "Evidence"
"""The field whose lines name their citations in every export: they are what it is about."""

Content = Mapping[str, Prose | Verbatim | Table]

NAMES = frozenset(
    {
        *map(key, FIELDS + FURTHER),
        "confidence",
        "confidence_scale",
        "unknown",
        "warnings",
        "citations",
        "steps",
    }
)
"""Every name that a template may use."""


def content(form: Form, facts: Facts, verdicts: Mapping[int, Verdict], provenance: bool = False) -> Content:
    """Everything that a template may name. An empty block stands for what is not known.

    Args:
        form: The fields and the stated confidence.
        facts: What is known; its diagnosis gives the warnings.
        verdicts: By step number. A step without one is WAIT.
        provenance: Mark each sentence as fact, inference or author's word.
    """
    empty = ", ".join(field.name for field in form.further if not field.text.strip())
    found: dict[str, Prose | Verbatim | Table] = {
        key(field.name): Prose(_lines(field, provenance)) for field in form.all
    }
    found["confidence"] = Prose((_confidence(form),))
    found["confidence_scale"] = Prose(
        tuple(Line(f"{word}: {word.meaning}", listed=True) for word in Confidence)
    )
    found["unknown"] = Prose((Line(f"{UNKNOWN}: {empty}"),) if empty else ())
    found["warnings"] = Prose(_warnings(facts))
    found["citations"] = Verbatim(_citations(form, facts, verdicts))
    found["steps"] = _steps(verdicts)
    return found


def mark(sentence: Sentence) -> str:
    """A sentence's provenance: ``[FACT log:12]``, ``[INFERENCE log:12; because …]``, ``[AUTHOR]``."""
    proof = "".join(f" {cited}" for cited in sentence.citations)
    reason = f"; because {sentence.reason}" if sentence.reason else ""
    return f"[{sentence.origin}{proof}{reason}]"


def _lines(field: Field, provenance: bool) -> tuple[Line, ...]:
    found = []
    for sentence in field.sentences:
        if provenance:
            shown = mark(sentence) if sentence.text else ""
        else:
            shown = _references(sentence) if field.name == CITED else ""
        text = sentence.text.removeprefix("- ") if sentence.listed else sentence.text
        if shown and sentence.citations and sentence.origin is not Origin.AUTHOR:  # the mark says it
            text = text.removesuffix(f" {references(sentence.citations)}")
        found.append(Line(text, sentence.listed, shown))
    return tuple(found)


def _references(sentence: Sentence) -> str:
    """The citations alone; an inference says so even where the others do not. An author's stand in the text."""
    if sentence.origin is Origin.AUTHOR:
        return ""
    said = [str(cited) for cited in sentence.citations]
    if sentence.origin is Origin.INFERENCE:
        said.insert(0, "inferred from" if said else "inferred")
    return f"[{' '.join(said)}]" if said else ""


def _warnings(facts: Facts) -> tuple[Line, ...]:
    """Doubts about the logs, then those about crash's own word, with what leans on it and the lines that say so."""
    told = facts.diagnosis.warnings if facts.diagnosis else ()
    said = [Line(flat(warning), listed=True) for warning in told]
    asked = any(evidence_id(command) in facts.evidence for command in MANDATORY if command != "log")
    by_commands: dict[tuple[str, ...], list[Doubt]] = {}
    for doubt in doubts(facts):
        by_commands.setdefault(doubt.touches, []).append(doubt)
    for commands, found in by_commands.items():
        why = "; ".join(doubt.text for doubt in found)
        cited = " ".join(dict.fromkeys(str(one) for doubt in found for one in doubt.citations))
        text = f"Not to be trusted alone in this crash session: {listed(commands)}, because {why}"
        if not asked:
            text = f"No crash session tells more; {why}"
        said.append(Line(flat(text), True, f"[{cited}]" if cited else ""))
    return tuple(said)


def _confidence(form: Form) -> Line:
    stated = form.confidence or Confidence.UNKNOWN
    by = " (stated by a person)" if form.confidence_by_person else ""
    return Line(f"{by}: {stated.meaning}.", lead=str(stated))


def _citations(form: Form, facts: Facts, verdicts: Mapping[int, Verdict]) -> tuple[str, ...]:
    found: dict[Citation, None] = {}
    for field in form.all:
        found.update(dict.fromkeys(field.citations))
    if facts.diagnosis:
        found.update(dict.fromkeys(facts.diagnosis.citations))
    for doubt in doubts(facts):
        found.update(dict.fromkeys(doubt.citations))
    for number in sorted(verdicts):
        found.update(dict.fromkeys(verdicts[number].citations))
    names = list(dict.fromkeys(cited.evidence for cited in found))
    ordered = sorted(found, key=lambda cited: (names.index(cited.evidence), cited.line))
    shown = {str(cited): _shown(cited, facts) for cited in ordered}
    return tuple(f"{flat(name)}  {text}" for name, text in shown.items())


def _shown(cited: Citation, facts: Facts) -> str:
    """The line cited. An author names it only; a line that is not there is said to be missing."""
    item = facts.evidence.get(cited.evidence)
    lines = item.lines if item else ()
    text = cited.text or (lines[cited.line - 1].strip() if 0 < cited.line <= len(lines) else "")
    return " ".join(text.split("\n")) or "(no such line among the evidence)"


def _steps(verdicts: Mapping[int, Verdict]) -> Table:
    rows = []
    for step in STEPS:
        verdict = verdicts.get(step.number) or Verdict(Badge.WAIT, "")
        rows.append((str(step.number), step.title, verdict.badge.value, flat(verdict.summary)))
    return Table(("Step", "Title", "Verdict", "Summary"), tuple(rows))
