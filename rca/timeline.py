"""One line of time, in UTC: panic, capture kernel, boot, and what the cluster saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from parsers.host.lastlog import parse_last
from rca.evidence import Citation
from rca.sources.base import Where
from rca.sources.dumps import directory_time
from rca.steps.base import Facts
from rca.steps.common import cite, crash_time, lines_of
from rca.steps.kubernetes import absence

_QUARTER = timedelta(minutes=15)
"""Zones differ from UTC by whole quarters of an hour, and a capture kernel is up sooner than that."""
_FARTHEST = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened."""

    when: datetime
    """UTC."""
    what: str
    citations: tuple[Citation, ...] = ()


def timeline(facts: Facts) -> tuple[Moment, ...]:
    """What is known of the time around the crash, in order."""
    found = []
    crashed = crash_time(facts)
    if crashed:
        found.append(Moment(crashed, "The kernel died"))
        if captured := capture(facts):
            found.append(captured)
        if facts.where is Where.NODE:  # `last` of a report speaks in the node's own zone
            boots = parse_last(lines_of(facts, "last"))
            after = [boot for boot in boots if boot.started and boot.started >= crashed]
            if after and (started := after[-1].started):
                found.append(
                    Moment(
                        started, f"The node booted {after[-1].kernel}", cite(facts, "last", after[-1].line)
                    )
                )
    if (seen := absence(facts)) is not None:
        node, away = seen
        for event in away.events:
            if (
                event.kind == "Node"
                and event.when
                and event.reason in ("NodeNotReady", "Rebooted", "Starting")
            ):
                found.append(Moment(event.when, f"{event.reason}: {event.message}"))
        if away.ended:
            found.append(Moment(away.ended, f"Node {node.name} was Ready"))
    return tuple(sorted(found, key=lambda moment: moment.when))


def capture(facts: Facts) -> Moment | None:
    """When the capture kernel made the dump's directory. Its name is in the node's zone, which the panic time tells."""
    crashed, named = crash_time(facts), directory_time(facts.dump.directory.name) if facts.dump else None
    if crashed is None or named is None:
        return None
    zone = (named - crashed) // _QUARTER * _QUARTER
    if abs(zone) > _FARTHEST:
        return None
    hours, minutes = divmod(abs(zone) // timedelta(minutes=1), 60)
    offset = f"UTC{'-' if zone < timedelta() else '+'}{hours:02}:{minutes:02}" if zone else "UTC"
    return Moment(
        named - zone,
        f"The capture kernel began to save; the directory's name has it as {named:%H:%M:%S} ({offset})",
    )
