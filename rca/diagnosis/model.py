"""The values in which a diagnosis is stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from rca.diagnosis.signatures import Signature
from rca.evidence import Citation

_NONE: Mapping[str, str] = MappingProxyType({})


class Confidence(StrEnum):
    """How sure a diagnosis is."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"

    @property
    def meaning(self) -> str:
        """What the word means, as it stands on every RCA."""
        return _MEANINGS[self]


_MEANINGS = {
    Confidence.CONFIRMED: "the mechanism is explained by code or data, and something independent corroborates it",
    Confidence.PROBABLE: "trace and context agree; the mechanism is not proven",
    Confidence.POSSIBLE: "consistent with the evidence, but competing explanations stand",
    Confidence.UNKNOWN: "the evidence does not tell",
}


@dataclass(frozen=True, slots=True)
class Location:
    """A place in kernel code."""

    function: str
    offset: int | None = None
    size: int | None = None
    module: str = ""
    """Empty for the core kernel (vmlinux) and where it is not known."""


@dataclass(frozen=True, slots=True)
class Guilty:
    """The function, and its module if any, to which the evidence points. Both empty: unknown."""

    function: str = ""
    module: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """The task that was on the CPU."""

    pid: int | None = None
    comm: str = ""
    cpu: int | None = None


class About(StrEnum):
    """What a finding is about, for who tells the findings elsewhere and in other words."""

    MECHANISM = "mechanism"
    CONTEXT = "context"
    POINTER = "pointer"
    """The function in which the instruction pointer stood."""
    PASSED_OVER = "passed-over"
    """A frame that says nothing, and why."""
    POINTS_TO = "points-to"
    """The frame that does, and why."""
    BYSTANDER = "bystander"
    """Code that was only interrupted."""
    PANIC = "panic"
    """The panic that followed on the report."""
    OTHER = "other"

    @property
    def lead(self) -> str:
        """How the text of such a finding begins, before what it says of this crash."""
        return _LEADS.get(self, "")


_LEADS = {
    About.MECHANISM: "Mechanism: ",
    About.CONTEXT: "Context: ",
    About.POINTER: "Instruction pointer in ",
    About.PASSED_OVER: "Passed over ",
    About.POINTS_TO: "Points to ",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of reasoning with its proof."""

    text: str
    citations: tuple[Citation, ...] = ()
    inferred: bool = False
    """False: a fact read off the lines cited. True: an inference from them."""
    about: About = About.OTHER

    @property
    def told(self) -> str:
        """The text without its lead."""
        return self.text.removeprefix(self.about.lead)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation, with what speaks for and against it."""

    claim: str
    guilty: Guilty
    confidence: Confidence
    pro: tuple[Statement, ...] = ()
    contra: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One event of the log, and what it is to the fatal one."""

    kind: str
    title: str
    role: str
    """``fatal``, ``earlier`` (cause, context or noise), ``consequence`` or ``later``."""
    first: int
    """1-based line of its heading."""
    last: int


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that the logs and the dump together let one say. Empty strings and None mean unknown."""

    title: str = ""
    """The panic reason, as an expert would title the ticket; empty when the log holds no crash."""
    kind: str = "unknown"
    """One of `rca.diagnosis.kinds.KINDS`."""
    rip: Location | None = None
    guilty: Guilty = Guilty()
    subsystem: str = ""
    """In people's words: ``NIC driver (mlx5_core), receive path``."""
    confidence: Confidence = Confidence.UNKNOWN
    process: Process = Process()
    taint: str = ""
    """The letters that are set, in order; empty when not tainted."""
    modules_out_of_tree: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()
    """Functions of the reliable frames, innermost first."""
    mechanism: str = ""
    """How it died, one sentence: ``read of a struct member at offset 0x30 of a NULL pointer``."""
    context: str = ""
    """Where it ran: ``softirq (NET_RX) on CPU 1, interrupting swapper/1``."""
    trigger: str = ""
    """What set it off where that is visible: received network traffic, a person's sysrq."""
    hypotheses: tuple[Hypothesis, ...] = ()
    """Ranked, the first being the one that guilty and confidence state."""
    statements: tuple[Statement, ...] = ()
    """The findings in the order in which a person would tell them."""
    citations: tuple[Citation, ...] = ()
    """The lines that carry the answer: the fatal line first, then RIP, then the frames."""
    warnings: tuple[str, ...] = ()
    """Doubts about the evidence itself: cut log, untrustworthy crash output, dump and log that differ."""
    next_checks: tuple[str, ...] = ()
    """Crash commands, or things to look up, that would settle what is open."""
    known: tuple[Signature, ...] = ()
    """The signatures that apply, those that a line matches first."""
    events: tuple[Seen, ...] = ()
    """What the log holds, in its order; very long logs are cut."""
    fixes: tuple[str, ...] = ()
    """Proposed, never done."""
    preventions: tuple[str, ...] = ()
    kernel_release: str = ""
    signatures: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """By granularity, as `rca.diagnosis.fingerprint` makes them: equal where two nodes died of the same thing."""
    crash_time: datetime | None = None
    """UTC, where the log itself tells it."""
    crash_time_from: str = ""
    """``stamp``: the fatal line bears it; ``reckoned``: from another line that tells the time of day; else empty."""
    node: str = ""
    hardware: str = ""
    kdump_loaded: bool | None = None
    """What the oops's CPU line says of kdump at crash time."""
