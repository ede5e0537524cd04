"""The one interface through which steps get evidence, and the requests that it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from parsers.dumpheader import DumpHeader
from rca.evidence import Evidence
from rca.sources.disk import Disk

NOT_HELD = "does not hold this"
"""Stands in the problem of evidence for which the place has no answer at all (a folder asked for a command)."""


class Where(StrEnum):
    """What kind of place the evidence comes from. Only NODE may be asked about the machine that runs us."""

    NODE = "node"
    FOLDER = "folder"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class Command:
    """Run a program. Never through a shell."""

    id: str
    """The id of the evidence that it yields."""
    argv: tuple[str, ...]
    timeout: float = 10.0
    """Seconds until it is killed."""
    limit: int = 4 << 20
    """Bytes of output kept."""
    root: bool = False
    """Whether it tells less, or nothing, to anyone but root: the only ones that a source allowed to may run by sudo."""


@dataclass(frozen=True, slots=True)
class File:
    """Read a text file, the first of `paths` that exists."""

    id: str
    paths: tuple[str, ...]
    """Absolute paths as they are on the node."""
    limit: int = 64 << 20
    """Bytes kept."""
    timeout: float = 10.0
    """Seconds until the read is given up (a dead NFS server answers never)."""
    tail: bool = False
    """Whether the last bytes are kept rather than the first: the end of a log that grows."""


Probe = Command | File
KDUMP_CONF = File("kdump-conf", ("/etc/kdump.conf", "/etc/default/kdump-tools"))
"""What tells where a node saves its dumps: `Source.dumps` takes its answer."""


class DumpState(StrEnum):
    """How much of a dump is there."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    FLATTENED = "flattened"
    SAVING = "being saved"
    LOG_ONLY = "log only"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Dump:
    """One kdump directory (or a lone vmcore or log) and what can be known of it without tools."""

    directory: Path
    state: DumpState
    vmcore: Path | None = None
    dmesg: Path | None = None
    """vmcore-dmesg.txt or its incomplete form."""
    kexec_dmesg: Path | None = None
    """The capture kernel's own log: why dumping failed."""
    header: DumpHeader | None = None
    size: int = 0
    """Bytes of the vmcore."""
    problem: str = ""
    """Why it cannot be read, in words."""
    saved: datetime | None = None
    """When it was made, as well as that is known: the header's crash time, the directory's name, the file's own."""
    reason: str = ""
    """The first fatal line of its log, without its stamp; empty when unknown."""
    zoneless: bool = False
    """Whether `saved` is the directory's name: the node's own clock, in a zone that is not known, taken as UTC."""


def not_held(evidence: Evidence | None) -> bool:
    """Whether the place could not even be asked, as opposed to asked and failed."""
    return evidence is None or NOT_HELD in evidence.problem


class Source(Protocol):
    """A place that can be asked for evidence. Never raises for what the place lacks: the evidence says why."""

    @property
    def name(self) -> str:
        """For people: ``this node (worker-07)``, ``folder /var/crash/…``, ``recording``."""

    @property
    def where(self) -> Where:
        """What kind of place it is."""

    def collect(self, probe: Probe) -> Evidence:
        """Carry out one probe. Safe to call from several threads at once."""

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        """Find dumps, newest complete first; `kdump_conf` tells where this node saves them."""

    def which(self, program: str) -> str | None:
        """Where a program lies at this source, or None."""

    def exists(self, path: str) -> bool:
        """Whether a file is there and readable."""

    def free_bytes(self, path: str) -> int | None:
        """Free space of the file system under `path`, or None where that has no meaning."""

    def disk(self) -> Disk | None:
        """Its files as they are now, or None where nothing can change."""

    def close(self) -> None:
        """End what still runs and remove what was unpacked."""
