"""Process lists: `ps`, and `ps -m` (time since each task last ran)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

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


_ROW = re.compile(
    r"(?:\s*(>)\s*|\s*)(\d+)\s+(\d+)\s+(\d+)\s+([0-9a-f]{8,16})\s+([A-Z]{2})\s+\d+\.\d+\s+\d+\s+\d+\s+(\[?)(.*?)\]?$"
)
_LAST = re.compile(
    r"\s*\[\s*(\d+) (\d\d):(\d\d):(\d\d)\.(\d{3})\]\s+\[([A-Z]{2})\]\s+PID: (\d+)\s+TASK: ([0-9a-f]+)"
    r'\s+CPU: (\d+)\s+COMMAND: "(.*)"'
)


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
