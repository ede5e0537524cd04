"""What a reader of a dump found, crash or drgn. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parsers.crash.bt import Backtrace, read_bt
from parsers.crash.ps import read_ps_counts
from parsers.crash.stacks import group, waits
from parsers.crash.stale import first_frames
from parsers.crash.sysinfo import read_sys
from parsers.text import visible
from rca.crash.base import evidence_id
from rca.encoding import DAMAGE
from rca.evidence import Evidence

BLOCKED = "foreach UN bt"
"""What crash is asked beyond the mandatory commands, so that it can be compared."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task."""

    pid: int
    command: str

    def __str__(self) -> str:
        return f"{self.command}:{self.pid}"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a backtrace."""

    function: str
    """Empty where it has no name."""
    address: int
    module: str = ""
    """Empty for the kernel proper, and where it is not told."""


@dataclass(frozen=True, slots=True)
class Held:
    """A task that waits for a lock, and the task that owns it."""

    task: Task
    lock: int
    owner: Task | None


@dataclass(frozen=True, slots=True)
class Findings:
    """One reader's answers; None and empty where it has none."""

    reader: str
    """``crash`` or ``drgn``."""
    release: str = ""
    panic: str = ""
    crashed: Task | None = None
    frames: tuple[Place, ...] = ()
    """Of the crashed task, from the top; crash's without stale ones."""
    tasks: int | None = None
    sleeping: frozenset[Task] | None = None
    """In D state."""
    uninterruptible: int | None = None
    """How many are in D state; known to `ps -S`, which names nobody."""
    waits: tuple[Held, ...] = ()
    """crash names everyone who may own the lock, one by one."""
    owners: Mapping[Task, tuple[Place, ...]] = field(default_factory=dict)
    """Where the owners of these locks stand, from the top; crash does not tell."""
    failed: Mapping[str, str] | None = None
    """What could not be answered, and why."""


def from_drgn(text: str) -> Findings | None:
    """Read what `question.py` printed; None where that is no such answer."""
    try:
        said = json.loads(text)
        crashed = said.get("crashed") or {}
        return Findings(
            "drgn",
            str(said.get("release", "")),
            str(said.get("panic", "")),
            _task(crashed) if crashed else None,
            _stack(crashed),
            int(said["tasks"]) if "tasks" in said else None,
            frozenset(map(_task, said["sleeping"])) if "sleeping" in said else None,
            len(said["sleeping"]) if "sleeping" in said else None,
            tuple(
                Held(_task(row), int(row["lock"]), _task(row["owner"]) if row.get("owner") else None)
                for row in said.get("waits", ())
            ),
            {_task(row): _stack(row) for row in said.get("owners", ())},
            {str(name): str(why) for name, why in said.get("failed", {}).items()},
        )
    except DAMAGE:
        return None


def _stack(row: Mapping[str, Any]) -> tuple[Place, ...]:
    return tuple(
        Place(visible(str(one["function"])), int(one["address"]), visible(str(one.get("module", ""))))
        for one in row.get("frames", ())
    )


def _task(row: Mapping[str, Any]) -> Task:
    return Task(int(row["pid"]), visible(str(row["command"])))  # a task names itself as it likes


def from_crash(evidence: Mapping[str, Evidence], *, locks: bool = True) -> Findings:
    """What crash's captured commands say; who may own which lock takes a look at every CPU's stack."""
    info = read_sys(_lines(evidence, "sys"))
    traces = read_bt(_lines(evidence, "bt"))
    blocked = evidence.get(evidence_id(BLOCKED))
    sleepers = read_bt(blocked.lines) if blocked is not None and blocked.ok else None
    counted = read_ps_counts(_lines(evidence, evidence_id("ps -S")))
    crashed = traces[0] if traces else None
    return Findings(
        "crash",
        info.release,
        info.panic,
        _of(crashed) if crashed else None,
        _places(crashed) if crashed else (),
        info.tasks,
        None if sleepers is None else frozenset(task for trace in sleepers if (task := _of(trace))),
        counted["UN"][0] if "UN" in counted else 0 if counted else None,
        tuple(_waits((*(sleepers or ()), *read_bt(_lines(evidence, "bt-a"))))) if locks else (),
    )


def _of(trace: Backtrace) -> Task | None:
    return Task(trace.pid, trace.command) if trace.pid is not None else None


def _waits(traces: tuple[Backtrace, ...]) -> Iterator[Held]:
    """Who may hold a lock that another waits for, as far as crash's stacks tell."""
    for wait in waits(group(traces)):
        for waiting in filter(None, map(_of, wait.tasks)):
            for holder in wait.holders:
                yield Held(waiting, wait.lock or 0, _of(holder.task))


def _places(trace: Backtrace) -> tuple[Place, ...]:
    """All addresses of a backtrace; an exception's own pointer stands in its place."""
    real = trace.frames[: first_frames(frame.function for frame in trace.frames)]
    found = [(frame.number, Place(frame.function, frame.address)) for frame in real if frame.address]
    for exception in trace.exceptions:
        if exception.rip and exception.function and not exception.doubtful:
            found.append((exception.after - 0.5, Place(exception.function, exception.rip)))  # type: ignore[arg-type]
    return tuple(place for _, place in sorted(found, key=lambda item: item[0]))


def _lines(evidence: Mapping[str, Evidence], name: str) -> tuple[str, ...]:
    item = evidence.get(name)
    return item.lines if item is not None and item.ok else ()
