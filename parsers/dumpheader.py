"""The first kilobytes of a vmcore, read with no tools: release, node, panic time, dump level, completeness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DumpFormat(StrEnum):
    """The container in which makedumpfile or the kernel left the memory."""

    KDUMP = "kdump"
    DISKDUMP = "diskdump"
    ELF = "elf"
    FLATTENED = "flattened"


@dataclass(frozen=True, slots=True)
class DumpHeader:
    """What a vmcore says of itself. A field that the format does not carry is None or empty."""

    format: DumpFormat
    release: str = ""
    """Kernel release: ``4.18.0-553.el8_10.x86_64``."""
    node: str = ""
    version: str = ""
    """The utsname version: ``#1 SMP …``."""
    machine: str = ""
    crash_time: datetime | None = None
    """UTC; VMCOREINFO CRASHTIME."""
    dump_level: int | None = None
    """makedumpfile -d."""
    complete: bool = True
    compression: str = ""
    build_id: str = ""
    cpus: int | None = None
    vmcoreinfo: tuple[tuple[str, str], ...] = ()
