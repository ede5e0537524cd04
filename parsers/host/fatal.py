"""The lines with which a kernel says that it dies, recognised at the start of a message only.

A process name or a device label may hold any text, so a signature counts only where the kernel itself puts it: right
after the stamp. This is the quick check for one question, "did it die here"; reading a log is `parsers.klog`'s work.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_PREFIX = re.compile(
    r"^(?:<\d+>)?"
    r"(?:(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\S+) (?:\S+ )?kernel: |"
    r"\[ *\d+\.\d+\] (?=\S+ kernel: )\S+ kernel: )?"
    r"(?:\[ *\d+\.\d+\] ?)?(?:\[ *[TC]\d+\] ?)?"
)
_PANIC = re.compile(r"Kernel panic - not syncing")
_OOPS = re.compile(
    r"BUG: unable to handle |BUG: kernel NULL pointer dereference|kernel BUG at |general protection fault|"
    r"PANIC: double fault|double fault: |divide error: |invalid opcode: |Oops: |Oops - |Internal error: |"
    r"Unable to handle kernel |kernel tried to execute NX-protected page|BUG: stack guard page was hit|"
    r"traps: PANIC: |int3: |stack segment: "
)
_SINCE_BOOT = re.compile(r"(?:<\d+>)?\[ *(\d{1,9}\.\d+)\]")
_CLOCK = re.compile(r"([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) ")
_DAYS = {name: 31 * number for number, name in enumerate(calendar.month_abbr) if name}
"""Days before a month, as far as it matters: a longer wait is never made shorter than a day."""
_RIP = re.compile(r"RIP: [0-9a-f]{4}:|(?:pc|PC) : |NIP \[")


def message(line: str) -> str:
    """Return a log line without its stamps and its ``host kernel:``."""
    return line[match.end() :] if (match := _PREFIX.match(line)) else line


def is_panic(line: str) -> bool:
    """Whether this is the ``Kernel panic`` line itself."""
    return bool(_PANIC.match(message(line)))


def is_fatal(line: str) -> bool:
    """Whether the kernel dies of what this line reports: an oops or a panic, not a warning or a soft lockup."""
    text = message(line)
    return bool(_PANIC.match(text) or _OOPS.match(text))


def is_rip(line: str) -> bool:
    """Whether this line names the instruction at which it died."""
    return bool(_RIP.match(message(line)))


def fatal_lines(lines: Iterable[str]) -> tuple[int, ...]:
    """1-based numbers of the fatal lines, in order. The same log is gone through once: many steps ask for them."""
    return _fatal(tuple(lines))


@lru_cache(maxsize=4)
def _fatal(lines: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(number for number, line in enumerate(lines, 1) if is_fatal(line))


def went_on(lines: Sequence[str]) -> float:
    """Seconds, by its stamps, for which a log goes on after its last fatal line; 0 where they do not tell.

    A kernel that dies of an oops prints its last line within seconds. After a ``Kernel panic`` what comes is its end.
    """
    fatal = fatal_lines(lines)
    if not fatal or any(is_panic(lines[number - 1]) for number in fatal):
        return 0
    rest = lines[fatal[-1] - 1 :]
    for stamp in (_since_boot, _clock):
        times = [when for line in rest if (when := stamp(line)) is not None]
        if stamp(rest[0]) is not None:
            return max(0.0, times[-1] - times[0])
    return 0


def _since_boot(line: str) -> float | None:
    return float(match[1]) if (match := _SINCE_BOOT.match(line)) else None


def _clock(line: str) -> float | None:
    if not (match := _CLOCK.match(line)) or match[1] not in _DAYS:
        return None
    day, hour, minute, second = (int(match[n]) for n in (2, 3, 4, 5))
    return float((((_DAYS[match[1]] + day) * 24 + hour) * 60 + minute) * 60 + second)


def shuts_down(lines: Iterable[str]) -> int | None:
    """1-based number of the line at which an orderly shutdown ends the log, or None."""
    found = None
    for number, line in enumerate(lines, 1):
        text = message(line)
        if re.match(r"systemd-shutdown\[1\]: |reboot: (?:Restarting system|Power down|System halted)", text):
            found = number
    return found
