"""Which event brought the box down, and what the others are to it."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.klog.links import is_panic
from parsers.klog.model import Event

_CONSEQUENCE = ("panic-fatal", "panic-on-warn", "panic-taint", "panic-cut")
"""Panic lines that only say that a report was fatal; every other one names what ended the kernel."""
_OOPSES = ("null-deref", "page-fault", "gpf")
_CLOSE = 12
"""Lines within which words and the warning that shows their stack belong together."""
_DAMAGE = ("slab-corruption", "bad-page")


def select(events: Sequence[Event]) -> Event | None:
    """The event to analyse; None when nothing in the log deserves it.

    The first panic decides: the report that it ended, or the panic itself where it stands for its own cause. Without a
    panic line (kdump takes an oops before it is printed) it is the first report that kills, else the first report.
    Where the chosen one bears the marks of an earlier death or of damaged memory, that earlier report is to be read.
    """
    chosen = fatal(events)
    return None if chosen is None else _earlier(events, chosen)


def role(event: Event, chosen: Event) -> str:
    """What an event is to the fatal one: ``fatal``, ``earlier``, ``consequence`` or ``later``."""
    if event is chosen:
        return "fatal"
    if event.first < chosen.first:
        return "earlier"
    return "consequence" if event.first == chosen.panic_line else "later"


def fatal(events: Sequence[Event]) -> Event | None:
    """The report in which the kernel died, whatever earlier one explains it; None without any."""
    lines = [event.first for event in events if is_panic(event)]
    lines += [event.panic_line for event in events if event.panic_line]
    if lines:
        return _ended_by(events, min(lines))
    for weight in (3, 2, 1):
        for event in events:
            if event.weight >= weight:
                return event
    return None


def _ended_by(events: Sequence[Event], line: int) -> Event:
    """The report that the panic of this line ended, or the panic itself."""
    for event in events:
        if event.panic_line == line:
            return event
    panic = next(event for event in events if event.first == line)
    before = [event for event in events if event.first < line and event.weight >= 2]
    if panic.rule in _CONSEQUENCE and before:
        return before[0]
    return next((event for event in before if event.weight >= 3), panic)


def _earlier(events: Sequence[Event], chosen: Event) -> Event:
    """Taint D: this kernel had died before. Taint B: the allocator had reported damaged memory before."""
    before = [event for event in events if event.first < chosen.first]
    if chosen.rule.startswith("warn") and before and _only_words(before[-1], chosen):
        return before[-1]
    if "D" in chosen.context.taint:
        died = next((event for event in before if event.weight >= 3), None)
        if died is not None:
            return died
    if "B" in chosen.context.taint and chosen.kind in _OOPSES:
        return next((event for event in before if event.kind in _DAMAGE and event.weight >= 2), chosen)
    return chosen


def _only_words(said: Event, warning: Event) -> bool:
    """Whether a report without any trace stands so close before a warning that the warning is only its stack."""
    return said.weight >= 2 and not said.traces and not said.rips and warning.first - said.first <= _CLOSE
