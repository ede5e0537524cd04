"""Which panic is the consequence of which report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.klog.model import Event

_DIES = ("null-deref", "page-fault", "gpf", "bad-ip", "bug-on", "divide-error", "invalid-opcode", "double-fault",
         "stack-overflow", "list-corruption", "usercopy", "slab-corruption", "oom", "kasan", "sysrq")  # fmt: skip
CAUSES: dict[str, tuple[str, ...]] = {
    "panic-fatal": _DIES,
    "panic-on-warn": ("*",),
    "panic-taint": ("*",),
    "panic-hung": ("hung-task",),
    "panic-soft": ("soft-lockup",),
    "panic-hard": ("hard-lockup",),
    "panic-rcu": ("rcu-stall",),
    "panic-mce": ("mce",),
    "panic-hw": ("hardware-error", "mce"),
    "panic-nmi": ("nmi", "hard-lockup"),
    "panic-halted": ("double-fault", "stack-overflow"),
    "panic-sysrq": ("sysrq",),
    "panic-oom": ("oom",),
    "panic-ext4": ("fs-corruption",),
    "panic-atomic": ("atomic-sleep",),
    "panic-stack": (),
    "panic-stack-end": (),
    "panic-init": (),
    "panic-root": (),
    "panic-tty": (),
    "panic-alloc": ("slab-corruption",),
    "panic": (),
    "panic-cut": ("*",),
}
"""For each kind of panic line: the kinds of report whose consequence it can be (``*``: any report)."""


def is_panic(event: Event) -> bool:
    """Whether the event is a ``Kernel panic`` line."""
    return event.rule in CAUSES


def ends_in(panic: str, kind: str) -> bool:
    """Whether a panic line of this rule can be the end of a report of this kind."""
    kinds = CAUSES.get(panic, ())
    return bool(kinds) and (kinds[0] == "*" or kind in kinds)


def link_panics(events: Sequence[Event]) -> list[Event]:
    """Tell each report which panic it ended in."""
    linked = list(events)
    floor = 0
    for index, event in enumerate(linked):
        if not is_panic(event):
            continue
        cause = _cause(linked[floor:index], CAUSES[event.rule])
        if cause is not None:
            at = floor + cause
            linked[at] = replace(linked[at], panic_line=event.first, panic=event.header)
        floor = index + 1
    return linked


def _cause(before: Sequence[Event], kinds: tuple[str, ...]) -> int | None:
    """The report that the panic ends: the first that kills, else the nearest of a kind that fits."""
    if not kinds:
        return None
    fits = [
        n for n, event in enumerate(before) if (kinds[0] == "*" and event.weight >= 2) or event.kind in kinds
    ]
    if not fits:
        return None
    deadly = [n for n in fits if before[n].weight >= 3]
    if deadly:
        return deadly[0]
    return fits[0] if kinds[0] == "hung-task" else fits[-1]
