"""One line of time, in UTC: panic, capture kernel, boot, and what the cluster saw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from parsers.host.lastlog import parse_last
from parsers.text import visible
from rca.evidence import Citation, first
from rca.kubernetes.cluster import cluster
from rca.sources.base import Where
from rca.sources.dumps import directory_time
from rca.steps.base import Facts
from rca.steps.common import cite, count, human, lines_of, other_node
from rca.zones import FARTHEST, QUARTER

_STAMP = re.compile(r"\[ *(\d{1,10})\.\d+\]")
_TELLING = ("NodeNotReady", "Rebooted", "NodeReady", "Starting")
"""Reasons of node events that are told."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened."""

    when: datetime
    """UTC."""
    what: str
    citations: tuple[Citation, ...] = ()


def timeline(facts: Facts, died: bool = True) -> tuple[Moment, ...]:
    """What is known of the time around the crash, in order. `died`: it is proven that the kernel did."""
    found = []
    crashed = facts.crash_time
    if crashed and died:
        fatal = facts.diagnosis.citations[:1] if facts.diagnosis else ()
        lived, proof = uptime(facts)
        after = f", {lived} after it had booted" if lived else ""
        found.append(Moment(crashed, f"The kernel died{after}", (*when_lines(facts), *(proof or fatal))))
        if captured := capture(facts):
            found.append(captured)
    if started := reboot(facts):
        found.append(started)
    if seen := cluster(facts):
        found += [
            Moment(event.when, f"Kubernetes: {event.reason}: {visible(event.message)}", seen.cite(event))
            for event in seen.away.events
            if event.when and (event.reason in _TELLING or event in seen.away.evicted[:1])
        ]
        if crashed and (ready := seen.ready_after(crashed)):
            latest = " at the latest" if seen.away.at_latest else ""
            found.append(Moment(ready[0], f"Node {seen.node.name} was Ready again{latest}", ready[1]))
    return tuple(sorted(found, key=lambda moment: moment.when))


def when_lines(facts: Facts) -> tuple[Citation, ...]:
    """Where crash prints the time of death."""
    system = facts.evidence.get("sys")
    return first(system.grep(r"^\s*DATE: ")) if system else ()


def uptime(facts: Facts) -> tuple[str, tuple[Citation, ...]]:
    """How long the kernel had run when it died, ``2 days 03:04:05``, and the line that tells; empty when none does."""
    fatal = facts.diagnosis.citations[:1] if facts.diagnosis else ()
    stamp = _STAMP.match(fatal[0].text) if fatal else None
    if not stamp:
        return "", ()
    days, rest = divmod(int(stamp[1]), 86400)
    lived = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return (f"{count(days, 'day')} {lived}" if days else lived), fatal


def reboot(facts: Facts) -> Moment | None:
    """The record of the boot that followed the crash; None where no record of that node is here."""
    crashed = facts.crash_time
    if crashed is None or facts.where is Where.FOLDER or other_node(facts):
        return None  # `last` of a report speaks in the node's own zone
    for boot in reversed(parse_last(lines_of(facts, "last"))):
        if boot.started and boot.started >= crashed:
            return Moment(boot.started, f"The node booted {boot.kernel}", cite(facts, "last", boot.line))
    return None


def capture_zone(facts: Facts) -> timedelta | None:
    """The offset from UTC of the capture kernel's clock, by which it named the dump's directory; None where unknown.

    Zero may be the node's zone, or a capture kernel that was given none.
    """
    crashed, named = facts.crash_time, directory_time(facts.dump.directory.name) if facts.dump else None
    if crashed is None or named is None:
        return None
    zone = (
        (named - crashed) // QUARTER * QUARTER
    )  # a capture kernel is up sooner than in a quarter of an hour
    return zone if abs(zone) <= FARTHEST else None


def capture(facts: Facts) -> Moment | None:
    """When the capture kernel made the dump's directory. Its name is in the node's zone, which the panic time tells."""
    named, zone = directory_time(facts.dump.directory.name) if facts.dump else None, capture_zone(facts)
    if named is None or zone is None:
        return None
    hours, minutes = divmod(abs(zone) // timedelta(minutes=1), 60)
    offset = f"UTC{'-' if zone < timedelta() else '+'}{hours:02}:{minutes:02}" if zone else "UTC"
    size = f" {human(facts.dump.size)}" if facts.dump and facts.dump.size else ""
    return Moment(
        named - zone,
        f"The capture kernel began to save{size}; the directory's name has it as {named:%H:%M:%S} ({offset})",
    )
