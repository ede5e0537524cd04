"""``kexec-dmesg.log``: what the capture kernel says of its work, and why it could not save the memory."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FAILED = re.compile(
    r"saving vmcore(?:-dmesg\.txt)? failed|sync vmcore failed|makedumpfile Failed|No space left on device|"
    r"Out of memory: |oom-kill:|Can't open the dump memory|Cannot allocate memory|"
    r"failed to (?:dump|mount|save)\b|(?:I/O|Buffer I/O) error|Host key verification failed|Permission denied|"
    r"mount: .*(?:failed|can't find|timed out)|Could not (?:resolve|load)|No route to host|"
    r"Connection (?:refused|timed out)"
)


def failures(lines: Iterable[str]) -> tuple[int, ...]:
    """1-based lines that tell why saving failed, in order."""
    return tuple(number for number, line in enumerate(lines, 1) if _FAILED.search(line))
