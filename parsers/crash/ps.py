"""Process lists: `ps`, `ps -m` (time since each task last ran), `ps -S` (how many in each state), and `runq`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from parsers.crash import numbered


@dataclass(frozen=True, slots=True)
class Process:
    """One row of `ps` or of `ps -m`; what that form does not print is None or empty."""

    pid: int
    cpu: int | None
    task: int
    state: str
    """``RU IN UN ZO ST TR DE SW WA PA ID NE``."""
    command: str
    """Without the brackets of kernel threads."""
    line: int
    """1-based line number."""
    ppid: int | None = None
    active: bool = False
    """On a CPU at that moment (``>``)."""
    kernel: bool = False
    """A kernel thread (``[name]``)."""
    idle_seconds: float | None = None
    """Since it last ran, from `ps -m`."""


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


_ROW = re.compile(
    r"(?:\s*(>)\s*|\s*)(\d+)\s+(\d+)\s+(\d+)\s+([0-9a-f]{8,16})\s+([A-Z]{2})\s+\d+\.\d+\s+\d+\s+\d+\s+(\[?)(.*?)\]?$"
)
_LAST = re.compile(
    r"\s*\[\s*(\d+) (\d\d):(\d\d):(\d\d)\.(\d{3})\]\s+\[([A-Z]{2})\]\s+PID: (\d+)\s+TASK: ([0-9a-f]+)"
    r'\s+CPU: (\d+)\s+COMMAND: "(.*)"'
)
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


def read_ps(lines: Iterable[str]) -> tuple[Process, ...]:
    """Read the rows of `ps` or `ps -m`; other lines are passed over."""
    found = []
    for number, line in numbered(lines):
        if row := _ROW.match(line):
            active, pid, ppid, cpu, task, state, bracket, command = row.groups()
            found.append(
                Process(
                    int(pid),
                    int(cpu),
                    int(task, 16),
                    state,
                    command,
                    number,
                    int(ppid),
                    active is not None,
                    bool(bracket),
                )
            )
        elif row := _LAST.match(line):
            days, hours, minutes, seconds, millis, state, pid, task, cpu, command = row.groups()
            idle = (
                ((int(days) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds) + int(millis) / 1000
            )
            found.append(
                Process(int(pid), int(cpu), int(task, 16), state, command, number, idle_seconds=idle)
            )
    return tuple(found)
