"""What Kubernetes recorded of this crash: the node, its events, its lines."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from parsers.host.kubernetes import Event, Node, find_node, parse_events, parse_nodes
from rca.evidence import Citation, Evidence, first
from rca.kubernetes.outage import Outage, outage
from rca.steps.base import Facts
from rca.steps.common import other_node, value_of

_NODES = "k8s-node"
_EVENTS = "k8s-events"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The node as the API server knew it, and what happened to it since the crash."""

    node: Node
    nodes: Evidence
    away: Outage
    told: Evidence | None
    """The evidence of the events."""

    def cite(self, event: Event) -> tuple[Citation, ...]:
        """The line that gives an event's message, else its reason."""
        if self.told is None:
            return ()
        message = re.escape(f'"message": {json.dumps(event.message)}')
        return first(self.told.grep(message)) or first(self.told.grep(f'"reason": "{event.reason}"'))

    def ready_after(self, moment: datetime) -> tuple[datetime, tuple[Citation, ...]] | None:
        """When the node was Ready again, with the lines that say so."""
        since = self.away.ended
        if since is None or since < moment:
            return None
        if self.away.returned:
            return since, self.cite(self.away.returned)
        named = next((c.line for c in self.nodes.grep('"name": ') if f'"{self.node.name}"' in c.text), 1)
        ready = next((c for c in self.nodes.grep('"type": "Ready"') if c.line > named), None)
        if ready is None:
            return None
        above = range(max(1, ready.line - 5), ready.line)
        changed = (self.nodes.cite(n) for n in above if "lastTransitionTime" in self.nodes.lines[n - 1])
        return since, (*first(changed), ready)


def cluster(facts: Facts) -> Cluster | None:
    """The node of this crash in the cluster; None where none is surely it."""
    if other_node(facts):
        return None
    addresses = value_of(facts, "addresses").split()
    ids = (value_of(facts, "boot-id"), value_of(facts, "machine-id"), addresses, value_of(facts, "uname-n"))
    for id_, item in facts.evidence.items():
        match = find_node(parse_nodes(item.lines), *ids) if id_.startswith(_NODES) else None
        if match:
            told = facts.evidence.get(_EVENTS)
            events = parse_events(told.lines) if told else ()
            return Cluster(match[0], item, outage(match[0], events, crash=facts.crash_time), told)
    return None
