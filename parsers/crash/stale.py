"""Stale frames: what crash prints below the frame by which a stack begins.

crash walks on over the rest of the stack page and finds return addresses that earlier system calls left there. They are
no callers of anything, however well they read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

FIRST = (
    "do_syscall_64",
    "do_fast_syscall_32",
    "entry_SYSCALL_64",
    "system_call_fastpath",
    "invoke_syscall",
    "ret_from_fork",
    "secondary_startup_64",
)
"""Beginnings of the names of functions by which a stack begins. Nothing below them called anything above."""
_GATES = ("entry_", "ret_from_fork", "el0", "do_el0", "do_syscall", "system_call_", "invoke_syscall")
"""Beginnings of the names that may truly stand below the first of these: assembly and wrappers of the same entry."""
_FRAME = re.compile(r"\s*#(\d+) +\[[0-9a-f]+\] +([^\s(+]+)")
_HEADER = re.compile(r"\s*PID: \d+ +TASK: |crash> ")
_REACH = 400
"""Lines above that are looked at: the frames of a deep stack and their registers."""
_DEEPEST = 200
"""Frames of the deepest stack; a higher number is no backtrace of a task."""


def first_frames(functions: Iterable[str]) -> int:
    """How many of a backtrace's functions, from the top, lie above the stale ones (the entry itself included)."""
    count = 0
    entered = False
    for function in functions:
        if entered and not function.startswith(_GATES):
            break
        entered = entered or function.startswith(FIRST)
        count += 1
    return count


def is_stale(lines: Sequence[str], index: int) -> bool:
    """Whether the line at `index` is a frame below the one by which its stack begins."""
    frame = _FRAME.match(lines[index])
    if frame is None or frame[2].startswith("entry_"):  # the entry itself is real, wherever it stands
        return False
    above: list[str] = []
    number = int(frame[1])
    if number > _DEEPEST:
        return False
    for at in range(index - 1, max(-1, index - _REACH), -1):
        line = lines[at]
        if found := _FRAME.match(line):
            if int(found[1]) >= number:
                break
            number = int(found[1])
            above.append(found[2])
        elif _HEADER.match(line):
            break
    above.reverse()
    return first_frames((*above, frame[2])) <= len(above)
