"""``last -xFw reboot shutdown``: which boots ended in order and which did not.

`last` never prints "crash" on a reboot line, and the end that it prints there is that of the next recorded shutdown,
so only the order of the lines tells: two boots with no shutdown between mean that the first of them ended unclean.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_LINE = re.compile(
    r"^(reboot|shutdown)\s+system (boot|down)\s+(\S*)\s+(?:[A-Z][a-z]{2} )?"
    r"([A-Z][a-z]{2})\s+(\d{1,2}) (\d\d):(\d\d)(?::(\d\d) (\d{4}))?"
)
_MONTHS = {name: n for n, name in enumerate(calendar.month_abbr) if n}


@dataclass(frozen=True, slots=True)
class Boot:
    """One start of the system."""

    line: int
    kernel: str
    """Possibly cut to sixteen characters where ``-w`` was not given."""
    started: datetime | None
    """In the zone in which `last` ran (our own commands run in UTC); None without a year."""
    clean: bool | None = None
    """Whether a shutdown is recorded before the next boot; None for the boot that still runs."""
    shutdown_line: int = 0


def parse_last(lines: Iterable[str]) -> tuple[Boot, ...]:
    """Read the boots, newest first, as `last` prints them."""
    boots: list[Boot] = []
    shutdown = 0
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line)
        if not match:
            continue
        if match[1] == "shutdown":
            shutdown = shutdown or number
            continue
        clean = None if not boots and not shutdown else bool(shutdown)
        boots.append(Boot(number, match[3], _time(match), clean, shutdown))
        shutdown = 0
    return tuple(boots)


def newest_first(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines of several runs of ``last -F`` in the order of a single one; none where their years are not told."""
    found = [(_time(match), line) for line in lines if (match := _LINE.match(line))]
    dated = [(when, line) for when, line in found if when]
    if len(dated) < len(found):
        return ()
    return tuple(line for _, line in sorted(dated, key=lambda entry: entry[0], reverse=True))


def _time(match: re.Match[str]) -> datetime | None:
    if not match[9]:
        return None
    try:
        return datetime(
            int(match[9]),
            _MONTHS.get(match[4], 0),
            int(match[5]),
            int(match[6]),
            int(match[7]),
            int(match[8]),
            tzinfo=UTC,
        )
    except ValueError:
        return None
