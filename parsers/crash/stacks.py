"""Many backtraces made few: identical stacks together, idle CPUs apart, waiters beside who may hold their lock.

Everything is taken from the text of `bt -a` or `foreach bt` alone, so whoever is named as a holder *may* hold it: a
register that names the lock tells more than a stack in the same module, and neither proves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from parsers.crash.bt import Backtrace, Frame
from parsers.crash.stale import first_frames


class Doing(StrEnum):
    """What a stack shows its task doing."""

    IDLE = "idle"
    SPINS = "spins"
    SLEEPS = "sleeps"
    """For a lock; other sleeps are OTHER."""
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack, and everyone who had it."""

    functions: tuple[str, ...]
    """``function [module]`` from the top, without the NMI's own and without stale frames."""
    tasks: tuple[Backtrace, ...]
    doing: Doing


@dataclass(frozen=True, slots=True)
class Holder:
    """A task that may hold a lock, and why one thinks so."""

    task: Backtrace
    why: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Tasks that wait for one lock at one place."""

    tasks: tuple[Backtrace, ...]
    doing: Doing
    lock: int | None
    """Address of the lock, where the registers tell it."""
    caller: Frame | None
    """Who asked for the lock."""
    holders: tuple[Holder, ...]
    """The likeliest first; empty when nobody in these backtraces fits."""


_IDLE = re.compile(
    r"do_idle$|cpu_startup_entry$|default_idle|(?:pv_)?native_safe_halt$|(?:xen|acpi)_safe_halt$|acpi_idle|intel_idle"
    r"|mwait_idle|cpuidle_enter|poll_idle$|cpu_idle_poll$|cpu_do_idle$|arch_cpu_idle"
)
_SPIN = re.compile(
    r"(?:native_|__pv_)?queued_(?:spin|read|write)_lock_slowpath$|_raw_(?:spin|read|write)_(?:try)?lock|osq_lock$"
    r"|(?:mutex|rwsem)_(?:spin_on_owner|optimistic_spin)|do_raw_spin_lock$|__?ticket_spin_lock$"
)
_SLEEP = re.compile(
    r"_{0,2}mutex_lock|__down(?:_|$)|down(?:_read|_write|_interruptible|_killable|_timeout)?(?:_|$)|rwsem_down_"
    r"|(?:__)?rt_mutex_(?:slow)?lock|__rt_mutex_|percpu_down_|__percpu_rwsem|ww_mutex_lock"
)
_ENTERS_SLEEP = re.compile(r"(?:__)?schedule(?:_|$)|io_schedule")
_LOWEST_KERNEL = 1 << 63
_HALTED = 3
"""Frames from the top among which an idle CPU's own stands; further down, an interrupt runs over the idle task."""
_NEAREST = 3
"""Holders that are named for one waiter."""


def group(traces: Iterable[Backtrace]) -> tuple[Stack, ...]:
    """Identical stacks together: those of waiters first, then by how many have them, idle ones last."""
    found: dict[tuple[str, ...], list[Backtrace]] = {}
    for trace in traces:
        found.setdefault(_signature(trace), []).append(trace)
    stacks = [Stack(names, tuple(tasks), _doing(tasks[0])) for names, tasks in found.items()]
    order = {Doing.SPINS: 0, Doing.SLEEPS: 1, Doing.OTHER: 2, Doing.IDLE: 3}
    return tuple(sorted(stacks, key=lambda stack: (order[stack.doing], -len(stack.tasks))))


def waits(stacks: Sequence[Stack]) -> tuple[Wait, ...]:
    """Everyone who waits for a lock, with who may hold it."""
    waiting: dict[tuple[int, int | None], list[Backtrace]] = {}
    for at, stack in enumerate(stacks):
        if stack.doing in (Doing.SPINS, Doing.SLEEPS):
            for task in stack.tasks:
                waiting.setdefault((at, _lock(task, stack.doing)), []).append(task)
    naming, inside = _naming(stacks), _by_module(stacks)
    callers = {at: _caller(stacks[at].tasks[0]) for at, _ in waiting}
    same: dict[object, set[int | None]] = {}
    """Tasks that wait for the same lock; where it is unknown, at the same place, and so most likely for the same."""
    for (at, lock), tasks in waiting.items():
        same.setdefault(_what(lock, callers[at]), set()).update(task.task for task in tasks)
    found = []
    for (at, lock), tasks in waiting.items():
        caller = callers[at]
        module = caller.module if caller else ""
        theirs = same[_what(lock, caller)]
        holders: dict[int | None, Holder] = {}
        for holder in (*naming.get(lock or 0, ()), *inside.get(module, ())):
            if holder.task.task not in theirs and len(holders) < _NEAREST:
                holders.setdefault(holder.task.task, holder)
        found.append(Wait(tuple(tasks), stacks[at].doing, lock, caller, tuple(holders.values())))
    return tuple(found)


def _what(lock: int | None, caller: Frame | None) -> object:
    return caller.function if lock is None and caller else lock


def _own_frames(trace: Backtrace) -> tuple[Frame, ...]:
    """What the task did when it was asked: without the NMI that asked it, without stale frames."""
    start = max((mark.after for mark in trace.separators if mark.name.startswith("NMI")), default=0)
    frames = trace.frames[start:]
    return frames[: first_frames(frame.function for frame in frames)]


def _signature(trace: Backtrace) -> tuple[str, ...]:
    return tuple(
        f"{frame.function} [{frame.module}]" if frame.module else frame.function
        for frame in _own_frames(trace)
    )


def _doing(trace: Backtrace) -> Doing:
    functions = [frame.function for frame in _own_frames(trace)]
    switched_out = any(_ENTERS_SLEEP.match(name) for name in functions[:1])  # its CPU runs another task
    if not switched_out and any(_IDLE.match(name) for name in functions[:_HALTED]):
        return Doing.IDLE
    if any(_SPIN.match(name) for name in functions):
        return Doing.SPINS
    asleep = next((n for n, name in enumerate(functions) if _ENTERS_SLEEP.match(name)), None)
    if asleep is not None and any(_SLEEP.match(name) for name in functions[asleep : asleep + 6]):
        return Doing.SLEEPS
    return Doing.OTHER


def _lock(trace: Backtrace, how: Doing) -> int | None:
    """The lock's address: the first argument of the function that spins, when an exception caught it there."""
    if how is not Doing.SPINS:
        return None
    for exception in trace.exceptions:
        if not exception.doubtful and _SPIN.match(exception.function):
            return exception.registers.get("RDI", exception.registers.get("X0"))
    return None


def _caller(trace: Backtrace) -> Frame | None:
    """The first frame below the lock's own functions."""
    inside = False
    for frame in _own_frames(trace):
        locks = bool(_SPIN.match(frame.function) or _SLEEP.match(frame.function))
        if inside and not locks:
            return frame
        inside = inside or locks
    return None


def _naming(stacks: Iterable[Stack]) -> dict[int, list[Holder]]:
    """Who names which kernel address in the registers that an exception saved."""
    found: dict[int, list[Holder]] = {}
    for stack in stacks:
        for task in stack.tasks:
            for exception in task.exceptions:
                for name, value in exception.registers.items():
                    if value >= _LOWEST_KERNEL:
                        # where crash doubts the frame, the values are right, but not their names
                        words = "its saved registers name" if exception.doubtful else f"its {name} names"
                        found.setdefault(value, []).append(Holder(task, f"{words} the lock"))
    return found


def _by_module(stacks: Iterable[Stack]) -> dict[str, list[Holder]]:
    """Who is in which module: one task of each stack."""
    found: dict[str, list[Holder]] = {}
    for stack in stacks:
        task = stack.tasks[0]
        for frame in reversed(_own_frames(task)):
            if frame.module:
                holder = Holder(task, f"it is in {frame.function} of the same module")
                others = found.setdefault(frame.module, [])
                if others and others[-1].task is task:
                    others.pop()
                others.append(holder)
    return found
