"""``/proc/cmdline``: what ``crashkernel=`` asks for, in all its forms."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"^(0x[0-9a-f]{1,16}|\d{1,20})([KMGT]?)$", re.IGNORECASE)
_RANGE = re.compile(r"^([^-:]+)-([^-:]*):([^:]+)$")

AUTO_EL8 = ((1 << 30, 192 << 20), (4 << 30, 256 << 20), (64 << 30, 512 << 20))
"""What ``auto`` means on 8.10: from so much memory on, so much is reserved."""


@dataclass(frozen=True, slots=True)
class CrashKernel:
    """One ``crashkernel=`` argument."""

    text: str
    """The value as it stands there."""
    auto: bool = False
    size: int | None = None
    """Bytes, where one size is given."""
    ranges: tuple[tuple[int, int | None, int], ...] = ()
    """(from, below, size) in bytes; below is None for no upper end."""
    offset: int | None = None
    where: str = ""
    """``high`` or ``low``."""
    problem: str = ""
    """Why the kernel will not understand it."""

    def wanted(self, memory: int) -> int | None:
        """How many bytes it asks for on a machine with so much memory; None where that cannot be said."""
        if self.auto:
            return next((size for least, size in reversed(AUTO_EL8) if memory >= least), 0)
        for low, high, size in self.ranges:
            if low <= memory and (high is None or memory < high):
                return size
        return 0 if self.ranges else self.size


def parse_size(text: str) -> int | None:
    """Read ``512M`` as the kernel's memparse does; None for anything else."""
    match = _SIZE.match(text)
    return (
        int(match[1], 0 if match[1][:2].lower() == "0x" else 10) * _UNITS[match[2].upper()] if match else None
    )


def parse_crashkernel(cmdline: str) -> tuple[CrashKernel, ...]:
    """Find every ``crashkernel=`` of a command line, in order. What follows ``--`` belongs to init."""
    words = cmdline.split()
    if "--" in words:
        words = words[: words.index("--")]
    values = (word.partition("=")[2] for word in words if word.startswith("crashkernel="))
    return tuple(_value(value.strip('"')) for value in values)


def _value(text: str) -> CrashKernel:
    body, _, offset_text = text.partition("@")
    offset = parse_size(offset_text) if offset_text else None
    if offset_text and offset is None:
        return CrashKernel(text, problem=f"the offset {offset_text} is no size")
    if body == "auto":
        return CrashKernel(text, auto=True, offset=offset)
    if ":" in body:
        ranges = tuple(_range(part) for part in body.split(","))
        known = tuple(entry for entry in ranges if entry is not None)
        if len(known) != len(ranges):
            return CrashKernel(text, problem="a range is not of the form FROM-TO:SIZE")
        return CrashKernel(text, ranges=known, offset=offset)
    size_text, _, where = body.partition(",")
    size = parse_size(size_text)
    if size is None or where not in ("", "high", "low", "cma"):
        return CrashKernel(text, problem="neither auto, nor a size, nor ranges")
    return CrashKernel(text, size=size, offset=offset, where=where)


def _range(text: str) -> tuple[int, int | None, int] | None:
    match = _RANGE.match(text)
    if not match:
        return None
    low, high, size = parse_size(match[1]), parse_size(match[2]) if match[2] else None, parse_size(match[3])
    if low is None or size is None or (match[2] and high is None):
        return None
    return low, high, size
