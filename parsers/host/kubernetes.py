"""``kubectl get nodes|events -o json``: which node is this one, and what happened to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


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


def parse_object(lines: Sequence[str]) -> dict[str, Any] | None:
    """Find the JSON object in kubectl's output, warnings around it ignored; None where there is none."""
    for number, line in enumerate(lines):
        if line.startswith("{"):
            try:
                value, _ = json.JSONDecoder().raw_decode("\n".join(lines[number:]))
            except (ValueError, RecursionError):
                return None
            return value if isinstance(value, dict) else None
    return None


def parse_nodes(lines: Sequence[str]) -> tuple[Node, ...]:
    """Read a list of nodes, or one node."""
    return tuple(
        _node(item) for item in _items(parse_object(lines)) if _text(_dict(item, "metadata"), "name")
    )


def parse_events(lines: Sequence[str]) -> tuple[Event, ...]:
    """Read events, oldest first by the time at which each was last seen; those without a time come first."""
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(map(_event, _items(parse_object(lines))), key=lambda event: event.when or oldest))


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
    status = _dict(item, "status")
    info = _dict(status, "nodeInfo")
    ready = next((c for c in _dicts(status, "conditions") if c.get("type") == "Ready"), {})
    return Node(
        name=_text(_dict(item, "metadata"), "name"),
        boot_id=_text(info, "bootID"),
        machine_id=_text(info, "machineID"),
        addresses=tuple(
            _text(a, "address") for a in _dicts(status, "addresses") if a.get("type") == "InternalIP"
        ),
        kernel=_text(info, "kernelVersion"),
        ready=_text(ready, "status"),
        ready_reason=_text(ready, "reason"),
        ready_since=_time(ready.get("lastTransitionTime")),
    )


def _event(item: dict[str, Any]) -> Event:
    involved = _dict(item, "involvedObject") or _dict(item, "regarding")
    stamps = (
        _dict(item, "series").get("lastObservedTime"),
        item.get("lastTimestamp"),
        item.get("eventTime"),
        _dict(item, "metadata").get("creationTimestamp"),
    )
    count = item.get("count")
    return Event(
        when=next((moment for stamp in stamps if (moment := _time(stamp))), None),
        reason=_text(item, "reason"),
        message=_text(item, "message") or _text(item, "note"),
        kind=_text(involved, "kind"),
        name=_text(involved, "name"),
        namespace=_text(involved, "namespace") or _text(_dict(item, "metadata"), "namespace"),
        warning=item.get("type") == "Warning",
        count=count if isinstance(count, int) else 1,
    )


def _items(found: dict[str, Any] | None) -> list[dict[str, Any]]:
    if found is None:
        return []
    return _dicts(found, "items") if "items" in found else [found] if "metadata" in found else []


def _dict(item: dict[str, Any], key: str) -> dict[str, Any]:
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def _dicts(item: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = item.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
