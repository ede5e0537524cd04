"""The changes that a runbook step may call for, as plans: what is run, what it costs, how its result is seen."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from parsers.dumpheader import DumpFormat
from parsers.host.osrelease import parse_os_release
from rca.crash.locate import find_vmlinux
from rca.sources.base import Dump, DumpState, Source, Where
from rca.sources.disk import LOCAL, Disk
from rca.sources.dumps import lone_file
from rca.steps.base import Facts
from rca.steps.common import human, lines_of
from rca.steps.kdump import LOADED
from rca.steps.packages import NEEDED, debuginfo_package

_DEBIANS = ("debian", "ubuntu")


@dataclass(frozen=True, slots=True)
class Plan:
    """One change. Nothing runs it but a person's yes."""

    title: str
    argv: tuple[str, ...]
    cost: str
    """What it does to the machine, in sentences for the person who decides."""
    result: Callable[[Source], str]
    """Looks at the machine afterwards; returns what is still missing, or nothing."""
    stdin: Path | None = None
    """A file that the command reads as its input."""

    def shown(self) -> str:
        """The command as one would type it, in full."""
        return shlex.join(self.argv) + (f" < {shlex.quote(str(self.stdin))}" if self.stdin else "")


def plans(facts: Facts) -> tuple[Plan, ...]:
    """The changes that would help, on the machine that the case's source means, in the order of the steps.

    A folder's machine is the analyst's: what it lacks is for step 4's remedy to say, not for us to install.
    """
    system = parse_os_release(lines_of(facts, "os-release")).id
    found = (_arm(facts, system), _rebuild(facts), _crash(facts, system), _debuginfo(facts, system))
    return tuple(plan for plan in found if plan)


def _arm(facts: Facts, system: str) -> Plan | None:
    loaded = "".join(lines_of(facts, LOADED.id)[:1])
    size = "".join(lines_of(facts, "kexec-crash-size")[:1])
    if facts.where is not Where.NODE or loaded != "0" or size in ("", "0"):
        return None  # without reserved memory it takes another kernel command line and a reboot
    unit = "kdump-tools" if system in _DEBIANS else "kdump"
    return Plan(
        "Arm kdump",
        ("systemctl", "enable", "--now", unit),
        "Builds the capture kernel's initramfs if there is none (some ten seconds of CPU, some ten MB in /boot) and "
        "loads it into the memory that is set aside already. It stays enabled over reboots.",
        lambda source: (
            "" if source.collect(LOADED).lines[:1] == ("1",) else "no capture kernel is loaded all the same"
        ),
    )


def _rebuild(facts: Facts) -> Plan | None:
    dump = facts.dump
    if dump is None or dump.vmcore is None or dump.state is not DumpState.FLATTENED:
        return None
    new = dump.vmcore.with_name("vmcore.rebuilt")
    far = ""
    if facts.where is Where.NODE:
        far = (
            " For a node over ssh it passes through this machine and back, all of it: makedumpfile reads it from its "
            "standard input only, and no shell is used there."
        )
    return Plan(
        "Rebuild the flattened dump",
        ("makedumpfile", "-R", str(new)),
        f"Writes {new}, about {human(dump.size)} more beside the flattened file, which stays. crash reads it faster."
        + far,
        lambda source: _is_whole(dump, new, source.disk() or LOCAL),
        stdin=dump.vmcore,
    )


def _is_whole(flattened: Dump, new: Path, disk: Disk) -> str:
    made = lone_file(new, disk)[0]
    header = made.header
    if header is None or header.format is DumpFormat.FLATTENED:
        return made.problem or f"{new} is no ordinary dump"
    if made.state is not DumpState.COMPLETE:
        return f"{new} is not whole: {made.problem}"
    ours = flattened.header
    return "" if ours is None or ours.release == header.release else f"{new} is of another kernel"


def _crash(facts: Facts, system: str) -> Plan | None:
    if facts.where is not Where.NODE or facts.crash.program or not facts.dumps:
        return None
    tool = "apt-get" if system in _DEBIANS else "dnf"
    return Plan(
        "Install crash",
        (tool, "install", "-y", "crash"),
        "Installs one package of a few MB and what it needs. dnf may be made to update those.",
        lambda source: "" if source.which("crash") else "there is no crash program all the same",
    )


def _debuginfo(facts: Facts, system: str) -> Plan | None:
    release = facts.crashed_release
    package = debuginfo_package(release, system)
    if (
        facts.where is not Where.NODE
        or package is None
        or not package.command
        or (facts.crash.vmlinux and not facts.crash.vmlinux_problem)
    ):
        return None
    words = package.command.split()
    free = min(facts.free_bytes.values(), default=None)
    there = (
        ""
        if free is None
        else f" {human(free)} are free." + (" That is too little." if free < NEEDED else "")
    )
    return Plan(
        f"Install the debuginfo of {release}",
        (*words[:-1], "-y", words[-1]),
        f"Downloads some 740 MB and unpacks several GB, {human(NEEDED)} in all.{there} Moves that through this "
        "machine's disk and network: an analysis host is the better place.",
        lambda source: _lacks_vmlinux(facts, source),
    )


def _lacks_vmlinux(facts: Facts, source: Source) -> str:
    header, vmcore = (facts.dump.header, facts.dump.vmcore) if facts.dump else (None, None)
    found = find_vmlinux(header, facts.crashed_release, vmcore=vmcore, disk=source.disk() or LOCAL)
    return "" if found.ok else found.problem.rstrip(".")
