"""Which lines of a log announce trouble, and which of them tell of the same report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.klog.body import LONGEST
from parsers.klog.links import ends_in
from parsers.klog.patterns import compiled
from parsers.klog.records import Record
from parsers.klog.rules import HEADLESS, RULES, SUPPRESSED, Rule
from parsers.klog.search import Joined

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
_FOREIGN = "other-stack"
"""Messages with a stack that are no report: without printk callers nobody can tell the two stacks apart."""
_FOREWORDS = ("refcount-sat", "odebug", "nx")
"""Lines that tell more of the report that follows them, not of one that is open."""
_INSIDE = 60
"""Records within which a line that only tells more is one of the report's."""
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
class Report:
    """A report while it is being collected; places are indices of records."""

    rule: Rule
    groups: tuple[str, ...]
    """What the rule's pattern found in the heading."""
    start: int
    headings: list[int] = field(default_factory=list)
    notes: list[tuple[str, int]] = field(default_factory=list)
    """What else it tells: rule, and 1-based line."""
    end: int = 0
    panic: int = -1
    """The panic line that this report ran into before it was complete."""
    latest: int = 0
    """The last heading."""

    def take(self, index: int, name: str = "", number: int = 0) -> None:
        """Take one more heading, and note what it tells; of an endless row only the first are kept."""
        self.latest = index
        if len(self.headings) < _HEADINGS:
            self.headings.append(index)
            if name:
                self.notes.append((name, number))


def collect(records: Sequence[Record], whole: Joined) -> list[Report]:
    """Every report of a log, in order, with where it ends; `whole` is the text of the records."""
    collector = _Collector(records)
    for index, rule, groups in _hits(records, whole):
        collector.take(index, rule, groups)
    for report in collector.reports:
        limit = 120 if report.rule.weight == 1 else _LONGEST_BODY
        report.end = min(report.end or len(records), len(records), report.start + limit)
    return collector.reports or _headless(records, whole)


def _hits(records: Sequence[Record], whole: Joined) -> Iterator[tuple[int, Rule, tuple[str, ...]]]:
    """Headings in order: record index, rule, the pattern's groups."""
    by_needle: dict[str, list[int]] = {}
    for number, rule in enumerate(RULES):
        by_needle.setdefault(rule.needle, []).append(number)
    candidates: dict[int, list[int]] = {}
    for needle, numbers in by_needle.items():
        for index in whole.find(needle):
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


class _Collector:
    """Groups headings into reports, as they come."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.reports: list[Report] = []
        self._records = records
        self._open: dict[str, Report] = {}
        """What each caller is reporting."""
        self._early: list[tuple[str, int]] = []
        """Rule and place of what tells more of a report that is still to come."""
        self._remark: Report | None = None

    def take(self, index: int, rule: Rule, groups: tuple[str, ...]) -> None:
        """Take the next heading."""
        caller = self._records[index].caller
        report = self._open.get(caller)
        if report is not None and self._joins(report, index, rule, groups):
            return
        if rule.name == _FOREIGN:
            if report is not None and not caller:
                report.end = report.end or index
        elif rule.weight == 0:
            self._tell_more(report, index, rule)
        else:
            self._begin(report, index, rule, groups)

    def _joins(self, report: Report, index: int, rule: Rule, groups: tuple[str, ...]) -> bool:
        """Whether the heading is one more of the report that its caller is printing; then it is taken."""
        since = index - report.start
        if report.panic < 0 and since <= _SHORT and ends_in(rule.name, report.rule.kind):
            report.panic = index
            report.take(index)
            return True
        if rule.name in _TAKES_OVER and since <= 4 and report.rule.name.startswith("warn"):
            report.rule, report.groups = rule, groups
            report.take(index)
            return True
        near = index - max(report.start, report.latest) <= _NEAR
        if near and (_belongs(rule, report) or _same_place(self._records, report, index)):
            report.take(index, rule.name, self._records[index].number)
            return True
        return False

    def _tell_more(self, report: Report | None, index: int, rule: Rule) -> None:
        inside = report is not None and index - report.start <= _INSIDE
        if report is not None and inside and rule.name not in _FOREWORDS:
            report.notes.append((rule.name, self._records[index].number))
        else:
            self._early.append((rule.name, index))

    def _begin(self, before: Report | None, index: int, rule: Rule, groups: tuple[str, ...]) -> None:
        report = Report(rule, groups, index, [index])
        if self._remark is not None:
            self._remark.end = min(self._remark.end or index, index)
            self._remark = None
        if rule.weight == 1:
            self._remark = report
        else:
            if before is not None:
                before.end = before.end or index
            self._open[self._records[index].caller] = report
        for name, at in self._early:
            if index - at <= 4:
                report.notes.append((name, self._records[at].number))
                report.headings.append(at)
        self._early.clear()
        self.reports.append(report)


def _headless(records: Sequence[Record], whole: Joined) -> list[Report]:
    """The report whose heading was cut off: a kernel instruction pointer, and how reports end.

    A page fault's ends in a line of CR2 alone, which is the last that kdump lets it print; others end in a mark.
    """
    bare = (index for index in whole.find("CR2: ") if compiled(_BARE_CR2).fullmatch(records[index].text))
    fault = next(bare, 0)
    end = fault or next(whole.find("---[ end trace "), 0)
    for index in range(max(0, end - _REACH), end):
        if records[index].text.startswith(("RIP: 0010:", "pc : ", "NIP [", "Krnl PSW")):
            rule = next(rule for rule in RULES if rule.name == "oops") if fault else HEADLESS
            return [Report(rule, (), max(0, index - 4), [index], end=end + 1)]
    return []


def _belongs(rule: Rule, report: Report) -> bool:
    heads = _ALSO.get(rule.name)
    return heads is not None and (heads[0] == "*" or report.rule.name in heads)


def _same_place(records: Sequence[Record], report: Report, index: int) -> bool:
    """Whether a warning is told again: scripts that decode addresses print inlined places as lines of their own."""
    one, other = records[report.start].text, records[index].text
    return (
        "WARNING: " in one
        and one.partition(" at ")[2].split(" ")[0] == other.partition(" at ")[2].split(" ")[0] != ""
    )
