"""A line of the RCA with its provenance: a fact and its citations, an inference and its reason, or an author's word.

A field of the form is a text of lines, as people edit it. A line keeps its provenance for as long as its words stay as
the evidence drafted them; moved to another place it is still the same line. Whatever else is typed is the author's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from parsers.text import visible
from rca.evidence import Citation, named

BULLET = "- "
"""What a line of a list begins with."""


class Origin(StrEnum):
    """Where a sentence comes from."""

    FACT = "FACT"
    """Read off the lines cited."""
    INFERENCE = "INFERENCE"
    """Concluded, for the reason given."""
    AUTHOR = "AUTHOR"
    """A person's own word."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line."""

    text: str
    """Without a line end, controls visible. A line of a list begins with `BULLET`."""
    origin: Origin = Origin.AUTHOR
    citations: tuple[Citation, ...] = ()
    reason: str = ""
    """Why an inference holds; empty for the others."""

    @property
    def words(self) -> str:
        """The text without the mark of a list."""
        return self.text.removeprefix(BULLET).strip()

    @property
    def listed(self) -> bool:
        """Whether it is a line of a list."""
        return self.text.startswith(BULLET)


def flat(text: str) -> str:
    """Text as one line, controls visible."""
    return visible(" ".join(text.split()))


def fact(text: str, citations: Iterable[Citation]) -> Sentence:
    """A sentence that its citations prove. Raises ValueError without any."""
    proof = tuple(dict.fromkeys(citations))
    if not proof:
        raise ValueError(f"a fact without a citation: {text}")
    return Sentence(flat(text), Origin.FACT, proof)


_QUOTED = 400
"""Characters of a cited line that a sentence repeats."""


def quoted(cited: Citation) -> Sentence:
    """A line of evidence in its own words, its citation behind it: ``- #9 [...] schedule at ffffffff81… [bt:9]``."""
    words = flat(cited.text)
    words = words if len(words) <= _QUOTED else f"{words[: _QUOTED - 1]}…"
    return listed(fact(f"{words} {references((cited,))}", (cited,)))


def references(citations: Iterable[Citation]) -> str:
    """Citations as a text names them: ``[log:7 bt:9]``."""
    return f"[{' '.join(map(str, citations))}]"


def inference(text: str, reason: str, citations: Iterable[Citation] = ()) -> Sentence:
    """A sentence that follows from its citations, or from what is not there, for a reason.

    Brackets in the reason become round: in the exports they end a sentence's mark.
    """
    reason = flat(reason).replace("[", "(").replace("]", ")")
    return Sentence(flat(text), Origin.INFERENCE, tuple(dict.fromkeys(citations)), reason)


def proven(text: str, citations: Iterable[Citation], otherwise: str) -> Sentence:
    """A fact where there is a line to cite; else an inference, for the reason that stands in for one."""
    proof = tuple(citations)
    return fact(text, proof) if proof else inference(text, otherwise)


def listed(sentence: Sentence) -> Sentence:
    """The same as a line of a list."""
    return Sentence(BULLET + sentence.words, sentence.origin, sentence.citations, sentence.reason)


def by_words(known: Iterable[Sentence]) -> dict[str, Sentence]:
    """Sentences by their words; of several with the same words the first."""
    found: dict[str, Sentence] = {}
    for sentence in known:
        found.setdefault(sentence.words, sentence)
    return found


def attribute(text: str, known: Mapping[str, Sentence]) -> tuple[Sentence, ...]:
    """The lines of a text as they are, each with the provenance of the sentence `by_words` that says the same."""
    return tuple(one_line(line, known) for line in text.split("\n")) if text.strip() else ()


def one_line(line: str, known: Mapping[str, Sentence]) -> Sentence:
    """The same for one line. An author cites by naming evidence and line in brackets: ``[audit:12]``."""
    match = known.get(Sentence(line.strip()).words) if line.strip() else None
    if match:
        return Sentence(line, match.origin, match.citations, match.reason)
    return Sentence(line, citations=tuple(dict.fromkeys(named(line))))
