"""From a node's objects and events to its outage: when it began and ended, what was evicted, what restarted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from parsers.host.kubepods import Pod
from parsers.host.kubernetes import Event, Node, about, evicts

GRACE = timedelta(seconds=40)
"""node-monitor-grace-period's default: so long after the last lease renewal a node counts as gone (50 s of late)."""
TOLERATION = timedelta(seconds=300)
"""tolerationSeconds' default for an unreachable node: only then are its pods marked for deletion."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One node's absence as far as it can be told."""

    began: datetime | None = None
    began_by: str = ""
    """Where `began` comes from, in words."""
    ended: datetime | None = None
    """When the node was Ready again; None while it is not, or when that cannot be told."""
    rebooted: Event | None = None
    evicted: tuple[Event, ...] = ()
    """Cluster-wide: an event names the pod, not its node."""
    cancelled: int = 0
    """Evictions that were called off because the node came back in time."""
    restarted: tuple[Pod, ...] = ()
    """Pods on the node whose containers were started after it began."""
    oldest: datetime | None = None
    """The oldest event that the cluster still keeps."""
    events: tuple[Event, ...] = ()
    """Those of the node and of evictions since it began, oldest first."""

    @property
    def duration(self) -> timedelta | None:
        """How long the node was away."""
        return self.ended - self.began if self.began and self.ended else None

    @property
    def expired(self) -> bool:
        """Whether the events of that time are no longer kept: their silence means nothing."""
        return self.rebooted is None and (
            self.oldest is None or self.began is None or self.oldest > self.began + GRACE
        )

    @property
    def eviction_due(self) -> bool | None:
        """Whether it was away long enough for its pods to be evicted; None when that cannot be told."""
        return None if self.duration is None else self.duration > GRACE + TOLERATION

    @property
    def evictions_expired(self) -> bool:
        """Whether pods may have been evicted unseen: it may have been due, and no event is kept from before then."""
        if self.evicted or self.eviction_due is False or self.began is None:
            return False
        return self.oldest is None or self.oldest > self.began + GRACE + TOLERATION


def outage(
    node: Node, events: Iterable[Event], pods: Iterable[Pod] = (), crash: datetime | None = None
) -> Outage:
    """Tell the outage that began with a crash at `crash` (UTC), or the last one if that is not known."""
    events = tuple(events)
    oldest = min((event.when for event in events if event.when), default=None)
    own = [e for e in about(events, node.name) if crash is None or e.when is None or e.when >= crash]
    gone = next((event for event in own if event.kind == "Node" and event.reason == "NodeNotReady"), None)
    began, how = crash, "the dump's own time"
    if began is None and gone and gone.when:
        began, how = gone.when - GRACE, "the time of NodeNotReady, less the grace period"
    ready = node.ready == "True" and node.ready_since and (began is None or node.ready_since >= began)
    return Outage(
        began=began,
        began_by=how if began else "",
        ended=node.ready_since if ready else None,
        rebooted=next((event for event in reversed(own) if event.reason == "Rebooted"), None),
        evicted=tuple(event for event in own if evicts(event)),
        cancelled=sum(1 for event in own if event.message.startswith("Cancelling deletion")),
        restarted=tuple(pod for pod in pods if began and pod.started and pod.started >= began),
        oldest=oldest,
        events=tuple(own),
    )


def in_words(span: timedelta) -> str:
    """``6 min 55 s``."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
