"""A step of the runbook, and the snapshot of what is known by which it judges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rca.crash.base import SessionState
from rca.diagnosis.model import Confidence, Diagnosis
from rca.evidence import Evidence
from rca.sources.base import Dump, Probe, Where
from rca.verdict import Verdict


@dataclass(frozen=True, slots=True)
class CrashFacts:
    """What is known of crash itself."""

    program: str | None = None
    """Path of the crash program on this machine, or None."""
    vmlinux: str | None = None
    """The vmlinux chosen for the dump's own release, or None."""
    vmlinux_problem: str = ""
    """Why there is none, or why the one found will not do."""
    vmlinux_searched: tuple[str, ...] = ()
    vmlinux_fitting: str = ""
    """One that is here and fits, where the one that a person gave will not do."""
    state: SessionState | None = None
    """None while no session was begun."""
    message: str = ""
    running: str = ""
    """The command that runs now."""
    tried: tuple[str, ...] = ()
    """The ways to open the dump that failed, each with why: ``crash --minimal: exit status 1``."""
    shows: str = ""
    """What stands in the transcript where no session came about: ``crash --log``, ``vmcore-dmesg.txt``."""
    drgn: str = ""
    """Path of drgn on this machine, a second reader of the dump."""
    stand_in: str = ""
    """Path of drgn-crash, where it serves in the place of a crash that is not installed."""

    @property
    def looked(self) -> bool:
        """Whether both have been looked for."""
        return bool(self.program or self.vmlinux or self.vmlinux_problem or self.vmlinux_searched)

    @property
    def given(self) -> bool:
        """Whether a person named the vmlinux: then no other place was looked at."""
        return bool(self.vmlinux) and self.vmlinux_searched == (self.vmlinux,)

    @property
    def lacking(self) -> str:
        """What keeps crash from being started, once both have been looked for; empty when nothing does."""
        if not self.looked:
            return ""
        without = "" if self.program or self.stand_in else "the crash program is not installed"
        unfit = self.vmlinux_problem.rstrip(".") or ("" if self.vmlinux else "there is no vmlinux")
        return "; ".join(part for part in (without, unfit) if part)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known at one moment. Immutable: a step judges a snapshot, never a moving target."""

    where: Where
    source_name: str
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """By id. Probes that were carried out are all here, those that failed too."""
    dumps: tuple[Dump, ...] | None = None
    """None until they have been looked for."""
    dump: Dump | None = None
    """The one being analysed."""
    earlier: tuple[Dump, ...] = ()
    """Those of the other cases that are kept on this machine."""
    crash: CrashFacts = CrashFacts()
    diagnosis: Diagnosis | None = None
    """From all logs and crash output so far."""
    filled: int = 0
    """Fields of the RCA form that are no longer UNKNOWN."""
    fields: int = 9
    unfilled: tuple[str, ...] = ()
    """The names of the others."""
    unknown: tuple[str, ...] = ()
    """Lines of the nine that say UNKNOWN where no person has said so, each after its field's name."""
    stated: Confidence | None = None
    """The confidence that the form states, by the diagnosis or by a person."""
    safe: bool = True
    """Whether crash is kept from shells, files and memory; a person may turn that off for a case."""
    archived: str = ""
    """Where the dump was put away; empty while it was not."""
    free_bytes: Mapping[str, int] = field(default_factory=dict)
    """Free space by path, where step 4 needs it."""

    @property
    def crashed_release(self) -> str:
        """The release of the crashed kernel: the dump's own word, else the log's; empty when unknown."""
        if self.dump and self.dump.header and self.dump.header.release:
            return self.dump.header.release
        return self.diagnosis.kernel_release if self.diagnosis else ""

    @property
    def crashed_node(self) -> str:
        """The crashed node's name: the dump's own word, else the log's; empty when unknown."""
        if self.dump and self.dump.header and self.dump.header.node:
            return self.dump.header.node
        return self.diagnosis.node if self.diagnosis else ""

    @property
    def crash_time(self) -> datetime | None:
        """When the kernel died, UTC: the dump's own word, else the log's."""
        header = self.dump.header if self.dump else None
        when = (header.crash_time if header else None) or (
            self.diagnosis.crash_time if self.diagnosis else None
        )
        return when.replace(tzinfo=UTC) if when and not when.tzinfo else when


@dataclass(frozen=True, slots=True)
class Step:
    """One of the ten (0-10): why it is taken, which evidence it needs, and how it judges it."""

    number: int
    title: str
    why: str
    """Two or three sentences for the step's page, for someone who does this the first time."""
    judge: Callable[[Facts], Verdict]
    """Pure: evidence in, verdict out."""
    probes: Callable[[Facts], tuple[Probe, ...]] = lambda _: ()
    """What to collect before judging, given what is known."""
    commands: tuple[str, ...] = ()
    """The runbook's own commands, shown to people to compare."""
