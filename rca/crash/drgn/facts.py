"""What a reader of a dump found, crash or drgn, and where the two differ. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from parsers.crash.bt import Backtrace, read_bt
from parsers.crash.ps import read_ps_counts
from parsers.crash.stale import first_frames
from parsers.crash.sysinfo import read_sys
from rca.crash.base import evidence_id
from rca.evidence import Citation, Evidence, first

_GLUE = ("entry_", "asm_")
"""Assembly between stacks, which crash does not print everywhere."""


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
    failed: Mapping[str, str] | None = None
    """What could not be answered, and why."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the two say of one thing, when it is not the same."""

    about: str
    crash: str
    drgn: str
    citations: tuple[Citation, ...] = ()
    """The lines of crash's that say so."""

    def __str__(self) -> str:
        return f"{self.about}: crash says {self.crash}, drgn says {self.drgn}"


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
            tuple(Place(str(row["function"]), int(row["address"])) for row in crashed.get("frames", ())),
            int(said["tasks"]) if "tasks" in said else None,
            frozenset(map(_task, said["sleeping"])) if "sleeping" in said else None,
            len(said["sleeping"]) if "sleeping" in said else None,
            tuple(
                Held(_task(row), int(row["lock"]), _task(row["owner"]) if row.get("owner") else None)
                for row in said.get("waits", ())
            ),
            {str(name): str(why) for name, why in said.get("failed", {}).items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _task(row: Mapping[str, Any]) -> Task:
    return Task(int(row["pid"]), str(row["command"]))


def from_crash(evidence: Mapping[str, Evidence]) -> Findings:
    """What crash's captured commands say."""
    info = read_sys(_lines(evidence, "sys"))
    traces = read_bt(_lines(evidence, "bt"))
    blocked = evidence.get(evidence_id("foreach UN bt"))
    counted = read_ps_counts(_lines(evidence, evidence_id("ps -S")))
    crashed = traces[0] if traces else None
    return Findings(
        "crash",
        info.release,
        info.panic,
        Task(crashed.pid, crashed.command) if crashed and crashed.pid is not None else None,
        _places(crashed) if crashed else (),
        info.tasks,
        frozenset(Task(trace.pid, trace.command) for trace in read_bt(blocked.lines) if trace.pid is not None)
        if blocked is not None and blocked.ok
        else None,
        counted["UN"][0] if "UN" in counted else 0 if counted else None,
    )


def _places(trace: Backtrace) -> tuple[Place, ...]:
    """All addresses of a backtrace; an exception's own pointer stands in its place."""
    real = trace.frames[: first_frames(frame.function for frame in trace.frames)]
    found = [(frame.number, Place(frame.function, frame.address)) for frame in real if frame.address]
    for exception in trace.exceptions:
        if exception.rip and exception.function and not exception.doubtful:
            found.append((exception.after - 0.5, Place(exception.function, exception.rip)))  # type: ignore[arg-type]
    return tuple(place for _, place in sorted(found, key=lambda item: item[0]))


def differences(crash: Findings, drgn: Findings, evidence: Mapping[str, Evidence]) -> tuple[Difference, ...]:
    """Where both have an answer and the answers differ. `evidence` is what `crash` was made from, to cite."""
    found: list[Difference] = []

    def differ(about: str, ours: object, theirs: object, cited: tuple[Citation, ...]) -> None:
        if ours not in (None, "") and theirs not in (None, "") and ours != theirs:
            found.append(Difference(about, str(ours), str(theirs), cited))

    system = evidence.get("sys")
    differ("kernel release", crash.release, drgn.release, _cited(system, r"^\s*RELEASE:"))
    if not _same_reason(crash.panic, drgn.panic):
        differ("panic reason", crash.panic, drgn.panic, _cited(system, r"^\s*PANIC:"))
    differ("crashed task", crash.crashed, drgn.crashed, _cited(evidence.get("bt"), r"PID: \d"))
    differ("number of tasks", crash.tasks, drgn.tasks, _cited(system, r"^\s*TASKS:"))
    if crash.sleeping is not None and drgn.sleeping is not None:
        blocked = _cited(evidence.get(evidence_id("foreach UN bt")), r"PID: \d")
        differ("tasks in D state", _names(crash.sleeping), _names(drgn.sleeping), blocked)
    else:
        counted = _cited(evidence.get(evidence_id("ps -S")), r"^\s*[A-Z]{2}: \d")
        differ("number of tasks in D state", crash.uninterruptible, drgn.uninterruptible, counted)
    return (*found, *_frames_apart(crash, drgn, evidence.get("bt")))


def _frames_apart(crash: Findings, drgn: Findings, bt: Evidence | None) -> tuple[Difference, ...]:
    """Frames below the first common one that only one of them has."""
    ours = {place.address for place in crash.frames}
    theirs = {place.address for place in drgn.frames}
    common = ours & theirs
    if not crash.frames or not drgn.frames:
        return ()
    if not common:
        return (Difference("backtrace", _path(crash.frames), _path(drgn.frames), _cited(bt, r"#0 ")),)
    only = [place for place in _below(crash.frames, common) if place.address not in theirs]
    more = [place for place in _below(drgn.frames, common) if place.address not in ours]
    more = [place for place in more if place.address >> 63 and not place.function.startswith(_GLUE)]
    if not only and not more:
        return ()
    return (Difference("backtrace", _path(only) or "nothing more", _path(more) or "nothing more"),)


def _below(frames: tuple[Place, ...], common: set[int]) -> tuple[Place, ...]:
    start = next(n for n, place in enumerate(frames) if place.address in common)
    return frames[start:]


def _same_reason(one: str, other: str) -> bool:
    """crash may name the oops where drgn names the panic, or the other way round: the same words suffice."""
    return one.strip() == other.strip() or (bool(one and other) and (one in other or other in one))


def _path(frames: Iterable[Place]) -> str:
    return ", ".join(place.function or f"{place.address:016x}" for place in frames)


def _names(tasks: Iterable[Task]) -> str:
    return ", ".join(str(task) for task in sorted(tasks, key=lambda task: task.pid)) or "none"


def _lines(evidence: Mapping[str, Evidence], name: str) -> tuple[str, ...]:
    item = evidence.get(name)
    return item.lines if item is not None and item.ok else ()


def _cited(item: Evidence | None, pattern: str) -> tuple[Citation, ...]:
    return first(item.grep(pattern)) if item is not None else ()
