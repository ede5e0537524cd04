"""A kernel log read into events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from parsers.klog.body import LONGEST, Body, read_body
from parsers.klog.frames import nowhere
from parsers.klog.links import link_panics
from parsers.klog.model import Event, KernelLog, Module
from parsers.klog.modules import HEAD, TAINTS, read_modules, tainting
from parsers.klog.patterns import compiled
from parsers.klog.records import Record, read_records
from parsers.klog.reports import Report, collect
from parsers.klog.rules import Rule
from parsers.klog.search import joined

_ADDRESS = r"(?:at virtual address|address:?|at|data at) (?:0x)?([0-9a-f]{8,16})\b"
_ENDS = {"rcu-stall": ("RCU GP kthread",)}
"""Words after which a report of this kind speaks of something else: RCU's own thread is no staller."""


def read_log(lines: Sequence[str]) -> KernelLog:
    """Read a kernel log in any form; never raises, never invents.

    Takes lines without their ends, as `parsers.text` makes them. Line numbers in the result are 1-based.
    """
    records, node = read_records(lines)
    whole = joined(records)
    by_caller = _by_caller(records) if any(record.caller for record in records[:2000]) else {}
    events = link_panics([_event(report, records, by_caller) for report in collect(records, whole)])
    modules: tuple[Module, ...] = ()
    unloaded = ""
    for index in whole.find(HEAD):
        modules_here, unloaded_here = read_modules(records, index)
        if len(modules_here) >= len(modules):
            modules, unloaded = modules_here, unloaded_here or unloaded
    boots = list(whole.find("Linux version "))
    release = next((event.context.release for event in reversed(events) if event.context.release), "")
    if not release and boots:
        words = records[boots[-1]].text.partition("Linux version ")[2].split()
        release = words[0] if words else ""
    hardware = next((event.context.hardware for event in events if event.context.hardware), "")
    foreign = dict.fromkeys(name for index in whole.find(TAINTS) if (name := tainting(records[index])))
    return KernelLog(
        tuple(events), release, hardware, node, modules, unloaded, tuple(foreign), len(lines), len(boots)
    )


def _by_caller(records: Sequence[Record]) -> dict[str, list[int]]:
    lists: dict[str, list[int]] = {}
    for index, record in enumerate(records):
        lists.setdefault(record.caller, []).append(index)
    return lists


def _event(report: Report, records: Sequence[Record], by_caller: dict[str, list[int]]) -> Event:
    rule = report.rule
    caller = records[report.start].caller
    interleaved = False
    if by_caller and caller:
        own = by_caller[caller]
        first = bisect_right(own, report.start - 1)
        indices = own[first : bisect_right(own, report.end - 1)]
        part = [records[index] for index in indices]
        interleaved = bool(indices) and indices[-1] - indices[0] >= len(indices)
    else:
        part = list(records[report.start : report.end])
    part = _cut(part, ("---[ end ", "Linux version ", *_ENDS.get(rule.kind, ())))
    body = read_body(part)
    header = records[report.start].text.strip()[:LONGEST]
    return Event(
        kind=_kind(rule, body, report), rule=rule.name, title=_title(rule, report, part, body), frames_from=rule.frames,
        weight=rule.weight, first=records[report.start].number, last=_last(part, body, records[report.start].number),
        header=header, context=body.context, registers=(*body.registers, *_error_code(records, report)), rips=body.rips,
        traces=body.traces,
        path=body.path, sites=body.sites, notes=tuple(report.notes),
        headings=tuple(sorted(records[index].number for index in report.headings)),
        address=_address(header, body), interleaved=interleaved,
        panic_line=records[report.panic].number if report.panic >= 0 else 0,
        panic=records[report.panic].text.strip()[:LONGEST] if report.panic >= 0 else "",
    )  # fmt: skip


def _cut(part: list[Record], marks: Sequence[str]) -> list[Record]:
    """End a report at its ``end trace`` mark, or where another kernel or another matter begins."""
    for count, record in enumerate(part):
        if count and any(mark in record.text for mark in marks):
            return part[: count + 1]
    return part


def _last(part: Sequence[Record], body: Body, first: int) -> int:
    if part and "---[ end" in part[-1].text:
        return part[-1].number
    lines = [
        first,
        body.context.line,
        *(frame.line for frame in body.path[-1:]),
        *(rip.line for rip in body.rips[-1:]),
    ]
    lines.extend(trace.frames[-1].line for trace in body.traces[-1:])
    return max(lines)


def _kind(rule: Rule, body: Body, report: Report) -> str:
    notes = {name for name, _ in report.notes}
    if rule.name in ("page-fault", "paging") and "nx" in notes:
        return "bad-ip"
    if rule.name in ("paging", "page-fault") and body.rips and nowhere(body.rips[0]):
        return "bad-ip"
    if "refcount-sat" in notes and rule.kind == "warning":
        return "refcount"
    if "list-corruption" in notes:
        return "list-corruption"
    if rule.name == "oops" and _page_of_null(body):
        return "null-deref"
    return rule.kind


def _page_of_null(body: Body) -> bool:
    """Whether CR2, which holds the address of the fault, lies in the first page."""
    return any(name == "CR2" and value < 4096 for name, value in body.registers)


def _title(rule: Rule, report: Report, part: Sequence[Record], body: Body) -> str:
    title = rule.title
    if rule.name == "oops" and _page_of_null(body):
        title = title.replace("paging request", "NULL pointer dereference")
    if "{rw}" in title:
        operation = ""
        for record in part[:40]:
            found = compiled(r"\b(Read|Write) (?:of size|at addr)").search(record.text)
            if found:
                operation = found[1]
                break
        title = title.replace("{rw}", operation).replace("  ", " ")
    for number, group in enumerate(report.groups):
        title = title.replace(f"{{{number}}}", group)
    return title


def _error_code(records: Sequence[Record], report: Report) -> tuple[tuple[str, int], ...]:
    """The page fault's error code, from ``Oops: 0002 [#1]``, under the name ERR."""
    for index in report.headings:
        found = compiled(r"Oops: ([0-9a-f]{4}) \[#").search(records[index].text[:LONGEST])
        if found:
            return (("ERR", int(found[1], 16)),)
    return ()


def _address(header: str, body: Body) -> int | None:
    found = compiled(_ADDRESS).search(header)
    if found:
        return int(found[1], 16)
    found = compiled(r"non-canonical address 0x([0-9a-f]{1,16})").search(header)
    if found:
        return int(found[1], 16)
    return None
