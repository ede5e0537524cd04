"""What `sys` and the banner of crash say of the dump and of the machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from parsers.crash import numbered

_EMPTY: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SysInfo:
    """The fields of `sys`, and after the banner those of the panicking task too. Missing ones are empty or None."""

    kernel: str = ""
    """Path of the vmlinux."""
    dump: str = ""
    """Path of the dump."""
    flags: tuple[str, ...] = ()
    """From KERNEL and DUMPFILE, without brackets: ``TAINTED``, ``PARTIAL DUMP``, ``INCOMPLETE``, ``LIVEPATCH`` …"""
    cpus: int | None = None
    offline: int | None = None
    date: str = ""
    """As printed, in the time zone of whoever ran crash."""
    uptime: str = ""
    load: str = ""
    tasks: int | None = None
    node: str = ""
    release: str = ""
    version: str = ""
    machine: str = ""
    """``x86_64``."""
    memory: str = ""
    panic: str = ""
    """Without quotes and without "(check log for details)"; may be a weak line such as ``Oops: 0000 [#1]``."""
    pid: int | None = None
    command: str = ""
    task: str = ""
    cpu: int | None = None
    state: str = ""
    """``TASK_RUNNING (PANIC)``."""
    lines: Mapping[str, int] = field(default_factory=lambda: _EMPTY)
    """1-based line number of each field, by crash's own name: ``PANIC``, ``LOAD AVERAGE`` …"""

    @property
    def tainted(self) -> bool:
        """Whether crash marks the kernel as tainted."""
        return "TAINTED" in self.flags


_FIELD = re.compile(
    r"\s*(KERNEL|DEBUGINFO|DEBUG KERNEL|SYSTEM MAP|DUMPFILE|CPUS|DATE|UPTIME|LOAD AVERAGE|TASKS|NODENAME|RELEASE"
    r"|VERSION|MACHINE|MEMORY|PANIC|PID|COMMAND|TASK|CPU|STATE): (.*)"
)
_FLAG = re.compile(r"\s*\[([A-Z][A-Z _-]+)\]")
_NUMBER = re.compile(r"(\d+)")


def read_sys(lines: Iterable[str]) -> SysInfo:
    """Read `sys` or the banner. The first value of a field wins; a backtrace's header line is not taken for one."""
    values: dict[str, str] = {}
    where: dict[str, int] = {}
    last = ""
    for number, line in numbered(lines):
        found = _FIELD.match(line)
        if found and "  TASK: " in found[2]:
            last = ""
        elif found:
            last = found[1]
            if last not in values:
                values[last], where[last] = found[2].strip(), number
            else:
                last = ""
        elif (
            last == "PANIC" and values[last].startswith('"') and line.strip() and values[last].count('"') < 2
        ):
            values[last] += " " + line.strip()  # a long reason, broken by a mailer
        else:
            last = ""
    return _build(values, where)


def _build(values: dict[str, str], where: dict[str, int]) -> SysInfo:
    kernel, kernel_flags = _split_flags(values.get("KERNEL", ""))
    dump, dump_flags = _split_flags(values.get("DUMPFILE", ""))
    cpus = values.get("CPUS", "")
    offline = re.search(r"OFFLINE: (\d+)", cpus)
    return SysInfo(
        kernel=kernel,
        dump=dump,
        flags=(*kernel_flags, *dump_flags),
        cpus=_integer(cpus),
        offline=int(offline[1]) if offline else None,
        date=values.get("DATE", ""),
        uptime=values.get("UPTIME", ""),
        load=values.get("LOAD AVERAGE", ""),
        tasks=_integer(values.get("TASKS", "")),
        node=values.get("NODENAME", ""),
        release=values.get("RELEASE", ""),
        version=values.get("VERSION", ""),
        machine=values.get("MACHINE", "").split(" ")[0],
        memory=values.get("MEMORY", ""),
        panic=_reason(values.get("PANIC", "")),
        pid=_integer(values.get("PID", "")),
        command=values.get("COMMAND", "").strip('"'),
        task=values.get("TASK", "").split(" ")[0],
        cpu=_integer(values.get("CPU", "")),
        state=values.get("STATE", ""),
        lines=MappingProxyType(where),
    )


def _split_flags(text: str) -> tuple[str, tuple[str, ...]]:
    at = text.find("  [")
    return (text, ()) if at < 0 else (text[:at], tuple(_FLAG.findall(text[at:])))


def _integer(text: str) -> int | None:
    found = _NUMBER.match(text)
    return int(found[1]) if found else None


def _reason(text: str) -> str:
    """The panic reason without its quotes."""
    text = re.sub(r"\s*\(check log for details\)\s*$", "", text)
    return text[1:].removesuffix('"') if text.startswith('"') else text
