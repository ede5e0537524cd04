"""The RCA form: the runbook's nine fields, those behind them, what evidence says of each, and what a person typed.

What a person typed is never overwritten. New evidence only changes `drafted`; the field's text follows it until a
person edits the field, and from then on the draft stands beside it as an offer, shown as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from parsers.text import visible
from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.report.difference import Change, apply, compare
from rca.report.headings import FIELDS, FURTHER
from rca.report.sentences import Origin, Sentence, attribute, by_words

UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Draft:
    """What evidence says of one field."""

    sentences: tuple[Sentence, ...] = ()

    @property
    def text(self) -> str:
        """A line for each sentence; empty when nothing is known."""
        return "\n".join(sentence.text for sentence in self.sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All the proof, each line once."""
        return tuple(dict.fromkeys(cited for sentence in self.sentences for cited in sentence.citations))


@dataclass(frozen=True, slots=True)
class Field:
    """One heading of the form."""

    name: str
    typed: str | None = None
    """A person's text; None while nobody has edited the field."""
    drafted: Draft = Draft()
    kept: tuple[Sentence, ...] = ()
    """Sentences of earlier drafts that stand in what was typed: they keep their proof when the draft goes on."""

    @property
    def text(self) -> str:
        """What the field says; empty when neither a person nor the evidence filled it."""
        return self.drafted.text if self.typed is None else self.typed

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The text's lines, each with its provenance."""
        if self.typed is None:
            return self.drafted.sentences
        return attribute(self.typed, self.known)

    @property
    def known(self) -> Mapping[str, Sentence]:
        """What the evidence says or said here, by its words: a line of these words has their provenance."""
        return by_words((*self.drafted.sentences, *self.kept))

    @property
    def by_person(self) -> bool:
        """Whether a person edited this field."""
        return self.typed is not None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The proof of what stands here, and what an author cites; its text is empty."""
        return Draft(self.sentences).citations

    @property
    def offer(self) -> str:
        """A draft that differs from what the person typed, or empty."""
        return self.drafted.text if self.by_person and self.drafted.text != self.typed else ""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What taking the whole offer would change, line by line; empty without an offer."""
        return compare(self.text, self.offer) if self.offer else ()


@dataclass(frozen=True, slots=True)
class Form:
    """The fields and the confidence that the RCA states."""

    fields: tuple[Field, ...] = tuple(Field(name) for name in FIELDS)
    """The runbook's nine."""
    confidence: Confidence | None = None
    """None until a diagnosis or a person has set it."""
    confidence_by_person: bool = False
    further: tuple[Field, ...] = tuple(Field(name) for name in FURTHER)

    def __getitem__(self, name: str) -> Field:
        """A field by its heading. Raises KeyError."""
        for field in self.all:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def all(self) -> tuple[Field, ...]:
        """The nine fields and the further ones."""
        return self.fields + self.further

    @property
    def filled(self) -> int:
        """How many of the nine say something; a person's own UNKNOWN is an answer too."""
        return sum(
            1
            for field in self.fields
            if field.text.strip() and (field.by_person or field.text.strip() != UNKNOWN)
        )

    @property
    def drafted_unknown(self) -> tuple[str, ...]:
        """``FIELD: WORDS`` of each line in the nine drafted so; a person's own word and a quoted log are not."""
        return tuple(
            f"{field.name}: {line.words}"
            for field in self.fields
            for line in field.sentences
            if UNKNOWN in line.text and line.origin is Origin.INFERENCE
        )

    def type(self, name: str, text: str, proven: Iterable[Sentence] = ()) -> Form:
        """A person's text for one field, controls made visible. Typing the draft itself keeps it a draft.

        Lines of the text that are `proven` sentences, put in from the evidence, keep their proof.
        """
        text = visible(text)
        field = self[name]
        if text == field.drafted.text:
            return self._with(replace(field, typed=None, kept=()))
        known = {line.strip() for line in text.split("\n")}
        given = (*field.sentences, *proven)
        kept = tuple(sentence for sentence in given if sentence.origin is not Origin.AUTHOR)
        return self._with(
            replace(field, typed=text, kept=tuple(s for s in kept if s.text in known or s.words in known))
        )

    def move(self, name: str, line: int, to: int) -> Form:
        """Move a line (counted from 0) of a field to another place. Raises IndexError outside the text."""
        lines = self[name].text.split("\n")
        lines.insert(to, lines.pop(line))
        return self.type(name, "\n".join(lines))

    def take_draft(self, name: str) -> Form:
        """Give a field back to the evidence."""
        return self._with(replace(self[name], typed=None, kept=()))

    def take_changes(self, name: str, chosen: Iterable[int]) -> Form:
        """Accept some of what is offered: numbers of `Field.changes`, counted from 0."""
        return self.type(name, apply(self[name].changes, chosen))

    def set_confidence(self, confidence: Confidence) -> Form:
        """A person's own judgement of how sure the RCA is."""
        return replace(self, confidence=confidence, confidence_by_person=True)

    def drafted(self, drafts: Mapping[str, Draft], confidence: Confidence | None) -> Form:
        """The form after new evidence: typed fields keep their text, the others follow the drafts."""

        def follow(field: Field) -> Field:
            kept = (
                tuple(s for s in field.sentences if s.origin is not Origin.AUTHOR) if field.by_person else ()
            )
            return replace(field, drafted=drafts.get(field.name, Draft()), kept=kept)

        if self.confidence_by_person:
            confidence = self.confidence
        return Form(
            tuple(map(follow, self.fields)),
            confidence,
            self.confidence_by_person,
            tuple(map(follow, self.further)),
        )

    def _with(self, changed: Field) -> Form:
        def swap(fields: tuple[Field, ...]) -> tuple[Field, ...]:
            return tuple(changed if field.name == changed.name else field for field in fields)

        return replace(self, fields=swap(self.fields), further=swap(self.further))


__all__ = ["FIELDS", "FURTHER", "UNKNOWN", "Draft", "Field", "Form", "Sentence"]
