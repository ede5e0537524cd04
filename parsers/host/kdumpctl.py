"""``kdumpctl status|showmem|estimate``. It writes to stderr, each line with ``kdump: `` before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PREFIX = re.compile(r"^kdump: ?")
_MEGABYTES = re.compile(r"(\d{1,9}) ?M(?:i?B)?\b")


@dataclass(frozen=True, slots=True)
class KdumpCtl:
    """What kdumpctl says."""

    operational: bool | None = None
    """None: it does not say."""
    reserved: int | None = None
    """Bytes."""
    recommended: int | None = None
    too_small: bool = False
    needs_root: bool = False
    line: int = 0
    """1-based line that says whether it is operational."""


def parse_kdumpctl(lines: Iterable[str]) -> KdumpCtl:
    """Read any of the three subcommands' output."""
    operational: bool | None = None
    reserved = recommended = None
    too_small = needs_root = False
    at = 0
    for number, raw in enumerate(lines, 1):
        line = _PREFIX.sub("", raw.strip())
        match = _MEGABYTES.search(line)
        size = int(match[1]) << 20 if match else None
        if re.match(r"Kdump is (not )?operational", line):
            operational, at = "not operational" not in line, number
        elif re.match(r"Reserved (?:crashkernel:|\d+ ?MB memory for crash kernel)", line):
            reserved = size
        elif line.startswith("Recommended crashkernel:"):
            recommended = size
        elif "crashkernel size is lower than recommended" in line:
            too_small = True
        elif "must be root" in line or "Permission denied" in line:
            needs_root = True
    return KdumpCtl(operational, reserved, recommended, too_small, needs_root, at)
