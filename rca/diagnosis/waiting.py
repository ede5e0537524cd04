"""Who a hung task really waits for: a storage driver that was in trouble before, or the task that holds the lock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from parsers.klog.frames import nowhere
from parsers.klog.model import Event, Frame
from rca.diagnosis.frames import generic_reason, is_entry, own_name
from rca.diagnosis.knowledge import read
from rca.diagnosis.model import Diagnosis

_BEFORE = 400
"""Lines before the report that are searched: error handling of a path takes minutes and many lines."""
_AFTER = 60
"""Lines after the report's heading in which the kernel names the lock's owner."""
_LONGEST = 300
_WATCHED = ("soft-lockup", "hard-lockup", "rcu-stall")
_AT_A_LOCK = re.compile(
    r"spin_lock_slowpath|queued_(?:read|write)_lock_slowpath|_raw_(?:spin|read|write)_(?:try)?lock|"
    r"osq_lock|mutex_spin_on_owner|rwsem_(?:spin_on_owner|optimistic_spin)|^__?mutex_lock|rwsem_down_|^__down"
)
_NMI = re.compile(r"NMI backtrace for cpu (\d{1,5})\b")
_OWNER = re.compile(
    r"INFO: task .{1,40} (?:is )?blocked on an? [\w-]+,? likely (?:last )?(?:owned|held) by task (.{1,30}:\d+)"
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A storage driver that told of trouble."""

    module: str
    line: int
    """1-based line of its last complaint before the report."""


def storage_trouble(event: Event, chain: Sequence[Frame], lines: Sequence[str]) -> Trouble | None:
    """The storage driver that complained last before a task hung in I/O; None when there is none."""
    if event.kind != "hung-task":
        return None
    waits = _matcher("io")
    if not any(waits.search(frame.base) for frame in chain):
        return None
    speaker, complaint = _speaker(), _matcher("trouble")
    for number in range(event.first - 1, max(0, event.first - 1 - _BEFORE), -1):
        line = lines[number - 1][:_LONGEST]
        found = speaker.search(line)
        if found and complaint.search(line, found.start()):
            return Trouble(read("modules")["storage"]["drivers"][found[1]], number)
    return None


def only_waits(found: Diagnosis) -> bool:
    """Whether the blamed function is seen to wait, so that another one has to answer for it.

    It stands in the trace of a task that hung, or below a lock's own functions where a watchdog barked.
    """
    if not found.guilty.function or found.kind not in ("hung-task", *_WATCHED):
        return False
    called = list(takewhile(lambda name: own_name(name) != found.guilty.function, found.trace))
    if len(called) == len(found.trace):
        return False
    return found.kind == "hung-task" or any(map(_AT_A_LOCK.search, called))


def lock_owner(event: Event, lines: Sequence[str]) -> tuple[str, int] | None:
    """The task that holds the lock a task hangs on, ``worker:77``, and the line that says so (kernels from 6.15 on)."""
    if event.kind != "hung-task":
        return None
    for number in range(event.first, min(event.first + _AFTER, len(lines)) + 1):
        if "likely" in lines[number - 1] and (found := _OWNER.search(lines[number - 1][:_LONGEST])):
            return found[1], number
    return None


def elsewhere(event: Event, lines: Sequence[str]) -> Iterator[tuple[int, Frame]]:
    """What the other CPUs, but for idle ones, did when an NMI asked them: the CPU, and its first frame that tells.

    A watchdog's own trace shows who waits for a lock; who holds it may stand here.
    """
    if event.kind not in _WATCHED or not event.path:
        return
    end = min(event.path[-1].line, len(lines))
    marks = [
        (number, found[1])
        for number in range(event.first, end + 1)
        if (found := _NMI.search(lines[number - 1]))
    ]
    for at, (line, cpu) in enumerate(marks):
        until = marks[at + 1][0] if at + 1 < len(marks) else end + 1
        frames = [frame for frame in event.path if line < frame.line < until and not nowhere(frame)]
        if int(cpu) == event.context.cpu or any(
            "idle" in frame.base or "halt" in frame.base for frame in frames
        ):
            continue
        telling = (frame for frame in frames if not generic_reason(frame.base) and not is_entry(frame.base))
        if (first := next(telling, None)) is not None:
            yield int(cpu), first


@cache
def _matcher(name: str) -> re.Pattern[str]:
    return re.compile("|".join(read("modules")["storage"][name]), re.IGNORECASE)


@cache
def _speaker() -> re.Pattern[str]:
    """A driver's name at the head of its message: after the stamp, or in brackets with its function."""
    names = "|".join(sorted(read("modules")["storage"]["drivers"], key=len, reverse=True))
    return re.compile(rf"(?:^|[\s\[])({names})(?=[_\d]{{0,3}}\w{{0,40}}[:\]\s])")
