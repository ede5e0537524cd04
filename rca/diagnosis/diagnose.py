"""From evidence to a diagnosis: the fatal event, whom it points to, how sure that is, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from parsers.klog.clock import moment
from parsers.klog.events import read_log
from parsers.klog.links import is_panic
from parsers.klog.model import Event, KernelLog
from rca.diagnosis.blame import NOT_CODE, Blame, Unloaded, blame, chain_of
from rca.diagnosis.confidence import rate
from rca.diagnosis.dump import CrossCheck, cross_check
from rca.diagnosis.fingerprint import fingerprints
from rca.diagnosis.frames import own_name
from rca.diagnosis.hypotheses import hypotheses, still_open
from rca.diagnosis.model import Diagnosis, Guilty, Location, Seen, Statement
from rca.diagnosis.place import place, process
from rca.diagnosis.select import fatal, role, select
from rca.diagnosis.signatures import Signature, applying
from rca.diagnosis.sources import best_log, is_transcript
from rca.diagnosis.statements import cite_lines, findings, log_warnings
from rca.diagnosis.story import mechanism
from rca.diagnosis.subsystems import subsystem, trigger
from rca.diagnosis.team import Team, team
from rca.diagnosis.titles import title_of
from rca.diagnosis.waiting import storage_trouble
from rca.evidence import Evidence

NO_LOG = "no kernel log among the evidence"
"""The warning of a diagnosis that had no log to read."""
_EVENTS = 200
"""Events of a log that are listed."""
_TASKS = 4000
"""Lines of a list of tasks that an out-of-memory report may print."""
_BEFORE = 30
"""Lines before a report that may tell why: a link that went down, an I/O error."""


def diagnose(evidence: Mapping[str, Evidence], extra: Iterable[Signature] | None = None) -> Diagnosis:
    """Diagnose from what there is; "unknown" is an answer.

    Args:
        evidence: By id. Logs: ``log``, ``vmcore-dmesg``, ``crash-log``, ``journal``. Crash output: ``sys``, ``bt``,
            ``bt-a``, ``mod``, ``kmem-s``, ``ps-S``, ``runq``, and whatever ``dis…`` and ``sym…`` were asked.
        extra: Signatures that come before the built-in ones; None: those in the team's own folder.

    Returns:
        The diagnosis. Its title is empty when no log holds a crash.
    """
    own = team() if extra is None else Team(tuple(extra))
    found = _read(evidence, own.signatures)
    return replace(found, warnings=(*found.warnings, *own.warnings))


def _read(evidence: Mapping[str, Evidence], extra: tuple[Signature, ...]) -> Diagnosis:
    source = best_log(evidence)
    if source is None:
        return _read_dump(evidence, extra, (NO_LOG,))
    log = _log(source.lines)
    event = select(log.events)
    if (event is None or not event.traces) and is_transcript(source.lines):
        given = {**dict.fromkeys(("bt", "sys", "mod"), source), **evidence}
        return _read_dump(given, extra, (f"{source.id} is the output of crash, not a kernel log",))
    if event is None:
        said = (*log_warnings(source, log, None), f"{source.id} holds no crash")
        found = _read_dump(evidence, extra, said)
        return replace(
            found, kernel_release=found.kernel_release or log.release, hardware=log.hardware,
            node=found.node or log.node, modules_out_of_tree=_out_of_tree(log),
        )  # fmt: skip
    trouble = storage_trouble(event, chain_of(event), source.lines)
    blamed = blame(event, _unloaded(source, event, log.last_unloaded), trouble)
    check = cross_check(evidence, event, blamed, source)
    return _compose(source, log, event, blamed, check, extra)


@lru_cache(maxsize=1)
def _log(lines: tuple[str, ...]) -> KernelLog:
    """The log as read. Each further piece of evidence brings a new diagnosis, mostly of the same log."""
    return read_log(lines)


def _read_dump(
    evidence: Mapping[str, Evidence], extra: tuple[Signature, ...], said: tuple[str, ...]
) -> Diagnosis:
    """What the crash session says of the death where no log does."""
    if "bt" not in evidence:
        return Diagnosis(warnings=said)
    # the crash parsers are read in only when there is crash output
    from rca.diagnosis.commands import additions
    from rca.diagnosis.dumponly import event_of

    dump = event_of(evidence)
    if dump is None:
        return Diagnosis(warnings=said)
    check = CrossCheck(statements=list(additions(evidence, dump.event)))
    found = _compose(dump.bt, dump.log, dump.event, blame(dump.event), check, extra)
    cited = (dump.reason,) if dump.reason else ()
    first = Statement(dump.event.header, cited, inferred=not cited)
    return replace(
        found, statements=(first, *found.statements[1:]), citations=(*cited, *found.citations),
        crash_time=dump.when, crash_time_from="stamp" if dump.when else "",
        warnings=(*said, "diagnosed from the crash session alone", *found.warnings),
    )  # fmt: skip


def _compose(
    source: Evidence,
    log: KernelLog,
    event: Event,
    blamed: Blame,
    check: CrossCheck,
    extra: tuple[Signature, ...],
) -> Diagnosis:
    corroborated = check.agrees or _own_record(event, log)
    confidence, reason = rate(event, blamed, corroborated)
    known = applying(event.kind, _lines(source, event, blamed), extra)
    ranked = hypotheses(source, event, blamed, confidence, reason, check)
    guilty, confidence = ranked[0].guilty, ranked[0].confidence
    # a waiter is not pointed to once it is known for whom it waits
    pointed = blamed if guilty == blamed.guilty else replace(blamed, frame=None)
    died = fatal(log.events) or event
    rip = event.rip or died.rip
    when = moment(source.lines, died.panic_line or died.first)
    title = title_of(event)
    how, ran = mechanism(event, blamed, source.lines), place(event, blamed.chain, source.lines)
    return Diagnosis(
        title=title,
        kind=event.kind,
        rip=Location(rip.function, rip.offset, rip.size or None, rip.module) if rip else None,
        guilty=guilty,
        subsystem=_subsystem(event, guilty),
        confidence=confidence,
        process=process(event),
        taint=event.context.taint,
        modules_out_of_tree=_out_of_tree(log),
        trace=tuple(frame.function for frame in blamed.chain),
        mechanism=how.text,
        context=ran.text,
        trigger=trigger(frame.base for frame in blamed.chain),
        hypotheses=ranked,
        statements=(*findings(source, log, event, pointed, how, ran), *check.statements),
        citations=cite_lines(source, event, blamed),
        warnings=(*log_warnings(source, log, event), *check.warnings),
        known=known,
        events=tuple(
            Seen(item.kind, title_of(item), role(item, event), item.first, item.last)
            for item in log.events[:_EVENTS]
        ),
        next_checks=still_open(_unique(item for signature in known for item in signature.next), event, check),
        fixes=_unique(item for signature in known for item in signature.fixes),
        preventions=_unique(item for signature in known for item in signature.preventions),
        kernel_release=event.context.release or log.release,
        signatures=fingerprints(title, event.kind, rip.function if rip else "", blamed.chain),
        crash_time=when.when if when else None,
        crash_time_from="" if when is None else "stamp" if when.told else "reckoned",
        node=log.node,
        hardware=event.context.hardware or log.hardware,
        kdump_loaded=event.context.kdump_loaded,
    )


def _own_record(event: Event, log: KernelLog) -> bool:
    """A machine check's bank record beside the panic: two statements of the hardware's own."""
    if event.kind != "mce":
        return False
    records = [item for item in log.events if item.kind == "mce" and not is_panic(item)]
    return bool(records) and (bool(event.panic_line) or is_panic(event))


def _unloaded(source: Evidence, event: Event, module: str) -> Unloaded | None:
    """The module that was unloaded last, with the line that says so: the report's own before any later one."""
    if not module:
        return None
    mark = f"[last unloaded: {module}"
    found = [number for number, line in enumerate(source.lines, 1) if mark in line]
    own = (number for number in found if event.first <= number <= event.last)
    return Unloaded(module, next(own, found[-1] if found else 0))


def _lines(source: Evidence, event: Event, blamed: Blame) -> list[str]:
    """The lines by which signatures are known."""
    wanted = {event.first, event.panic_line, *event.headings, *(line for _, line in event.notes)}
    wanted.update(range(event.first - _BEFORE, min(event.last, event.first + 40) + 1))
    wanted.add(blamed.witness)
    if event.kind == "oom":  # behind the list of tasks the kernel tells whose memory ran out
        behind = range(event.last, min(event.last + _TASKS, len(source.lines)) + 1)
        wanted.update(line for line in behind if "oom-kill:" in source.lines[line - 1])
    return [source.lines[line - 1] for line in sorted(wanted) if 0 < line <= len(source.lines)]


def _subsystem(event: Event, guilty: Guilty) -> str:
    if event.kind in ("mce", "hardware-error"):
        return "hardware"
    if event.kind == "oom":
        return "memory management"
    if event.kind in NOT_CODE:
        return ""
    return subsystem(own_name(guilty.function), guilty.module)


def _out_of_tree(log: KernelLog) -> tuple[str, ...]:
    """By their letters in the list of modules, and by what the kernel said as it loaded them.

    A report without a list, as a hung task's, leaves only the latter.
    """
    return _unique((*(one.name for one in log.modules if set(one.flags) & set("OP")), *log.foreign))


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
