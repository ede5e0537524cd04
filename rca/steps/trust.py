"""Whether crash itself can be believed: it may be wrong without saying so."""

from __future__ import annotations

import re

from rca.evidence import Citation, Kind, first
from rca.steps.base import Facts

PID_HASH = re.compile(r"WARNING: active task \S+ on cpu \d+ not found in PID hash")
MISMATCH = re.compile(r"WARNING: kernel version inconsistency between vmlinux and dumpfile")
_FEW = 5
"""Tasks a CPU below which a task list is not whole: a kernel's own threads alone are more."""


def doubts(facts: Facts) -> tuple[tuple[str, tuple[Citation, ...]], ...]:
    """Why `ps`, `kmem -s` and what follows from them are not to be trusted, with the lines that show it."""
    found: list[tuple[str, tuple[Citation, ...]]] = []
    said = False
    for evidence in facts.evidence.values():
        if evidence.kind is Kind.CRASH and (proof := first(evidence.grep(PID_HASH))):
            found.append(("crash did not find a running task in its own task table", proof))
            said = True
            break
    spoken = (facts.crash.message, *(facts.diagnosis.warnings if facts.diagnosis else ()))
    if not said and any("PID hash" in text for text in spoken):
        found.append(("crash did not find a running task in its own task table", ()))
    if few := _few_tasks(facts):
        found.append(few)
    return tuple(found)


def _few_tasks(facts: Facts) -> tuple[str, tuple[Citation, ...]] | None:
    report = facts.evidence.get("sys")
    if report is None:
        return None
    tasks = first(report.grep(r"^\s*TASKS: \d{1,9}\s*$"))
    cpus = first(report.grep(r"^\s*CPUS: \d{1,6}\b"))
    if not tasks or not cpus:
        return None
    number, processors = (int(re.findall(r"\d+", proof[0].text)[0]) for proof in (tasks, cpus))
    if number >= _FEW * processors:
        return None
    return (
        f"crash counts {number} tasks on {processors} CPUs, fewer than a kernel's own threads",
        tasks + cpus,
    )


def mismatch(facts: Facts) -> tuple[Citation, ...] | None:
    """The warning that vmlinux is of another build: crash then goes on as if nothing were wrong. None: not said."""
    for evidence in facts.evidence.values():
        if evidence.kind is Kind.CRASH and (proof := first(evidence.grep(MISMATCH))):
            return proof
    return () if MISMATCH.search(facts.crash.message) else None
