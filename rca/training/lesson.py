"""A lesson: what a coach asks about a recorded case, which lines prove it, and how an expert sees it.

`rca.training.lessonfile` reads one from TOML; docs/training.md describes that file for authors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rca.diagnosis.model import Confidence
from rca.evidence import Citation, Evidence

SAME_TEXT = frozenset({"log", "vmcore-dmesg"})
"""The kernel's log has two names: crash's command, and the file beside the dump."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A line by what stands in it, so that a new recording of the same crash, with other addresses, has it too."""

    evidence: str
    """Id of the evidence: ``log``, ``bt-a``."""
    says: str
    """A part of the line's text."""

    def __str__(self) -> str:
        return f"{self.evidence}: {self.says}"

    def names(self, line: Citation) -> bool:
        """Whether a marked line is this one, wherever else it stands as well: ``bt -a`` holds what ``bt`` says."""
        both = {line.evidence, self.evidence}
        same = len(both) == 1 or both <= SAME_TEXT or all(map(_is_backtrace, both))
        return same and self.says in line.text

    def found(self, evidence: Mapping[str, Evidence]) -> tuple[Citation, ...]:
        """Every line that it names in a case."""
        item = evidence.get(self.evidence)
        return (
            tuple(c for c in map(item.cite, range(1, len(item.lines) + 1)) if self.names(c)) if item else ()
        )


@dataclass(frozen=True, slots=True)
class Misread:
    """A line that looks like the proof and is not: the trap, and what to say to whoever marks it."""

    line: Cited
    note: str


@dataclass(frozen=True, slots=True)
class LessonStep:
    """One thing to find out: predicted first, then proved by lines, then weighed."""

    name: str
    ask: str
    """The question that is answered before a command runs."""
    choices: tuple[str, ...]
    right: int
    """Index of the right choice, from 0."""
    why: str
    """Why it is right; told when the step is handed in."""
    task: str
    """What the marked lines are to show."""
    commands: tuple[str, ...]
    """The expert's path: what is typed at crash's prompt. Others may lead there, too."""
    proofs: tuple[tuple[Cited, ...], ...]
    """The right paths: the lines of any one of them prove the point."""
    confidence: Confidence
    """The most that these lines carry."""
    hints: tuple[str, ...]
    """Four rungs: where to look, which field, which command, the answer with its reason."""
    misreads: tuple[Misread, ...] = ()
    adds: tuple[Cited, ...] = ()
    """Lines that go the right way and do not prove the point."""
    opens: tuple[str, ...] = ()
    """Evidence beside crash's that is laid open once the prediction stands."""
    points: int = 10


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that the expert's RCA says, and by which words it is recognised in another's."""

    about: str
    field: str
    """The form's heading under which it stands."""
    says: str
    words: tuple[tuple[str, ...], ...]
    """Of each group one must stand in the field, in any case of letters."""


@dataclass(frozen=True, slots=True)
class Overclaim:
    """What no evidence of this case carries, and by which words it is recognised."""

    field: str
    words: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Expert:
    """The expert's RCA."""

    confidence: Confidence
    points: tuple[Point, ...]
    overclaims: tuple[Overclaim, ...] = ()
    worth: int = 40
    """Points of the whole RCA."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Everything beside the recorded case."""

    title: str
    """Says what the learner knows at first, not what it turns out to be."""
    difficulty: int
    """1 to 3."""
    minutes: int
    kind: str
    """One of `rca.diagnosis.kinds.KINDS`; for the table of scenarios, told to nobody before the debrief."""
    trap: str
    """What misleads here; told in the debrief."""
    story: str
    """What the learner is told at first."""
    source: str
    """Where the case comes from, and what of it was written by hand."""
    steps: tuple[LessonStep, ...]
    expert: Expert
    lab: str = ""
    """The way of `rca.lab` by which a machine dies anew like this; empty where none does."""

    @property
    def cited(self) -> Iterator[tuple[str, Cited]]:
        """Every line that the lesson cites, with the place that cites it."""
        for number, step in enumerate(self.steps, 1):
            for path, proof in enumerate(step.proofs, 1):
                yield from ((f"step {number}, proof {path}", cited) for cited in proof)
            yield from ((f"step {number}, adds", cited) for cited in step.adds)
            yield from ((f"step {number}, misread", misread.line) for misread in step.misreads)

    @property
    def kept_back(self) -> frozenset[str]:
        """Evidence beside crash's that is not shown from the beginning: each step opens its own."""
        return frozenset(name for step in self.steps for name in step.opens)


def _is_backtrace(evidence: str) -> bool:
    return evidence == "bt" or evidence.startswith("bt-")


def proves(proof: Iterable[Cited], marks: Iterable[Citation]) -> float:
    """Which share of a proof's lines is marked, 0 to 1."""
    lines, marked = tuple(proof), tuple(marks)
    return sum(any(cited.names(mark) for mark in marked) for cited in lines) / len(lines)
