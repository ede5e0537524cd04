"""Who owns the lock that a hung task sleeps for: read in the dump by drgn, else guessed from the stacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from parsers.klog.model import Event
from rca.diagnosis.confidence import rate_holder
from rca.diagnosis.frames import generic_reason, is_entry, own_name
from rca.diagnosis.model import Guilty, Hypothesis, Statement
from rca.diagnosis.place import process
from rca.evidence import Citation, Evidence

if TYPE_CHECKING:  # what reads drgn's answer is loaded only when there is one
    from rca.crash.drgn.facts import Held, Place, Task

_ID = "drgn"
_STACKS = ("foreach-UN-bt", "bt-a")
"""Evidence with the stacks of many tasks."""
_CALLERS = 2
"""Functions behind the one in which the owner stands that are named."""


def owner(evidence: Mapping[str, Evidence], event: Event) -> Hypothesis | None:
    """The explanation that the lock's owner gives, followed from waiter to owner; None where none is known."""
    source, pid = evidence.get(_ID), process(event).pid
    if event.kind != "hung-task" or source is None or not source.ok or pid is None:
        return None
    from rca.crash.drgn.facts import from_drgn

    found = from_drgn(source.text)
    chain = _chain(found.waits, pid) if found else ()
    if found is None or not chain:
        return None
    said = [_waits_for(source, held) for held in chain]
    waiting, last = [held.task for held in chain], chain[-1].owner
    circle = last in waiting
    holder = chain[0].owner if circle else last
    if holder is None:
        return None
    telling = _telling(found.owners.get(holder, ()))
    if telling:
        said.append(Statement(f"{holder} stands in {_where(telling)}", _standing(source, holder, telling)))
    if circle:
        names = " -> ".join(map(str, (*waiting, last)))
        claim = f"A deadlock: each of these tasks waits for a lock that the next one owns: {names}"
    else:
        where = f"it stands in {_where(telling)}" if telling else "where it stands is not known"
        claim = f"{holder} owns the lock and does not let go: {where}"
    guilty = Guilty(own_name(telling[0].function), telling[0].module) if telling else Guilty()
    return Hypothesis(claim, guilty, rate_holder(True, guilty.module), tuple(said))


def _telling(frames: Sequence[Place]) -> list[Place]:
    """The frames of modules, else those that are no helpers."""
    named = [place for place in frames if place.function]
    return [place for place in named if place.module] or [
        place
        for place in named
        if not generic_reason(own_name(place.function)) and not is_entry(own_name(place.function))
    ]


def suspects(evidence: Mapping[str, Evidence], event: Event) -> Iterator[Statement]:
    """Who may own that lock, where crash's stacks alone can tell: others in the module that asks for it."""
    if event.kind != "hung-task":
        return
    from parsers.crash.bt import read_bt  # read in only when there is crash output
    from parsers.crash.stacks import group, waits

    origin = {
        id(trace): (source, trace)
        for name in _STACKS
        if (source := evidence.get(name)) is not None and source.ok
        for trace in read_bt(source.lines)
    }
    pid = process(event).pid
    for wait in waits(group(trace for _, trace in origin.values())):
        if pid is None or all(task.pid != pid for task in wait.tasks):
            continue
        for holder in wait.holders:
            source, trace = origin[id(holder.task)]
            text = (
                f"{trace.command}:{trace.pid} may own the lock that {wait.tasks[0].command}:{pid} waits for"
            )
            yield Statement(f"{text}: {holder.why}", (source.cite(trace.line),), inferred=True)
        return


def _chain(waits: Sequence[Held], pid: int) -> tuple[Held, ...]:
    """From the task that hung: for whom it waits, for whom that one waits, and so on; ends where one comes twice."""
    by_task = {held.task.pid: held for held in waits if held.owner}
    found: list[Held] = []
    while (held := by_task.get(pid)) is not None and held not in found:
        found.append(held)
        pid = held.owner.pid if held.owner else -1
    return tuple(found)


def _where(telling: Sequence[Place]) -> str:
    names = [
        f"{own_name(place.function)} [{place.module}]" if place.module else own_name(place.function)
        for place in telling
    ]
    callers = names[1 : 1 + _CALLERS]
    return f"{names[0]}, called by {', '.join(callers)}" if callers else names[0]


def _waits_for(source: Evidence, held: Held) -> Statement:
    text = f"{held.task} waits for the lock at {held.lock:#x}, which {held.owner} owns"
    at = _line(source, r'^ "waits"', 1)
    row = _line(source, rf'^   "pid": {held.task.pid},', at)
    lines = (row + 1, _line(source, r'^    "command"', row))
    return Statement(text, _cited(source, lines))


def _standing(source: Evidence, task: Task, telling: Sequence[Place]) -> tuple[Citation, ...]:
    row = _line(source, rf'^   "pid": {task.pid},', _line(source, r'^ "owners"', 1))
    names = (place.function for place in telling[: 1 + _CALLERS])
    return _cited(source, [_line(source, rf'"function": "{re.escape(name)}"', row) for name in names])


def _line(source: Evidence, pattern: str, start: int) -> int:
    """The first line from `start` on in which a pattern is found; 0 without one, and when `start` is 0."""
    matches = re.compile(pattern).search
    numbers = range(start, len(source.lines) + 1) if start else ()
    return next((number for number in numbers if matches(source.lines[number - 1])), 0)


def _cited(source: Evidence, lines: Sequence[int]) -> tuple[Citation, ...]:
    return tuple(source.cite(line) for line in lines if 0 < line <= len(source.lines))
