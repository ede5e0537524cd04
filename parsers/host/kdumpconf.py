"""``/etc/kdump.conf`` (Enterprise Linux) and ``/etc/default/kdump-tools`` (Debian): where dumps are saved."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

FILE_SYSTEMS = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "minix", "virtiofs"})
_SHELL = re.compile(r"^\s*(?:export\s+)?([A-Z_]+)=(.*)$")


@dataclass(frozen=True, slots=True)
class KdumpConf:
    """Where a node saves its dumps and how."""

    path: str = "/var/crash"
    """Below the target's file system, where a target is given."""
    kind: str = "local"
    """``local``, ``fs``, ``nfs``, ``ssh``, ``raw``, ``ftp``."""
    target: str = ""
    """The device, export or account that `kind` speaks of."""
    collector: str = ""
    """The core_collector line's value."""
    dump_level: int | None = None
    """makedumpfile -d of the collector."""
    target_line: int = 0
    path_line: int = 0
    others: tuple[tuple[str, str], ...] = ()
    """Further options, as they stand there."""

    @property
    def remote(self) -> bool:
        """Whether dumps leave the node."""
        return self.kind in ("nfs", "ssh", "ftp")


def parse_kdump_conf(lines: Iterable[str]) -> KdumpConf:
    """Read either file; which one it is shows in its lines. The last of several options counts."""
    lines = tuple(lines)
    if any(re.match(r"^\s*(?:#\s*)?(USE_KDUMP|KDUMP_[A-Z]+)=", line) for line in lines):
        return _debian(lines)
    path, kind, target, collector = "/var/crash", "local", "", ""
    target_line = path_line = 0
    others: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 1):
        words = line.split("#", 1)[0].split(None, 1)
        if not words:
            continue
        option, value = words[0], words[1].strip() if len(words) > 1 else ""
        if option == "path" and value.startswith("/"):
            path, path_line = value, number
        elif option in FILE_SYSTEMS or option in ("nfs", "nfs4", "ssh", "net", "raw"):
            target, target_line = value, number
            kind = {"nfs4": "nfs", "net": "ssh" if "@" in value else "nfs"}.get(option, option)
            kind = "fs" if option in FILE_SYSTEMS else kind
        elif option == "core_collector":
            collector = value
        else:
            others.append((option, value))
    return KdumpConf(path, kind, target, collector, _level(collector), target_line, path_line, tuple(others))


def _debian(lines: tuple[str, ...]) -> KdumpConf:
    path, kind, target, options = "/var/crash", "local", "", ""
    target_line = path_line = 0
    others: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 1):
        match = _SHELL.match(line)
        if not match:
            continue
        value = _unquoted(match[2])
        if match[1] == "KDUMP_COREDIR" and value.startswith("/"):
            path, path_line = value, number
        elif match[1] in ("NFS", "SSH", "FTP") and value:
            kind, target, target_line = match[1].lower(), value, number
        elif match[1] == "MAKEDUMP_ARGS":
            options = value
        else:
            others.append((match[1], value))
    return KdumpConf(path, kind, target, options, _level(options), target_line, path_line, tuple(others))


def _level(collector: str) -> int | None:
    match = re.search(r"(?:^|\s)-d\s*(\d{1,2})\b", collector)
    return int(match[1]) if match else None


def _unquoted(value: str) -> str:
    try:
        return " ".join(shlex.split(value, comments=True))
    except ValueError:
        return value.strip()
