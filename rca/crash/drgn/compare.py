"""Where crash and drgn say the same of one dump, and where they do not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rca.crash.base import evidence_id
from rca.crash.drgn.engine import ID
from rca.crash.drgn.facts import BLOCKED, Findings, Place, Task
from rca.evidence import Citation, Evidence, first

_NAMED = 6
"""Frames of a difference that are named."""
PANIC = "panic reason"
_GLUE = ("entry_", "asm_")
"""Assembly between stacks, which crash does not print everywhere."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the two say of one thing, when it is not the same."""

    about: str
    crash: str
    drgn: str
    citations: tuple[Citation, ...] = ()
    """The lines of both that say so."""

    def __str__(self) -> str:
        return f"{self.about}: crash says {self.crash}, drgn says {self.drgn}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the two say of the same things."""

    agreed: tuple[str, ...]
    """What they agree on: ``kernel release``."""
    differ: tuple[Difference, ...]


def compare(crash: Findings, drgn: Findings, evidence: Mapping[str, Evidence]) -> Comparison:
    """All on which both have an answer. `evidence` is what the two were made from, to cite."""
    agreed: list[str] = []
    found: list[Difference] = []

    def cite(name: str, pattern: str, key: str) -> tuple[Citation, ...]:
        return (*_cited(evidence.get(name), pattern), *_cited(evidence.get(ID), rf'^ "{key}":'))

    def each(about: str, ours: object, theirs: object, cited: tuple[Citation, ...], same: bool) -> None:
        if ours in (None, "") or theirs in (None, ""):
            return
        if same:
            agreed.append(about)
        else:
            found.append(Difference(about, str(ours), str(theirs), cited))

    def plain(about: str, ours: object, theirs: object, cited: tuple[Citation, ...]) -> None:
        each(about, ours, theirs, cited, ours == theirs)

    plain("kernel release", crash.release, drgn.release, cite("sys", r"^\s*RELEASE:", "release"))
    panic = cite("sys", r"^\s*PANIC:", "panic")
    each(PANIC, crash.panic, drgn.panic, panic, _same_reason(crash.panic, drgn.panic))
    plain("crashed task", crash.crashed, drgn.crashed, cite("bt", r"PID: \d", "crashed"))
    plain("number of tasks", crash.tasks, drgn.tasks, cite("sys", r"^\s*TASKS:", "tasks"))
    if crash.sleeping is not None and drgn.sleeping is not None:
        blocked = cite(evidence_id(BLOCKED), r"PID: \d", "sleeping")
        plain("tasks in D state", _names(crash.sleeping), _names(drgn.sleeping), blocked)
    else:
        counted = cite(evidence_id("ps -S"), r"^\s*[A-Z]{2}: \d", "sleeping")
        plain("number of tasks in D state", crash.uninterruptible, drgn.uninterruptible, counted)
    for held in drgn.waits:
        owners = {one.owner for one in crash.waits if one.task == held.task and one.owner}
        if owners and held.owner:
            names = " or ".join(sorted(map(str, owners)))
            waiting = cite(evidence_id(BLOCKED), rf"PID: {held.task.pid}\b", "waits")
            each(f"owner of {held.task}'s lock", names, held.owner, waiting, held.owner in owners)
    if crash.frames and drgn.frames:
        traces = cite("bt", r"#0 ", "crashed")
        ours, theirs = _apart(crash.frames, drgn.frames)
        each("backtrace", ours or "nothing more", theirs or "nothing more", traces, not ours and not theirs)
    return Comparison(tuple(agreed), tuple(found))


def _apart(ours: tuple[Place, ...], theirs: tuple[Place, ...]) -> tuple[str, str]:
    """What only one of two backtraces has below the first common frame; all of both, where none is common."""
    common = {place.address for place in ours} & {place.address for place in theirs}
    if not common:
        return _path(ours), _path(theirs)
    only = [place for place in _below(ours, common) if place.address not in common]
    more = [place for place in _below(theirs, common) if place.address not in common]
    more = [place for place in more if place.address >> 63 and not place.function.startswith(_GLUE)]
    return _path(only), _path(more)


def _below(frames: tuple[Place, ...], common: set[int]) -> tuple[Place, ...]:
    start = next(n for n, place in enumerate(frames) if place.address in common)
    return frames[start:]


def _same_reason(one: str, other: str) -> bool:
    """crash may name the oops where drgn names the panic, or the other way round: the same words suffice."""
    return one.strip() == other.strip() or (bool(one and other) and (one in other or other in one))


def _path(frames: Sequence[Place]) -> str:
    names = [place.function or f"{place.address:016x}" for place in frames]
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return ", ".join((*names[:_NAMED], *more))


def _names(tasks: Iterable[Task]) -> str:
    return ", ".join(str(task) for task in sorted(tasks, key=lambda task: task.pid)) or "none"


def _cited(item: Evidence | None, pattern: str) -> tuple[Citation, ...]:
    return first(item.grep(pattern)) if item is not None else ()
