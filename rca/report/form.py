"""The RCA form: the runbook's nine fields, what evidence says of each, and what a person typed.

What a person typed is never overwritten. New evidence only changes `drafted`; the field's text follows it until a
person edits the field, and from then on the draft stands beside it as an offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from parsers.text import visible
from rca.diagnosis.model import Confidence
from rca.encoding import citations as citations_from_json
from rca.encoding import plain
from rca.evidence import Citation

UNKNOWN = "UNKNOWN"

FIELDS = ("Incident", "OS", "Kernel", "Time", "Root Cause", "Evidence", "Impact", "Fix", "Prevention")
"""The runbook's nine headings, in its order."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What evidence says of one field."""

    text: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One heading of the form."""

    name: str
    typed: str | None = None
    """A person's text; None while nobody has edited the field."""
    drafted: Draft = Draft()

    @property
    def text(self) -> str:
        """What the field says; empty when neither a person nor the evidence filled it."""
        return self.drafted.text if self.typed is None else self.typed

    @property
    def by_person(self) -> bool:
        """Whether a person's own words stand here."""
        return self.typed is not None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The proof of a drafted text. A person's text has none: it is the author's own."""
        return () if self.by_person else self.drafted.citations

    @property
    def offer(self) -> str:
        """A draft that differs from what the person typed, or empty."""
        return self.drafted.text if self.by_person and self.drafted.text != self.typed else ""


@dataclass(frozen=True, slots=True)
class Form:
    """The nine fields and the confidence that the RCA states."""

    fields: tuple[Field, ...] = tuple(Field(name) for name in FIELDS)
    confidence: Confidence | None = None
    """None until a diagnosis or a person has set it."""
    confidence_by_person: bool = False

    def __getitem__(self, name: str) -> Field:
        """A field by its heading. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def filled(self) -> int:
        """How many fields say something; a person's own UNKNOWN is an answer too."""
        return sum(
            1
            for field in self.fields
            if field.text.strip() and (field.by_person or field.text.strip() != UNKNOWN)
        )

    def type(self, name: str, text: str) -> Form:
        """A person's text for one field, controls made visible. Typing the draft itself keeps it a draft."""
        text = visible(text)
        field = self[name]
        return self._with(replace(field, typed=None if text == field.drafted.text else text))

    def take_draft(self, name: str) -> Form:
        """Give a field back to the evidence."""
        return self._with(replace(self[name], typed=None))

    def set_confidence(self, confidence: Confidence) -> Form:
        """A person's own judgement of how sure the RCA is."""
        return replace(self, confidence=confidence, confidence_by_person=True)

    def drafted(self, drafts: Mapping[str, Draft], confidence: Confidence | None) -> Form:
        """The form after new evidence: typed fields keep their text, the others follow the drafts."""
        fields = tuple(replace(field, drafted=drafts.get(field.name, Draft())) for field in self.fields)
        if self.confidence_by_person:
            confidence = self.confidence
        return replace(self, fields=fields, confidence=confidence)

    def _with(self, changed: Field) -> Form:
        return replace(self, fields=tuple(changed if f.name == changed.name else f for f in self.fields))


def form_to_json(form: Form) -> dict[str, Any]:
    """The form as the case keeps it."""
    return {
        "confidence": form.confidence,
        "confidence_by_person": form.confidence_by_person,
        "fields": {
            field.name: {"typed": field.typed, "drafted": plain(field.drafted)} for field in form.fields
        },
    }


def form_from_json(data: Any) -> Form:
    """Read a form back; what is missing or damaged is an empty field."""
    form = Form()
    if not isinstance(data, dict):
        return form
    kept: Any = data.get("fields")
    fields = []
    for field in form.fields:
        try:
            item = kept[field.name]
            drafted = Draft(str(item["drafted"]["text"]), citations_from_json(item["drafted"]["citations"]))
            typed = None if item["typed"] is None else str(item["typed"])
            fields.append(replace(field, typed=typed, drafted=drafted))
        except (KeyError, TypeError, ValueError):
            fields.append(field)
    try:
        confidence = None if data.get("confidence") is None else Confidence(data["confidence"])
    except ValueError:
        confidence = None
    return Form(tuple(fields), confidence, bool(data.get("confidence_by_person")))
