"""``kdumpctl estimate``, and the lines with which kdumpctl says in the journal that it failed.

Its messages carry ``kdump: `` before them and go to stderr.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PREFIX = re.compile(r"^kdump: ?")
_MEGABYTES = re.compile(r"(\d{1,9}) ?M(?:i?B)?\b")


_FAILED = re.compile(
    r"kdumpctl\[\d+\]: (?:kdump: )?(No memory reserved for crash kernel|kexec: failed to load kdump kernel|"
    r"mkdumprd: failed to make kdump initrd|Starting kdump: \[FAILED\]|"
    r"Warning: There might not be enough space to save a vmcore)"
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much memory the capture kernel should have."""

    recommended: int | None = None
    """Bytes."""
    too_small: bool = False
    warning_line: int = 0
    """1-based line that says so."""


def parse_kdumpctl(lines: Iterable[str]) -> Estimate:
    """Read the output of ``kdumpctl estimate``."""
    recommended = None
    warning = 0
    for number, raw in enumerate(lines, 1):
        line = _PREFIX.sub("", raw.strip())
        match = _MEGABYTES.search(line)
        size = int(match[1]) << 20 if match else None
        if line.startswith("Recommended crashkernel:"):
            recommended = size
        elif "crashkernel size is lower than recommended" in line:
            warning = number
    return Estimate(recommended, bool(warning), warning)


def failures(lines: Iterable[str]) -> tuple[int, ...]:
    """1-based lines of a unit's status or journal in which kdumpctl says that something failed."""
    return tuple(number for number, line in enumerate(lines, 1) if _FAILED.search(line))
