"""``kubectl get nodes|events -o json``: which node is this one, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from parsers.host.kubejson import dicts, items, mapping, moment, parse_object, text
from parsers.host.kubepods import parse_quantity


@dataclass(frozen=True, slots=True)
class Node:
    """A node as the API server knows it."""

    name: str
    boot_id: str = ""
    machine_id: str = ""
    addresses: tuple[str, ...] = ()
    """Of type InternalIP."""
    kernel: str = ""
    ready: str = ""
    """``True``, ``False``, ``Unknown``; empty without the condition."""
    ready_reason: str = ""
    ready_since: datetime | None = None
    """When Ready last changed."""
    cpu: float | None = None
    """Cores that pods may use."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    when: datetime | None
    reason: str
    message: str
    kind: str
    """Of the object that it is about: ``Node``, ``Pod``."""
    name: str
    namespace: str = ""
    warning: bool = False
    count: int = 1
    first: datetime | None = None
    """When it was first seen: one that recurs is counted, and `when` is its last time."""


def parse_nodes(lines: Sequence[str]) -> tuple[Node, ...]:
    """Read a list of nodes, or one node."""
    return tuple(
        _node(item) for item in items(parse_object(lines)) if text(mapping(item, "metadata"), "name")
    )


def parse_events(lines: Sequence[str]) -> tuple[Event, ...]:
    """Read events, oldest first by the time at which each was last seen; those without a time come first."""
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(map(_event, items(parse_object(lines))), key=lambda event: event.when or oldest))


def find_node(
    nodes: Iterable[Node],
    boot_id: str = "",
    machine_id: str = "",
    addresses: Iterable[str] = (),
    hostname: str = "",
) -> tuple[Node, str] | None:
    """Find the node that a machine is, and by what; the surest sign first. Two candidates are none."""
    own = frozenset(addresses)
    nodes = tuple(nodes)
    short = hostname.lower().partition(".")[0]
    for how, same in (
        ("boot ID", lambda node: bool(boot_id) and node.boot_id == boot_id),
        ("machine ID", lambda node: bool(machine_id) and node.machine_id == machine_id),
        ("address", lambda node: bool(own & set(node.addresses))),
        ("name", lambda node: bool(hostname) and node.name == hostname.lower()),
        ("name", lambda node: bool(short) and node.name.partition(".")[0] == short),
    ):
        found = [node for node in nodes if same(node)]
        if len(found) == 1:
            return found[0], how
    return None


def about(events: Iterable[Event], node: str) -> tuple[Event, ...]:
    """The events of one node, and those in which the control plane evicted its pods."""
    return tuple(
        event
        for event in events
        if (event.kind == "Node" and event.name == node)
        or event.reason in ("TaintManagerEviction", "NodeControllerEviction", "Evicted")
    )


def evicts(event: Event) -> bool:
    """Whether a pod was really marked for deletion; a node that is back in time has that cancelled."""
    if event.reason == "TaintManagerEviction":
        return event.message.startswith("Marking for deletion")
    return event.reason in ("NodeControllerEviction", "Evicted")


def _node(item: dict[str, Any]) -> Node:
    status = mapping(item, "status")
    info = mapping(status, "nodeInfo")
    ready = next((c for c in dicts(status, "conditions") if c.get("type") == "Ready"), {})
    return Node(
        name=text(mapping(item, "metadata"), "name"),
        boot_id=text(info, "bootID"),
        machine_id=text(info, "machineID"),
        addresses=tuple(
            text(a, "address") for a in dicts(status, "addresses") if a.get("type") == "InternalIP"
        ),
        kernel=text(info, "kernelVersion"),
        ready=text(ready, "status"),
        ready_reason=text(ready, "reason"),
        ready_since=moment(ready.get("lastTransitionTime")),
        cpu=parse_quantity(mapping(status, "allocatable").get("cpu")),
    )


def _event(item: dict[str, Any]) -> Event:
    involved = mapping(item, "involvedObject") or mapping(item, "regarding")
    stamps = (
        mapping(item, "series").get("lastObservedTime"),
        item.get("lastTimestamp"),
        item.get("eventTime"),
        mapping(item, "metadata").get("creationTimestamp"),
    )
    count = item.get("count")
    return Event(
        when=next((at for stamp in stamps if (at := moment(stamp))), None),
        reason=text(item, "reason"),
        message=text(item, "message") or text(item, "note"),
        kind=text(involved, "kind"),
        name=text(involved, "name"),
        namespace=text(involved, "namespace") or text(mapping(item, "metadata"), "namespace"),
        warning=item.get("type") == "Warning",
        count=count if isinstance(count, int) else 1,
        first=moment(item.get("firstTimestamp")),
    )
