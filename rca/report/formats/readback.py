"""Markdown exported with provenance, read back into a form: the inverse of the markdown format for the form's part.

What is read: the headings that are the form's own, the sentences with their marks, the cited lines, the confidence. The
steps and warnings are made anew from evidence and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from parsers.text import visible
from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.report.form import UNKNOWN, Draft, Field, Form
from rca.report.sentences import BULLET, Origin, Sentence

_MARK = re.compile(r"(?s)(.*) \[(FACT|INFERENCE|AUTHOR)((?: [\w.+-]+:\d+)*)(?:; because ([^\[\]]*))?\]")
_PROOF = re.compile(r"([\w.+-]+:\d+)  (.*)")
_CONFIDENCE = re.compile(r"\*\*(\w+)\*\*( \(stated by a person\))?: ")
_ENTITY = re.compile(r"&(nbsp|#9|lt|amp);|\\([!-/:-@\[-`{-~])")
_MEANS = {"nbsp": " ", "#9": "\t", "lt": "<", "amp": "&"}


class ReadBackError(ValueError):
    """Text that is no RCA exported with provenance; the text is one sentence for people."""


def read_markdown(text: str) -> Form:
    """Read a form back. What the author wrote is typed again; what evidence drafted is drafted again.

    Raises:
        ReadBackError: The text holds no heading of the form with marked sentences.
    """
    sections = dict(_sections(visible(text.replace("\r\n", "\n"))))
    proofs = _proofs(sections.get("Citations", ""))
    form = Form()
    found = {field.name: _field(field, sections.get(field.name, ""), proofs) for field in form.all}
    if not any(field.text for field in found.values()):
        raise ReadBackError("this is no RCA that was exported with --provenance")
    stated = _CONFIDENCE.match(sections.get("Confidence", ""))
    word = stated[1] if stated else ""
    return Form(
        tuple(found[field.name] for field in form.fields),
        Confidence(word) if word in tuple(Confidence) else None,
        bool(stated and stated[2]),
        tuple(found[field.name] for field in form.further),
    )


def adopt(form: Form, read: Form) -> Form:
    """Take what was read into a form that evidence drafted: where the two differ, what was read stands as typed."""

    def take(field: Field) -> Field:
        said = read[field.name]
        if not said.text or said.text == field.drafted.text:
            return field
        kept = tuple(sentence for sentence in said.sentences if sentence.origin is not Origin.AUTHOR)
        return replace(field, typed=said.text, kept=kept)

    confidence = read.confidence if read.confidence_by_person else form.confidence
    return Form(
        tuple(map(take, form.fields)),
        confidence,
        read.confidence_by_person or form.confidence_by_person,
        tuple(map(take, form.further)),
    )


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Heading and body. A heading is no line of a fence: those of citations begin with their evidence."""
    parts = re.split(r"(?m)^## (.*)\n", text)
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        yield heading, body.removeprefix("\n").removesuffix("\n").removesuffix("\n")


def _proofs(text: str) -> dict[str, Citation]:
    found = {}
    for line in text.split("\n"):
        if match := _PROOF.fullmatch(line):
            evidence, _, number = match[1].rpartition(":")
            found[match[1]] = Citation(evidence, int(number), match[2])
    return found


def _field(field: Field, body: str, proofs: dict[str, Citation]) -> Field:
    if body in ("", UNKNOWN):
        return field
    sentences = tuple(_sentence(line, proofs) for line in _lines(body))
    if any(sentence.origin is Origin.AUTHOR and sentence.text for sentence in sentences):
        kept = tuple(sentence for sentence in sentences if sentence.origin is not Origin.AUTHOR)
        return replace(field, typed="\n".join(sentence.text for sentence in sentences), kept=kept)
    return replace(field, drafted=Draft(sentences))


def _lines(body: str) -> list[str]:
    """The lines as they were before rendering put an empty one behind each list."""
    lines = body.split("\n")
    return [
        line
        for number, line in enumerate(lines)
        if line or not number or not lines[number - 1].startswith(BULLET)
    ]


def _sentence(line: str, proofs: dict[str, Citation]) -> Sentence:
    bullet = BULLET if line.startswith(BULLET) else ""
    text = _ENTITY.sub(lambda match: match[2] or _MEANS[match[1]], line.removeprefix(BULLET).rstrip(" "))
    match = _MARK.fullmatch(text)
    if not match:
        return Sentence(bullet + text)
    cited = tuple(proofs.get(name, _bare(name)) for name in match[3].split())
    return Sentence(bullet + match[1], Origin(match[2]), cited, match[4] or "")


def _bare(name: str) -> Citation:
    evidence, _, number = name.rpartition(":")
    return Citation(evidence, int(number), "")
