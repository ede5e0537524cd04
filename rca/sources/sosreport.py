"""A sosreport, unpacked: its copied files, and in place of commands what sos kept of theirs under ``sos_commands/``.

Member names are those of sos 3 and 4: the command with its blanks as underscores, in the folder of the plugin.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from parsers.host.lastlog import newest_first
from rca.evidence import Evidence, Kind
from rca.sources.base import Command, Dump, File, Probe, Where
from rca.sources.folder import FolderSource
from rca.sources.kinds import COMMANDS

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """Which files of a report answer for a command."""

    patterns: tuple[str, ...]
    """Globs below the report's root; every file that one of them finds is taken, in this order."""
    pick: Callable[[Lines], Lines] = lambda lines: lines
    """What of their lines is the command's answer."""


def _word(number: int) -> Callable[[Lines], Lines]:
    """One word of ``uname -a``."""
    return lambda lines: tuple(line.split()[number] for line in lines[:1] if len(line.split()) > number)


def _section(unit: str) -> Callable[[Lines], Lines]:
    """One unit of ``systemctl status --all``."""

    def pick(lines: Lines) -> Lines:
        heads = [n for n, line in enumerate(lines) if re.match(r"[●○×*↻] \S+", line)]
        begin = next((n for n in heads if re.match(rf". {re.escape(unit)}(?: |$)", lines[n])), None)
        if begin is None:
            return (f"Unit {unit} could not be found.",)
        return lines[begin : next((n for n in heads if n > begin), len(lines))]

    return pick


def _units(names: str) -> Callable[[Lines], Lines]:
    """Some units of ``systemctl list-unit-files``."""
    return lambda lines: (
        tuple(line for line in lines if re.match(rf"(?:{names})\.service\s", line))
        or ("0 unit files listed.",)
    )


_UNAME = (f"{COMMANDS}/kernel/uname_-a",)
_STATUS = (f"{COMMANDS}/systemd/systemctl_status_--all",)
_MEMBERS = {
    "uname-r": _Member(_UNAME, _word(2)),
    "uname-n": _Member(_UNAME, _word(1)),
    "last": _Member((f"{COMMANDS}/login/last*_reboot", f"{COMMANDS}/login/last*_shutdown"), newest_first),
    "list-boots": _Member((f"{COMMANDS}/*/journalctl_--list-boots",)),
    "journal": _Member((f"{COMMANDS}/logs/journalctl_--no-pager*--boot_-1",)),
    "journal-boot": _Member((f"{COMMANDS}/logs/journalctl_--no-pager*--boot",)),
    "kdump-status": _Member(_STATUS, _section("kdump.service")),
    "kdump-tools-status": _Member(_STATUS, _section("kdump-tools.service")),
    "kubelet": _Member(
        (f"{COMMANDS}/systemd/systemctl_list-unit-files",),
        _units("kubelet|k3s|k3s-agent|rke2-server|rke2-agent"),
    ),
}


class SosSource:
    """A report as a folder that can also answer for the commands that sos ran. Its times are the node's local ones."""

    where = Where.FOLDER

    def __init__(self, root: Path, name: str = "") -> None:
        """`name` is what people opened, where that is not `root` itself."""
        self._folder = FolderSource(root)
        self.path = self._folder.path
        self.name = f"sosreport {name or root}"
        self._folder.name = self.name

    def collect(self, probe: Probe) -> Evidence:
        """Read a copied file, or what sos kept of a command."""
        member = _MEMBERS.get(probe.id)
        if isinstance(probe, File) or member is None:
            return self._folder.collect(probe)
        files = [path for pattern in member.patterns for path in sorted(self.path.glob(pattern))]
        answers = [self._folder.collect(self._file(probe, path)) for path in files]
        whole = [answer for answer in answers if answer.ok]
        if not whole:
            return replace(answers[0], kind=Kind.COMMAND) if answers else self._folder.collect(probe)
        said = " and ".join(str(path.relative_to(self.path)) for path in files)
        kept = tuple(line for answer in whole for line in answer.lines)
        if not kept:  # sos was stopped at it: that names no unit which is not there
            return replace(whole[0], kind=Kind.COMMAND, problem=f"{said} is empty")
        lines = member.pick(kept)
        return replace(whole[0], kind=Kind.COMMAND, what=f"{' '.join(probe.argv)}, from {said}", lines=lines)

    def _file(self, probe: Command, path: Path) -> File:
        return File(probe.id, (f"/{path.relative_to(self.path)}",), probe.limit, probe.timeout)

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        """Find what sos copied of the dumps: mostly their logs."""
        return self._folder.dumps(kdump_conf)

    def which(self, program: str) -> str | None:
        """A report has no programs."""
        return None

    def exists(self, path: str) -> bool:
        """Whether the report holds it."""
        return self._folder.exists(path)

    def free_bytes(self, path: str) -> int | None:
        """Has no meaning here."""
        return None

    def disk(self) -> None:
        """Nothing changes here."""
        return

    def close(self) -> None:
        """Nothing runs."""


def is_wanted(member: str) -> bool:
    """Whether anything here can ask for a member of a report, named by its path below the report's root."""
    if member.startswith(f"{COMMANDS}/"):
        return any(Path(member).match(pattern) for answer in _MEMBERS.values() for pattern in answer.patterns)
    return member.startswith(("etc/", "proc/", "sys/", "usr/lib/os-release", "var/crash/", "var/log/"))
