"""A kernel log read into events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.klog.body import LONGEST, Body, read_body
from parsers.klog.frames import nowhere
from parsers.klog.links import ends_in, link_panics
from parsers.klog.model import Event, KernelLog, Module
from parsers.klog.modules import HEAD, read_modules
from parsers.klog.patterns import compiled
from parsers.klog.records import Record, read_records
from parsers.klog.rules import HEADLESS, RULES, SUPPRESSED, Rule

_LONGEST_BODY = 700
"""Records after a heading that may still belong to it: backtraces of many CPUs follow a stall."""
_HEADINGS = 64
"""Headings that one report is given; a real one has a handful."""
_NEAR = 14
"""Records within which a second heading still tells of the same report."""
_BARE_CR2 = r"CR2: [0-9a-f]{16}\s*"
_REACH = 150
"""Records between an instruction pointer and the end of its report."""
_SHORT = 24
"""A panic line so soon after a heading stands before the report's own trace, not after it."""
_ADDRESS = r"(?:at virtual address|address:?|at|data at) (?:0x)?([0-9a-f]{8,16})\b"
_ENDS = {"rcu-stall": ("RCU GP kthread",)}
"""Words after which a report of this kind speaks of something else: RCU's own thread is no staller."""
_FOREIGN = "other-stack"
"""Messages with a stack that are no report: without printk callers nobody can tell the two stacks apart."""
_TAKES_OVER = ("hard-lockup",)
"""Headings that old kernels print inside a WARNING, of which they are the meaning."""
_USERCOPY = ("usercopy", "usercopy-old", "usercopy-el7")
_ALSO: dict[str, tuple[str, ...]] = {
    "oops": ("*",),
    "refcount-sat": ("*",),
    "invalid-opcode": (
        "bug",
        "bug-list",
        "bug-usercopy",
        "bug-slub",
        "list-corruption",
        "fortify",
        "slub-remaining",
        *_USERCOPY,
    ),
    "s390-program": ("bug", "bug-list", "list-corruption", "fortify", *_USERCOPY),
    "bug-list": ("list-corruption",),
    "list-corruption": ("list-warn", "bug-list", "warn"),
    "list-warn": ("list-corruption",),
    "bug-usercopy": _USERCOPY,
    "bug": ("fortify", "list-corruption", "slub", *_USERCOPY),
    "stack-overflow": ("guard-page",),
    "double-fault": ("guard-page", "stack-overflow", "paging", "page-fault", "null-deref", "gpf"),
    "oops-arm": ("null-deref", "paging", "unable-read", "user-access", "arm-fault", "bad-mode", "bug"),
    "paging": ("null-deref", "sysrq"),
    "xfs-down": ("xfs-corrupt",),
    "xfs-corrupt": ("xfs-corrupt", "xfs-down"),
    "oom-kill": ("oom-invoked",),
    "mce": ("mce",),
    "bug-other": ("deadlock",),
    "slub-track": ("slub", "slub-free", "kasan", "kasan-free"),
    "gpf": ("kasan",),
    "panic-sysrq": ("sysrq",),
    "null-deref": ("sysrq",),
    "page-fault": ("sysrq",),
}
"""Headings that, close under one of those named, belong to it."""


@dataclass(slots=True)
class _Open:
    """A report while it is being collected."""

    rule: Rule
    groups: tuple[str, ...]
    start: int
    headings: list[int] = field(default_factory=list)
    notes: list[tuple[str, int]] = field(default_factory=list)
    end: int = 0
    panic: int = -1
    """Index of the panic line that this report ran into before it was complete."""
    latest: int = 0
    """Index of the last heading."""

    def take(self, index: int, name: str = "", number: int = 0) -> None:
        """Take one more heading, and note what it tells; of an endless row only the first are kept."""
        self.latest = index
        if len(self.headings) < _HEADINGS:
            self.headings.append(index)
            if name:
                self.notes.append((name, number))


def read_log(lines: Sequence[str]) -> KernelLog:
    """Read a kernel log in any form; never raises, never invents.

    Takes lines without their ends, as `parsers.text` makes them. Line numbers in the result are 1-based.
    """
    records, node = read_records(lines)
    text, starts = _joined(records)
    reports = _collect(records, _hits(records, text, starts)) or _headless(records, text, starts)
    by_caller = _by_caller(records) if any(record.caller for record in records[:2000]) else {}
    events = link_panics([_event(report, records, by_caller) for report in reports])
    modules: tuple[Module, ...] = ()
    unloaded = ""
    for index in _find(text, starts, HEAD):
        modules_here, unloaded_here = read_modules(records, index)
        if len(modules_here) >= len(modules):
            modules, unloaded = modules_here, unloaded_here or unloaded
    boots = list(_find(text, starts, "Linux version "))
    release = next((event.context.release for event in reversed(events) if event.context.release), "")
    if not release and boots:
        words = records[boots[-1]].text.partition("Linux version ")[2].split()
        release = words[0] if words else ""
    hardware = next((event.context.hardware for event in events if event.context.hardware), "")
    return KernelLog(tuple(events), release, hardware, node, modules, unloaded, len(lines), len(boots))


def _joined(records: Sequence[Record]) -> tuple[str, list[int]]:
    starts = []
    offset = 0
    for record in records:
        starts.append(offset)
        offset += len(record.text) + 1
    return "\n".join([record.text for record in records]), starts


def _find(text: str, starts: Sequence[int], needle: str) -> Iterator[int]:
    """Indices of the records that hold the needle, each once."""
    at = text.find(needle)
    last = -1
    while at >= 0:
        index = bisect_right(starts, at) - 1
        if index != last:
            yield index
            last = index
        following = starts[index + 1] if index + 1 < len(starts) else len(text)
        at = text.find(needle, following)


def _hits(
    records: Sequence[Record], text: str, starts: Sequence[int]
) -> Iterator[tuple[int, Rule, tuple[str, ...]]]:
    """Headings in order: record index, rule, the pattern's groups."""
    by_needle: dict[str, list[int]] = {}
    for number, rule in enumerate(RULES):
        by_needle.setdefault(rule.needle, []).append(number)
    candidates: dict[int, list[int]] = {}
    for needle, numbers in by_needle.items():
        for index in _find(text, starts, needle):
            candidates.setdefault(index, []).extend(numbers)
    suppressed = compiled(SUPPRESSED).search
    for index in sorted(candidates):
        line = records[index].text[:LONGEST]
        if suppressed(line):
            continue
        for number in sorted(candidates[index]):
            rule = RULES[number]
            if not rule.pattern:
                yield index, rule, ()
                break
            found = compiled(rule.pattern).search(line)
            if found:
                yield index, rule, tuple(group or "" for group in found.groups())
                break


def _collect(records: Sequence[Record], hits: Iterator[tuple[int, Rule, tuple[str, ...]]]) -> list[_Open]:
    """Group headings into reports and set where each ends."""
    reports: list[_Open] = []
    current: dict[str, _Open] = {}
    pending: list[tuple[str, int]] = []
    remark: _Open | None = None
    for index, rule, groups in hits:
        record = records[index]
        open_ = current.get(record.caller)
        near = open_ is not None and index - max(open_.start, open_.latest) <= _NEAR
        if (
            open_ is not None
            and open_.panic < 0
            and index - open_.start <= _SHORT
            and ends_in(rule.name, open_.rule.kind)
        ):
            open_.panic = index
            open_.take(index)
            continue
        if (
            open_ is not None
            and rule.name in _TAKES_OVER
            and index - open_.start <= 4
            and open_.rule.name.startswith("warn")
        ):
            open_.rule, open_.groups = rule, groups
            open_.take(index)
            continue
        if open_ is not None and near and (_belongs(rule, open_) or _same_place(records, open_, index)):
            open_.take(index, rule.name, record.number)
            continue
        if rule.name == _FOREIGN:
            if open_ is not None and not record.caller:
                open_.end = open_.end or index
            continue
        if rule.weight == 0:
            if (
                open_ is not None
                and index - open_.start <= 60
                and rule.name not in ("refcount-sat", "odebug", "nx")
            ):
                open_.notes.append((rule.name, record.number))
            else:
                pending.append((rule.name, index))
            continue
        report = _Open(rule, groups, index, [index])
        if remark is not None:
            remark.end = min(remark.end or index, index)
            remark = None
        if rule.weight == 1:
            remark = report
        else:
            if open_ is not None:
                open_.end = open_.end or index
            current[record.caller] = report
        for name, at in pending:
            if index - at <= 4:
                report.notes.append((name, records[at].number))
                report.headings.append(at)
        pending.clear()
        reports.append(report)
    for report in reports:
        limit = 120 if report.rule.weight == 1 else _LONGEST_BODY
        report.end = min(report.end or len(records), len(records), report.start + limit)
    return reports


def _headless(records: Sequence[Record], text: str, starts: Sequence[int]) -> list[_Open]:
    """The report whose heading was cut off: a kernel instruction pointer, and how reports end.

    A page fault's ends in a line of CR2 alone, which is the last that kdump lets it print; others end in a mark.
    """
    bare = (
        index for index in _find(text, starts, "CR2: ") if compiled(_BARE_CR2).fullmatch(records[index].text)
    )
    fault = next(bare, 0)
    end = fault or next(_find(text, starts, "---[ end trace "), 0)
    for index in range(max(0, end - _REACH), end):
        if records[index].text.startswith(("RIP: 0010:", "pc : ", "NIP [", "Krnl PSW")):
            rule = next(rule for rule in RULES if rule.name == "oops") if fault else HEADLESS
            return [_Open(rule, (), max(0, index - 4), [index], end=end + 1)]
    return []


def _belongs(rule: Rule, report: _Open) -> bool:
    heads = _ALSO.get(rule.name)
    return heads is not None and (heads[0] == "*" or report.rule.name in heads)


def _same_place(records: Sequence[Record], report: _Open, index: int) -> bool:
    """Whether a warning is told again: scripts that decode addresses print inlined places as lines of their own."""
    one, other = records[report.start].text, records[index].text
    return (
        "WARNING: " in one
        and one.partition(" at ")[2].split(" ")[0] == other.partition(" at ")[2].split(" ")[0] != ""
    )


def _by_caller(records: Sequence[Record]) -> dict[str, list[int]]:
    lists: dict[str, list[int]] = {}
    for index, record in enumerate(records):
        lists.setdefault(record.caller, []).append(index)
    return lists


def _event(report: _Open, records: Sequence[Record], by_caller: dict[str, list[int]]) -> Event:
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


def _kind(rule: Rule, body: Body, report: _Open) -> str:
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


def _title(rule: Rule, report: _Open, part: Sequence[Record], body: Body) -> str:
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


def _error_code(records: Sequence[Record], report: _Open) -> tuple[tuple[str, int], ...]:
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
