"""What journalctl says in place of the messages that one asked for, and its list of boots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_VOLATILE = "Specifying boot ID or boot offset has no effect, no persistent journal was found"
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:UTC|GMT)?")
_BOOT = re.compile(r"^\s*(-?\d+) ([0-9a-f]{32}) (.*)$")


class Notice(StrEnum):
    """Why the output holds no messages."""

    VOLATILE = "volatile"
    """No journal survives a reboot on this node. journalctl exits 0 and may show the running boot instead."""
    NO_SUCH_BOOT = "no such boot"
    EMPTY = "empty"
    UNPRIVILEGED = "unprivileged"
    """It shows less than there is."""
    NO_FILES = "no files"


@dataclass(frozen=True, slots=True)
class BootEntry:
    """One boot of ``journalctl --list-boots``."""

    offset: int
    """0 is the running one."""
    boot_id: str
    first: datetime | None
    """UTC where journalctl ran in UTC, as ours do."""
    last: datetime | None
    line: int


def notices(lines: Iterable[str]) -> tuple[tuple[Notice, int], ...]:
    """Find journalctl's own remarks, with their 1-based lines."""
    found: list[tuple[Notice, int]] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith(_VOLATILE):
            found.append((Notice.VOLATILE, number))
        elif "No such boot ID in journal" in text and text.startswith(("Data from", "Failed")):
            found.append((Notice.NO_SUCH_BOOT, number))
        elif re.match(r"-- No entries --$", text):
            found.append((Notice.EMPTY, number))
        elif text.startswith("Hint: You are currently not seeing messages from other users"):
            found.append((Notice.UNPRIVILEGED, number))
        elif re.match(r"No journal files were (?:found|opened)", text):
            found.append((Notice.NO_FILES, number))
    return tuple(found)


def parse_boots(lines: Iterable[str]) -> tuple[BootEntry, ...]:
    """Read ``--list-boots``, of systemd 239 (one dash between the times) and of later ones (a table)."""
    boots = []
    for number, line in enumerate(lines, 1):
        match = _BOOT.match(line)
        if match and len(match[1]) < 10:
            times = [_time(stamp) for stamp in _STAMP.findall(match[3])]
            first, last = (*times, None, None)[:2]
            boots.append(BootEntry(int(match[1]), match[2], first, last, number))
    return tuple(boots)


def boot_of(boots: Sequence[BootEntry], moment: datetime) -> BootEntry | None:
    """The boot that ran at a moment: the last one that began before it."""
    before = [boot for boot in boots if boot.first and boot.first <= moment]
    return max(before, key=lambda boot: boot.first or moment, default=None)


def _time(stamp: str) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC)
    except ValueError:
        return None
