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

_SETTLING = timedelta(minutes=5)
"""A node that reports its reboot is Ready within so long, unless something holds it back."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One node's absence as far as it can be told."""

    began: datetime | None = None
    began_by: str = ""
    """Where `began` comes from, in words."""
    ended: datetime | None = None
    """When the node was Ready again; None while it is not, or when that cannot be told."""
    returned: Event | None = None
    """The event that tells `ended`; without one it is the last change of the node's condition."""
    at_latest: bool = False
    """`ended` is long after the reboot, and no event tells it: the node may have been Ready before, and flapped."""
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
        if self.duration is None:
            return None
        longer = self.duration > GRACE + TOLERATION
        return None if longer and self.at_latest else longer

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
    rebooted = next((event for event in reversed(own) if event.reason == "Rebooted"), None)
    ended, returned = _end(node, own, began)
    start = (rebooted.first or rebooted.when) if rebooted else None
    return Outage(
        began=began,
        began_by=how if began else "",
        ended=ended,
        returned=returned,
        at_latest=bool(ended and start and returned is None and ended - start > _SETTLING),
        rebooted=rebooted,
        evicted=tuple(event for event in own if evicts(event)),
        cancelled=sum(1 for event in own if event.message.startswith("Cancelling deletion")),
        restarted=tuple(pod for pod in pods if began and pod.started and pod.started >= began),
        oldest=oldest,
        events=tuple(own),
    )


def _end(node: Node, own: Iterable[Event], began: datetime | None) -> tuple[datetime | None, Event | None]:
    """When the node was Ready again, and the event that tells. Its condition keeps only the last of all returns."""
    returns = (
        (at, event)
        for event in own
        if event.kind == "Node" and event.reason == "NodeReady"
        for at in (event.first, event.when)
        if at and began and at >= began
    )
    if found := min(returns, key=lambda entry: entry[0], default=None):
        return found
    since = node.ready_since if node.ready == "True" else None
    return (since if since and (began is None or since >= began) else None), None


def in_words(span: timedelta) -> str:
    """``6 min 55 s``."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
