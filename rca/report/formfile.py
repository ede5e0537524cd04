"""The form as the case keeps it: JSON with the schema's number, readable back to the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from parsers.text import visible
from rca.diagnosis.model import Confidence
from rca.encoding import DAMAGE, plain
from rca.encoding import citations as citations_from_json
from rca.evidence import Citation
from rca.report.form import Draft, Field, Form
from rca.report.sentences import Origin, Sentence

SCHEMA = 2
"""1 had the nine fields only, and one list of citations for a whole field instead of one for each sentence."""

_OLDER = "drafted by an older panicdesk, which kept the proof of the field, not of each sentence"


def form_to_json(form: Form) -> dict[str, Any]:
    """The form as the case keeps it."""
    return {
        "schema": SCHEMA,
        "confidence": form.confidence,
        "confidence_by_person": form.confidence_by_person,
        "fields": {
            field.name: {
                "typed": field.typed,
                "drafted": plain(field.drafted.sentences),
                "kept": plain(field.kept),
            }
            for field in form.all
        },
    }


def form_from_json(data: Any) -> Form:
    """Read a form of any schema back; what is missing or damaged is an empty field."""
    form = Form()
    if not isinstance(data, dict):
        return form
    kept = data.get("fields")
    kept = kept if isinstance(kept, dict) else {}
    try:
        confidence = None if data.get("confidence") is None else Confidence(data["confidence"])
    except ValueError:
        confidence = None
    return Form(
        tuple(_field(field, kept.get(field.name)) for field in form.fields),
        confidence,
        bool(data.get("confidence_by_person")),
        tuple(_field(field, kept.get(field.name)) for field in form.further),
    )


def _field(field: Field, item: Any) -> Field:
    """Each part by itself: a damaged draft, which comes anew, must not cost what a person typed."""
    if not isinstance(item, dict):
        return field
    typed = item.get("typed")
    return replace(
        field,
        typed=_clean(typed) if isinstance(typed, str) else None,
        drafted=Draft(_drafted(item.get("drafted"))),
        kept=_sentences(item.get("kept")),
    )


def _drafted(item: Any) -> tuple[Sentence, ...]:
    if not isinstance(item, dict):
        return _sentences(item)
    try:
        proof = citations_from_json(item["citations"])
        return tuple(
            Sentence(line, Origin.INFERENCE, proof, _OLDER)
            for line in _clean(str(item["text"])).split("\n")
            if line
        )
    except DAMAGE:
        return ()


def _sentences(items: Any) -> tuple[Sentence, ...]:
    try:
        return tuple(_sentence(item) for item in items or ())
    except DAMAGE:
        return ()


def _sentence(item: Mapping[str, Any]) -> Sentence:
    text, reason = (_clean(str(item[key])).replace("\n", " ") for key in ("text", "reason"))
    cited = citations_from_json(item["citations"])
    proof = tuple(Citation(_clean(one.evidence), one.line, _clean(one.text)) for one in cited)
    return Sentence(text, Origin(item["origin"]), proof, reason)


def _clean(text: str) -> str:
    """A form may come from a colleague's bundle: controls become visible here, as in all that is read."""
    return visible(text.encode("utf-8", "replace").decode("utf-8"))
