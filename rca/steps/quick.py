"""Step 8: what the log saved with the dump tells on its own, when crash or debuginfo is missing."""

from __future__ import annotations

from parsers.host.fatal import fatal_lines, is_panic
from rca.diagnosis.model import Confidence
from rca.diagnosis.titles import for_people
from rca.evidence import Evidence
from rca.sources.base import DumpState, File, Probe
from rca.steps.base import Facts, Step
from rca.steps.common import (
    collecting,
    count,
    fatal_citations,
    has_panic_line,
    of_two_crashes,
    problems,
    saved_by_kdump,
    survived,
    words,
)
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

BEFORE = 30
"""Lines shown before the first fatal one: what led up to it stands there."""


def probes(facts: Facts) -> tuple[Probe, ...]:
    """The chosen dump's own log, and the capture kernel's where saving went wrong."""
    dump = facts.dump
    if dump is None:
        return ()
    wanted = [File("vmcore-dmesg", (str(dump.dmesg),))] if dump.dmesg else []
    if dump.kexec_dmesg and dump.state is not DumpState.COMPLETE:
        wanted.append(File("kexec-dmesg", (str(dump.kexec_dmesg),)))
    return tuple(wanted)


def excerpt(evidence: Evidence) -> range:
    """The 1-based lines worth reading: from 30 before the first fatal line to the end; all when none is fatal."""
    fatal = fatal_lines(evidence.lines)
    return range(max(1, fatal[0] - BEFORE) if fatal else 1, len(evidence.lines) + 1)


def judge(facts: Facts) -> Verdict:
    """Pass: the first fatal line is found in the log. Warn: no log, or none in it."""
    if facts.dumps is None:
        return Verdict(Badge.WAIT, "Looking for dumps")
    if waiting := collecting(facts, probes(facts)):
        return waiting
    details = problems(facts, "vmcore-dmesg", "kexec-dmesg")
    log = facts.evidence.get("vmcore-dmesg")
    if log is None or not log.lines:
        log = facts.evidence.get("log")
    if log is None or not log.lines:
        return _without_log(facts, details)
    proof = fatal_citations(log)
    if not proof:
        return Verdict(
            Badge.WARN,
            f"The log's {count(len(log.lines), 'line')} hold no fatal line: it was cut before, or the cause left none",
            (log.cite(len(log.lines)),),
            "Read its last lines, and kexec-dmesg.log beside it.",
            details,
        )
    lines = excerpt(log)
    details = (
        *details,
        f"Read lines {lines.start} to {lines.stop - 1} of {log.id}: from {BEFORE} lines before the first fatal one. "
        "The last fifty lines alone may lack the beginning.",
    )
    if not has_panic_line(log) and not is_panic(log.lines[proof[0].line - 1]):
        details = (*details, "That there is no “Kernel panic” line is right where kdump caught an oops.")
    if differ := of_two_crashes(facts):
        text = f"The log lies beside a dump of another crash: {differ[0]}"
        return Verdict(Badge.WARN, text, proof, "See step 1.", (*differ[1:], *details))
    if not saved_by_kdump(facts.dump) and (long := survived(log.lines)):
        text = f"{words(proof[0])}; the log goes on for {long} after it: the kernel did not die of that"
        return Verdict(Badge.WARN, text, (*proof, log.cite(len(log.lines))), "See step 1.", details)
    diagnosis = facts.diagnosis
    summary = words(proof[0])
    if diagnosis and diagnosis.title and diagnosis.confidence is not Confidence.UNKNOWN:
        summary = f"{for_people(diagnosis.title)} ({diagnosis.confidence})"
    return Verdict(Badge.PASS, summary, proof, "", details)


def _without_log(facts: Facts, details: tuple[str, ...]) -> Verdict:
    dump = facts.dump
    if dump is None:
        return Verdict(Badge.NA, "There is no dump, so no log was saved with one", details=details)
    if dump.dmesg is None and dump.vmcore is not None:
        return Verdict(
            Badge.WARN,
            "No vmcore-dmesg.txt lies beside the dump",
            remedy=f"crash --log {dump.vmcore} reads the log without debuginfo.",
            details=details,
        )
    if dump.state is DumpState.UNREADABLE and dump.dmesg is None:
        return Verdict(Badge.WARN, f"No log can be read: {dump.problem}", details=details)
    log = facts.evidence.get("vmcore-dmesg")
    if log and log.problem:
        return Verdict(
            Badge.WARN, f"The log saved with the dump cannot be read: {log.problem}", details=details
        )
    return Verdict(Badge.WARN, "The log saved with the dump is empty", details=details)


STEP = Step(
    number=8,
    title=TITLES[8],
    why="The kernel log saved beside the dump is a few hundred kilobytes and needs no tool. It often settles the first "
    "answer. The first fatal line counts, not the last: what follows it is mostly consequence.",
    judge=judge,
    probes=probes,
    commands=("cat /var/crash/*/vmcore-dmesg.txt | tail -50",),
)
