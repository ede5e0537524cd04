"""Where a node's dumps lie, seen from its running system."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from parsers.host.kdumpconf import KdumpConf

USUAL = Path("/var/crash")


def dump_places(conf: KdumpConf, mounts: Iterable[str], real: Callable[[str], str]) -> tuple[Path, ...]:
    """The directories to look into: where `conf` says, if that is mounted, and the usual one.

    `mounts` are the lines of ``/proc/self/mounts``; `real` resolves the links of a path on that node.
    """
    place = _saved_in(conf, mounts, real)
    return tuple(dict.fromkeys((place, USUAL) if place else (USUAL,)))


def _saved_in(conf: KdumpConf, mounts: Iterable[str], real: Callable[[str], str]) -> Path | None:
    """The directory that a configuration means; None where its file system is not mounted."""
    if conf.kind == "local":
        return Path(conf.path)
    if conf.kind not in ("fs", "nfs"):
        return None
    device = conf.target
    if match := re.match(r"(UUID|LABEL|PARTUUID|PARTLABEL)=(.+)", device):
        device = f"/dev/disk/by-{match[1].lower()}/{match[2]}"
    wanted = {device, real(device)} if device.startswith("/dev/") else {device.rstrip("/")}
    for line in mounts:
        fields = line.split(" ")
        if len(fields) > 1 and (fields[0] in wanted or fields[0].rstrip("/") in wanted):
            root = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
            return Path(root) / conf.path.lstrip("/")
    return None
