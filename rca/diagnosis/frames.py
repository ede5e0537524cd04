"""Which frames of a trace tell something, and why the others are passed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from parsers.klog.frames import nowhere
from parsers.klog.model import Event, Frame
from rca.diagnosis.fragments import Fragments
from rca.diagnosis.knowledge import read

_INJECTED = "should_fail"
"""Fault injection prints its own stack into the report: the two cannot be told apart."""
_HEX = re.compile(r"[0-9a-f]{8,}")
_IN = re.compile(
    r" in:? ([A-Za-z_][\w.]*)(?:\+(0x[0-9a-f]+)/(0x[0-9a-f]+))?(?: \[([\w-]+)[^\]]*\])?(?=\s|$|\()"
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A frame that was passed over."""

    frame: Frame
    reason: str


def data() -> dict[str, Any]:
    """The contents of ``frames.toml``."""
    return read("frames")


@cache
def _fragments(*names: str) -> Fragments:
    return Fragments(names)


@cache
def _generic() -> tuple[tuple[Fragments, str], ...]:
    groups = [group for group in data()["generic"] if "only" not in group]
    return tuple((Fragments(group["names"]), group["reason"]) for group in groups)


@cache
def generic_reason(function: str, rule: str = "") -> str:
    """Why a function of this name is never the culprit; empty when it may be. What stands first in the name tells."""
    found = [(at, reason) for group, reason in _generic() if (at := group.find(function)) >= 0]
    if found:
        return min(found, key=itemgetter(0))[1]
    if _fragments(*data()["rules"].get(rule, ())).found(function):
        return "belongs to the code that reports this, not to its cause"
    return ""


@cache
def is_entry(function: str) -> bool:
    """Whether this is entry, scheduler or idle code, through which every stack runs."""
    names = [name for group in data()["generic"] if "only" in group for name in group["names"]]
    return _fragments(*names).found(function)


@cache
def blameless(function: str) -> bool:
    """Whether this only reports, checks, or carries a stack, so that nobody would suspect it."""
    names = [name for group in data()["generic"] if group.get("blameless") for name in group["names"]]
    return _fragments(*names).found(function)


def own_name(function: str) -> str:
    """The function's name as titles give it: no compiler suffix, no system call wrapper's prefix."""
    name = function.partition(".")[0] or function
    for prefix in data()["syscalls"]["prefixes"]:
        if name.startswith(prefix) and len(name) > len(prefix):
            return name[len(prefix) :]
    return name


WAITS = "part of waiting, not of what is waited for"
"""Why the frames of a sleeper's own sleep are passed over."""


def telling(event: Event, skipped: list[Skipped] | None = None) -> Frame | None:
    """The frame by which the field names this report; None when there is no trustworthy one.

    Frames that were passed over on the way are appended to `skipped` with the reason.
    """
    passed = skipped if skipped is not None else []
    policy = _POLICIES.get(event.frames_from)
    return policy(event, passed) if policy else None


def _first(frames: Sequence[Frame], event: Event, passed: list[Skipped]) -> Frame | None:
    for frame in frames:
        if frame.function.startswith(_INJECTED):
            return None
        reason = generic_reason(frame.base, event.rule)
        if not reason:
            return frame
        passed.append(Skipped(frame, reason))
    return None


def after_rip(event: Event) -> tuple[Frame, ...]:
    """Reliable frames that follow the first instruction pointer, of one call trace.

    Old kernels print the pointer inside the trace, between the frames that report and those that fault.
    """
    rip = event.rip
    line = rip.line if rip else 0
    for trace in event.traces:
        frames = tuple(frame for frame in trace.frames if frame.reliable and frame.line > line)
        if frames:  # arm64 begins its trace with the instruction pointer itself
            same = rip is not None and (frames[0].function, frames[0].offset) == (rip.function, rip.offset)
            return frames[1:] if same and frames[0].size == (rip.size if rip else 0) else frames
    return ()


def _trace(event: Event, passed: list[Skipped]) -> Frame | None:
    frames = event.traces[0].frames if event.traces else ()
    return _first([frame for frame in frames if frame.reliable], event, passed)


def _rip(event: Event, passed: list[Skipped]) -> Frame | None:
    rip = event.rip
    if rip is None:
        return None
    if nowhere(rip):
        passed.append(Skipped(rip, "a call through a NULL pointer: the caller is meant"))
    else:
        found = _first((rip,), event, passed)
        if found:
            return found
    return _first(after_rip(event), event, passed)


def _path(event: Event, passed: list[Skipped]) -> Frame | None:
    """What a trap interrupted, where its handler reports it: that instruction pointer stands inside the trace."""
    return _first([frame for frame in event.path if frame.reliable], event, passed)


def _rip_or_trace(event: Event, passed: list[Skipped]) -> Frame | None:
    return _rip(event, passed) if event.rip else _trace(event, passed)


def _stall(event: Event, passed: list[Skipped]) -> Frame | None:
    rips = {frame.line for frame in event.rips}
    path = list(event.path)
    start = next((n for n, frame in enumerate(path) if frame.line in rips), None)
    timer = next((n for n, frame in enumerate(path) if "apic_timer_interrupt" in frame.function), None)
    if event.frames_from == "rcu" and timer is not None:
        start = timer + 1
    if start is None:
        return None
    return _above_anchor([frame for frame in path[start:] if not nowhere(frame)], event, passed)


def _sites(event: Event, passed: list[Skipped]) -> Frame | None:
    """A place that a lock report names in words: the lock that is wanted, else the next one, which is held."""
    wanted = {"at": ("acquire",), "at-order": ("acquire",), "at-takes": ("takes",)}.get(event.frames_from, ())
    begun = False
    first: Frame | None = None
    for site in event.sites:
        if wanted and site.stack not in wanted and not begun:
            continue
        begun = True
        reason = generic_reason(site.base, event.rule) or (is_entry(site.base) and "runs everyone's work")
        if not reason:
            return site
        passed.append(Skipped(site, reason))
        if event.frames_from == "at-takes":
            return _trace(event, passed)  # where the lock was taken the other way before
        first = first or site
    return first and (_caller_of(first, event, passed) or _trace(event, passed) or first)


def _caller_of(site: Frame, event: Event, passed: list[Skipped]) -> Frame | None:
    """The first telling caller of a function in the last trace, which is the reporter's own."""
    frames = [frame for trace in event.traces[-1:] for frame in trace.frames if frame.reliable]
    at = next((n for n, frame in enumerate(frames) if frame.base == site.base), None)
    return None if at is None or is_entry(site.base) else _first(frames[at + 1 :], event, passed)


def _header(event: Event, passed: list[Skipped]) -> Frame | None:
    """The function that the heading names, else the trace."""
    found = _IN.search(event.header)
    if found and not _HEX.fullmatch(found[1]):
        named = Frame(
            found[1],
            int(found[2] or "0", 16),
            int(found[3] or "0", 16),
            found[4] or "",
            True,
            "",
            event.first,
        )
        if _first((named,), event, passed):
            return named
    return _trace(event, passed)


def _overflow(event: Event, passed: list[Skipped]) -> Frame | None:
    """What called the recursion: the stack's outer end tells more than the place where it ran out."""
    if event.rip is None:
        return None
    return _above_anchor([event.rip, *after_rip(event)], event, passed)


def _stack_end(event: Event, passed: list[Skipped]) -> Frame | None:
    frames = [frame for trace in event.traces[:1] for frame in trace.frames if frame.reliable]
    return _above_anchor(frames, event, passed)


def _above_anchor(frames: list[Frame], event: Event, passed: list[Skipped]) -> Frame | None:
    anchors = _fragments(*data()["stall"]["anchors"])
    everyone = _fragments(*data()["stall"]["everyone"])
    previous: Frame | None = None
    for frame in frames:
        reason = generic_reason(frame.base, event.rule)
        if reason:
            passed.append(Skipped(frame, reason))
            continue
        if everyone.found(frame.base):
            return frame
        if anchors.found(frame.base):
            return previous or frame
        previous = frame
    return None


def _hung(event: Event, passed: list[Skipped]) -> Frame | None:
    if not event.traces:
        return None
    frames = [frame for frame in event.traces[0].frames if frame.reliable]
    if any(frame.function.startswith(_INJECTED) for frame in frames):
        return None
    everyone = _fragments(*data()["hung"]["anchors"])
    kept = []
    for frame in frames:
        reason = generic_reason(frame.base, event.rule)
        if everyone.found(frame.base):
            return frame
        if reason:
            passed.append(Skipped(frame, reason))
        else:
            kept.append(frame)
    skip = _fragments(*data()["hung"]["skip"])
    for frame in kept:
        if not skip.found(frame.base):
            return frame
        passed.append(Skipped(frame, WAITS))
    return None


_POLICIES: dict[str, Callable[[Event, list[Skipped]], Frame | None]] = {
    "rip": _rip,
    "rip-only": _rip,
    "trace": _trace,
    "path": _path,
    "warn": _rip_or_trace,
    "bug": _rip_or_trace,
    "lockup": _rip_or_trace,
    "panicked": _rip_or_trace,
    "stall": _stall,
    "rcu": _stall,
    "overflow": _overflow,
    "stack-end": _stack_end,
    "hung": _hung,
    "kasan": _header,
    "kfence": _header,
    "stack-protector": _header,
    "at": _sites,
    "at-order": _sites,
    "at-takes": _sites,
    "held": _sites,
    "work": _sites,
    "slub": _trace,
    "xfs": _trace,
    "ext4": _trace,
    "leak": _trace,
    "rcu-usage": _trace,
}
"""How the telling frame is found, by what the rule of the heading says."""
