"""Whether crash itself can be believed: it may be wrong without saying so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.crash.messages import read_messages
from rca.crash.base import MANDATORY, START, evidence_id
from rca.crash.drgn.check import cross_check
from rca.crash.drgn.compare import PANIC
from rca.evidence import Citation, Evidence, Kind, first
from rca.sources.base import DumpState
from rca.steps.base import Facts

MISMATCH = re.compile(r"WARNING: kernel version inconsistency between vmlinux and dumpfile")
_FEW = 5
"""Tasks a CPU below which a task list is not whole: a kernel's own threads alone are more."""
_HEARD = tuple(evidence_id(command) for command in (START, *MANDATORY) if command != "log")
"""Evidence in which crash speaks of itself; `log` is the kernel's word."""
_TASKS = ("ps", "kmem -s")
_STACKS = ("bt", "bt -a")
_ALL = tuple(command for command in MANDATORY if command not in ("sys", "log"))
_NOT_FOUND = "crash did not find a running task in its own task table"
_DISTRUST = {
    "pid-hash": (_NOT_FOUND, _TASKS),
    "gcc-mismatch": ("vmlinux and dump come from different compilers, so from different builds", _ALL),
    "version-inconsistency": ("vmlinux and dump are of different builds", _ALL),
    "old-crash": ("crash is older than this kernel, or does not know its structures", _ALL),
    "no-panic-task": ("crash does not know which task panicked", ("bt",)),
    "no-registers": ("the dump does not hold the registers of every CPU", _STACKS),
    "bogus-frame": ("crash doubts the registers of an exception", _STACKS),
    "stack-transition": ("crash lost its way from one stack to the next", _STACKS),
}
"""For the kinds of `parsers.crash.messages`: what is wrong, and the commands that lean on it."""
_APART = {
    "kernel release": _ALL,
    "crashed task": ("bt",),
    "backtrace": ("bt",),
    "number of tasks": _TASKS,
    "tasks in D state": ("ps",),
    "number of tasks in D state": ("ps",),
}
"""For what crash and drgn may differ in: the commands of crash that lean on it. The panic's reason is not among them:
crash prints an oops where drgn prints what led to it, and both are right. Whatever else is a lock's owner."""
_GIVEN_UP = {
    "--zero_excluded": ("pages that the dump lacks were read as zeros", _ALL),
    "--no_kmem_cache": ("crash left the slab caches aside", ("kmem -s",)),
    "--no_modules": ("crash left the modules aside", (*_STACKS, "mod")),
}
"""For the options with which crash was started: what it does without."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why something that crash says is not to be trusted."""

    text: str
    """Part of a sentence, in lower case."""
    touches: tuple[str, ...]
    """The commands that lean on it: none of them proves that something is not there."""
    citations: tuple[Citation, ...] = ()


def doubts(facts: Facts) -> tuple[Doubt, ...]:
    """All that speaks against crash's own word in this session, each once."""
    found: dict[str, Doubt] = {}
    for doubt in _all(facts):
        found.setdefault(doubt.text, doubt)
    return tuple(found.values())


def touched(found: tuple[Doubt, ...]) -> tuple[str, ...]:
    """The commands that lean on any of these, in the runbook's order; `ps` first."""
    names = {name for doubt in found for name in doubt.touches}
    return tuple(name for name in ("ps", *_ALL) if name in names)


def _all(facts: Facts) -> Iterator[Doubt]:
    heard = [facts.evidence[name] for name in _HEARD if name in facts.evidence]
    for evidence in heard:
        if evidence.kind is Kind.CRASH:
            yield from _said(evidence)
            if evidence.id == START and not evidence.problem:
                given = evidence.what.split()
                yield from (Doubt(*found) for option, found in _GIVEN_UP.items() if option in given)
    spoken = (facts.crash.message, *(facts.diagnosis.warnings if facts.diagnosis else ()))
    if any("PID hash" in text for text in spoken):
        yield Doubt(_NOT_FOUND, _TASKS)
    report = facts.evidence.get("sys")
    if report is not None:
        yield from _few_tasks(report)
    yield from _holes(facts, report)
    found = cross_check(facts.evidence)
    for one in found.differ if found else ():
        if one.about != PANIC:
            yield Doubt(f"drgn disagrees on the {one}", _APART.get(one.about, ("bt -a",)), one.citations)


def _said(evidence: Evidence) -> Iterator[Doubt]:
    for message in read_messages(evidence.lines):
        if message.kind in _DISTRUST:
            text, touches = _DISTRUST[message.kind]
            yield Doubt(text, touches, (evidence.cite(message.line),))


def _few_tasks(report: Evidence) -> Iterator[Doubt]:
    tasks = first(report.grep(r"^\s*TASKS: \d{1,9}\s*$"))
    cpus = first(report.grep(r"^\s*CPUS: \d{1,6}\b"))
    if not tasks or not cpus:
        return
    number, processors = (int(re.findall(r"\d+", proof[0].text)[0]) for proof in (tasks, cpus))
    if number < _FEW * processors:
        text = f"crash counts {number} tasks on {processors} CPUs, fewer than a kernel's own threads"
        yield Doubt(text, _TASKS, tasks + cpus)


def _holes(facts: Facts, report: Evidence | None) -> Iterator[Doubt]:
    """What the dump does not hold cannot be told by crash either."""
    marks = first(report.grep(r"^\s*DUMPFILE: .*\[(?:INCOMPLETE|EXCLUDED VMEMMAP)\]")) if report else ()
    if marks or (facts.dump is not None and facts.dump.state is DumpState.INCOMPLETE):
        yield Doubt("the dump is incomplete: what seems absent may only be missing from it", _ALL, marks)


def mismatch(facts: Facts) -> tuple[Citation, ...] | None:
    """The warning that vmlinux is of another build: crash then goes on as if nothing were wrong. None: not said."""
    for evidence in facts.evidence.values():
        if evidence.kind is Kind.CRASH and (proof := first(evidence.grep(MISMATCH))):
            return proof
    return () if MISMATCH.search(facts.crash.message) else None
