"""The view of `bt -a` and `foreach bt` that people want: few stacks with counts, and who waits for whom. Text only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.crash.bt import Backtrace, read_bt
from parsers.crash.stacks import Doing, Stack, Wait, group, waits

_NAMED = 6
"""Tasks of one stack that are named."""


def folds(command: str) -> bool:
    """Whether a command prints many backtraces."""
    words = command.split()
    return (words[:1] == ["bt"] and "-a" in words) or (words[:1] == ["foreach"] and "bt" in words)


def folded(lines: Sequence[str]) -> tuple[str, ...]:
    """The backtraces in these lines, identical ones together; nothing where there are none."""
    traces = read_bt(lines)
    if not traces:
        return ()
    stacks = group(traces)
    busy = [stack for stack in stacks if stack.doing is not Doing.IDLE]
    idle = [task for stack in stacks if stack.doing is Doing.IDLE for task in stack.tasks]
    return (
        _summary(stacks),
        *_waiting(waits(stacks)),
        *(line for stack in busy for line in _stack(stack)),
        *(_idle(idle) if idle else ()),
    )


def _summary(stacks: Sequence[Stack]) -> str:
    tasks = sum(len(stack.tasks) for stack in stacks)
    idle = sum(len(stack.tasks) for stack in stacks if stack.doing is Doing.IDLE)
    said = f"{_count(tasks, 'task')} on {_count(len(stacks), 'stack')}"
    return f"{said}, {idle} idle" if idle else said


def _waiting(found: Sequence[Wait]) -> Iterator[str]:
    if not found:
        return
    yield ""
    for wait in found:
        lock = f"lock {wait.lock:016x}" if wait.lock is not None else "a lock"
        caller = wait.caller
        where = (
            f" in {caller.function}{f' [{caller.module}]' if caller.module else ''}"
            if caller and caller.function
            else ""
        )
        yield f"{_names(wait.tasks)} {wait.doing if len(wait.tasks) == 1 else wait.doing[:-1]} for {lock}{where}"
        for holder in wait.holders:
            yield f"    may be held by {_name(holder.task)}: {holder.why}"
        if not wait.holders:
            yield "    nobody here is seen to hold it"


def _idle(tasks: Sequence[Backtrace]) -> Iterator[str]:
    """Where in the idle loop each of them stands tells nothing."""
    yield ""
    cpus = sorted(task.cpu for task in tasks if task.cpu is not None)
    yield f"{_count(len(tasks), 'CPU')} idle: {_ranges(cpus)}"


def _stack(stack: Stack) -> Iterator[str]:
    yield ""
    yield f"{_count(len(stack.tasks), 'task')}{f', {stack.doing}' if stack.doing else ''}: {_names(stack.tasks)}"
    for function in stack.functions:
        yield f"    {function}"


def _names(tasks: Sequence[Backtrace]) -> str:
    more = f" and {len(tasks) - _NAMED:,} more" if len(tasks) > _NAMED else ""
    return ", ".join(map(_name, tasks[:_NAMED])) + more


def _name(task: Backtrace) -> str:
    cpu = f" on CPU {task.cpu}" if task.cpu is not None else ""
    return f"{task.command or 'task'}:{task.pid}{cpu}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _ranges(numbers: Sequence[int]) -> str:
    """``0-3, 5``."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
