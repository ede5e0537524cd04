"""Who runs and who waits: `ps -S` (how many tasks in each state) and `runq`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from parsers.crash import numbered


@dataclass(frozen=True, slots=True)
class RunQueue:
    """One CPU of `runq`."""

    cpu: int
    pid: int
    """Of the task that was running."""
    command: str
    waiting: int
    """Tasks queued behind it, the running one not counted."""
    line: int
    """1-based line number."""


_COUNT = re.compile(r"\s*([A-Z]{2}): (\d+)$")
_QUEUE = re.compile(r"\s*CPU (\d+) RUNQUEUE: [0-9a-f]+")
_CURRENT = re.compile(r'\s*CURRENT: PID: (\d+)\s+TASK: ([0-9a-f]+)\s+COMMAND: "(.*)"')
_QUEUED = re.compile(r"\s*(?:\[ *\d+\] )?PID: \d+\s+TASK: ([0-9a-f]+)\s")


def read_ps_counts(lines: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Read `ps -S`: for each state how many tasks, and the 1-based line number."""
    counts = {}
    for number, line in numbered(lines):
        if row := _COUNT.match(line):
            counts[row[1]] = (int(row[2]), number)
    return counts


def read_runq(lines: Iterable[str]) -> tuple[RunQueue, ...]:
    """Read `runq`: a CPU each, with how many tasks wait there."""
    found: list[RunQueue] = []
    cpu: int | None = None
    current = ""
    for number, line in numbered(lines):
        if queue := _QUEUE.match(line):
            cpu = int(queue[1])
        elif cpu is not None and (running := _CURRENT.match(line)):
            current = running[2]
            found.append(RunQueue(cpu, int(running[1]), running[3], 0, number))
            cpu = None
        elif found and cpu is None and (queued := _QUEUED.match(line)) and queued[1] != current:
            found[-1] = replace(found[-1], waiting=found[-1].waiting + 1)
    return tuple(found)
