"""The findings in the order in which a person would tell them, and the lines that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from parsers.klog.frames import NULL, nowhere
from parsers.klog.links import is_panic
from parsers.klog.model import Event, KernelLog
from rca.diagnosis.blame import BYSTANDER, NOT_CODE, Blame
from rca.diagnosis.frames import WAITS, blameless, own_name
from rca.diagnosis.model import About, Statement
from rca.diagnosis.place import Place
from rca.diagnosis.story import Mechanism
from rca.diagnosis.waiting import elsewhere, lock_owner
from rca.evidence import Citation, Evidence

_FRAMES = 8
"""Frames of the trace that are cited."""
_CPUS = 4
"""Other CPUs of which it is told what they did."""
_SKIPPED = 4
"""Frames of which it is told why they were passed over."""


def cite_lines(source: Evidence, event: Event, blamed: Blame) -> tuple[Citation, ...]:
    """The fatal line, the other heading lines, the instruction pointer, the guilty frame, then the trace."""
    lines = [event.first, *event.headings, event.context.line]
    if event.rip is not None and event.kind not in NOT_CODE:
        lines.append(event.rip.line)
    if blamed.frame is not None:
        lines.append(blamed.frame.line)
    lines.append(blamed.witness)
    if event.kind not in BYSTANDER:
        lines.extend(frame.line for frame in blamed.chain[:_FRAMES])
    lines.append(event.panic_line)
    unique = dict.fromkeys(line for line in lines if 0 < line <= len(source.lines))
    return tuple(source.cite(line) for line in unique)


def findings(
    source: Evidence, log: KernelLog, event: Event, blamed: Blame, how: Mechanism, ran: Place
) -> tuple[Statement, ...]:
    """What happened, how and where, by which reasoning, and what else the log holds."""
    return (
        _said(source, event.header, event.first),
        *_how_and_where(source, how, ran),
        *_pointer(source, event),
        *_reasoning(source, blamed),
        *_others(source, event),
        *_around(source, log, event),
    )


def _said(
    source: Evidence, text: str, *lines: int, inferred: bool = False, about: About = About.OTHER
) -> Statement:
    return Statement(about.lead + text, tuple(source.cite(line) for line in lines), inferred, about)


def _how_and_where(source: Evidence, how: Mechanism, ran: Place) -> Iterator[Statement]:
    if how.text:
        yield _said(source, how.text, *how.lines, inferred=True, about=About.MECHANISM)
    if ran.text:
        yield _said(source, ran.text, *ran.lines, about=About.CONTEXT)


def _pointer(source: Evidence, event: Event) -> Iterator[Statement]:
    rip = event.rip
    if rip is None or event.kind in NOT_CODE:
        return
    if nowhere(rip):
        outside = "a NULL pointer was called" if rip.function == NULL else "no function lies there"
        yield _said(source, f"The instruction pointer is {rip.function}: {outside}", rip.line)
        return
    module = f" of {rip.module}" if rip.module else ""
    size = f"/{rip.size:#x}" if rip.size else ""
    text = f"{rip.function}+{rip.offset:#x}{size}{module}"
    yield _said(source, text, rip.line, about=About.POINTER)


def _reasoning(source: Evidence, blamed: Blame) -> Iterator[Statement]:
    """Which frames say nothing, which one does, and who came upon the damage.

    What nobody suspects, as the scheduler, through which every stack goes, is left out.
    """
    suspects = [item for item in blamed.skipped if item.reason != WAITS and not blameless(item.frame.base)]
    for skipped in suspects[:_SKIPPED]:
        name = skipped.frame.function if nowhere(skipped.frame) else own_name(skipped.frame.function)
        text = f"{name}: {skipped.reason}"
        yield _said(source, text, skipped.frame.line, inferred=True, about=About.PASSED_OVER)
    if blamed.frame is not None:
        text = f"{own_name(blamed.frame.function)}: {blamed.reason}"
        lines = (line for line in (blamed.frame.line, blamed.witness) if line)
        yield _said(source, text, *lines, inferred=True, about=About.POINTS_TO)
    if blamed.finder is not None:
        name = own_name(blamed.finder.function)
        text = f"The damage was found in {name}, the first frame of the call trace that is no helper"
        yield _said(source, text, blamed.finder.line, inferred=True)


def _others(source: Evidence, event: Event) -> Iterator[Statement]:
    """What other CPUs and tasks had to do with it, and the panic that it ended in."""
    others = tuple(islice(elsewhere(event, source.lines), _CPUS))
    for cpu, frame in others:
        where = f"{own_name(frame.function)} [{frame.module}]" if frame.module else own_name(frame.function)
        text = f"CPU {cpu} was in {where}: it may hold what is waited for"
        yield _said(source, text, frame.line, inferred=True)
    for rip in () if others else event.rips[1:2]:
        if not nowhere(rip) and rip.function != event.rips[0].function:
            text = f"{own_name(rip.function)} was only interrupted, by an interrupt or NMI"
            yield _said(source, text, rip.line, about=About.BYSTANDER)
    if owner := lock_owner(event, source.lines):
        yield _said(source, f"The lock is held by {owner[0]}: look at that task", owner[1])
    if event.panic_line:
        text = "The panic line is the consequence of the report above it"
        yield _said(source, text, event.panic_line, inferred=True, about=About.PANIC)


def _around(source: Evidence, log: KernelLog, event: Event) -> list[Statement]:
    """Other events of the log: what came before may be the cause, what came after is consequence or noise."""
    before: dict[str, list[Event]] = {}
    after = 0
    for other in log.events:
        if other is event or is_panic(other):
            continue
        if other.first < event.first:
            before.setdefault(other.kind, []).append(other)
        else:
            after += 1
    said = []
    for kind, events in list(before.items())[:5]:
        times = f" ({len(events)} times)" if len(events) > 1 else ""
        said.append(_said(source, f"Earlier in the log: {kind}{times}", events[0].first))
    if after:
        reports = "report" if after == 1 else "reports"
        said.append(_said(source, f"{after} further {reports} after it: consequence or noise"))
    return said


def log_warnings(source: Evidence, log: KernelLog, event: Event | None) -> tuple[str, ...]:
    """Doubts about the log itself."""
    said = []
    if source.problem:
        said.append(f"{source.id}: {source.problem}")
    if source.truncated:
        said.append(f"{source.id} is longer than what was kept")
    if event is not None:
        if event.interleaved:
            said.append("lines of other CPUs or tasks stand between the lines of the report")
        if event.weight >= 2 and not event.traces and event.frames_from != "none":
            said.append("the report holds no call trace: the log was cut, or the trace lost")
        if event.context.tainted is None:
            said.append(
                "the report has no CPU line: task, taint and release are unknown or taken from elsewhere"
            )
        if "D" in event.context.taint:
            said.append(
                "taint D: this kernel had died once before; the first oops matters more than this one"
            )
    if log.boots > 1:
        said.append("more than one boot stands in this log")
    return tuple(said)
