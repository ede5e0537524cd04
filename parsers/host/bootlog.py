"""What the logs of the boot after a crash tell of the one before: an unclean end, and why kdump got no memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from parsers.host.fatal import message

_UNCLEAN = re.compile(
    r"(?:\S+ systemd-journald?(?:\[\d+\])?: )?File \S+ corrupted or uncleanly shut down, renaming and replacing|"
    r"XFS \([^)]*\): Starting recovery|EXT4-fs \([^)]*\): (?:INFO: )?recovery (?:required|complete)"
)
_RESERVATION = re.compile(
    r"crashkernel reservation failed|crashkernel: memory value expected|cannot allocate crashkernel|"
    r"Crash kernel location must be|Reserving \d+ ?MB of (?:low )?memory at \d+ ?MB for crashkernel|"
    r"crashkernel reserved: "
)
_BOOT = "Linux version "
_ORDERLY = re.compile(
    r"rsyslogd(?:\[\d+\])?: .*exiting on signal 15|"
    r"systemd(?:\[1\])?: (?:Reached target (?:System )?(?:Shutdown|Reboot|Power-?Off)|Shutting down\.)"
)


def unclean_signs(lines: Iterable[str]) -> tuple[int, ...]:
    """1-based lines of a boot's kernel log in which a file system or the journal was found as a crash leaves it."""
    return tuple(number for number, line in enumerate(lines, 1) if _UNCLEAN.match(message(line)))


def reservation(lines: Iterable[str]) -> int | None:
    """1-based line in which the kernel tells of the memory that it set aside for kdump, or why it did not."""
    return next((number for number, line in enumerate(lines, 1) if _RESERVATION.match(message(line))), None)


def previous_boot(lines: Sequence[str]) -> range | None:
    """The 1-based lines that a system log kept over reboots holds of the last boot but one; None without a reboot."""
    starts = [number for number, line in enumerate(lines, 1) if message(line).startswith(_BOOT)]
    if not starts or starts[-1] == 1:
        return None
    return range(starts[-2] if len(starts) > 1 else 1, starts[-1])


def orderly_end(lines: Sequence[str], within: range) -> int | None:
    """1-based line, of some of a system log, at which an orderly shutdown was under way; None without one."""
    return next((number for number in reversed(within) if _ORDERLY.search(lines[number - 1])), None)
