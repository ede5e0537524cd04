"""The lines with which a kernel says that it dies, recognised at the start of a message only.

A process name or a device label may hold any text, so a signature counts only where the kernel itself puts it: right
after the stamp. This is the quick check for one question, "did it die here"; reading a log is `parsers.klog`'s work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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


def shuts_down(lines: Iterable[str]) -> int | None:
    """1-based number of the line at which an orderly shutdown ends the log, or None."""
    found = None
    for number, line in enumerate(lines, 1):
        text = message(line)
        if re.match(r"systemd-shutdown\[1\]: |reboot: (?:Restarting system|Power down|System halted)", text):
            found = number
    return found
