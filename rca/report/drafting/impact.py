"""Impact, Timeline and Detection: what the crash did to the node and its pods, and when."""

from __future__ import annotations

from rca.kubernetes.cluster import cluster
from rca.report.drafting.situation import Situation
from rca.report.form import UNKNOWN
from rca.report.sentences import Sentence, fact, inference, listed, proven
from rca.sources.base import Dump
from rca.steps.common import count, saved_by_kdump
from rca.timeline import Moment, reboot
from rca.timeline import timeline as timeline_of

_UNCITED = "the dump's own header, its directory's name, or the cluster's events"


def impact(now: Situation) -> tuple[Sentence, ...]:
    """What is proven: the death, the reboot, the pods, the minutes."""
    if not now.died:
        return ()
    said = []
    back = _back(now)
    if started := reboot(now.facts):
        said.append(proven("Node rebooted", started.citations, "the record of boots"))
    elif now.fatal:
        said.append(
            inference("Node went down with its kernel", "a kernel that died runs nothing any more", now.fatal)
        )
    seen = cluster(now.facts)
    if seen and seen.away.evicted:
        pods = (
            f"Pods evicted: {count(len(seen.away.evicted), 'pod')} marked for deletion, counted cluster-wide"
        )
        proof = (cited for event in seen.away.evicted for cited in seen.cite(event))
        said.append(proven(pods, proof, "the cluster's events"))
    elif seen and seen.away.rebooted and seen.away.evictions_expired:
        said.append(inference(f"Pods evicted: {UNKNOWN}", "the events of that time have expired"))
    elif seen and seen.away.rebooted:
        said.append(inference("No pod evicted", "no event between crash and return tells of one", ()))
    if back and now.moment:
        minutes = round((back.when - now.moment).total_seconds() / 60)
        text = (
            f"{count(minutes, 'minute')} downtime, until {back.what[:1].lower()}{back.what[1:]}"
            if minutes
            else "Less than a minute downtime"
        )
        said.append(inference(text, "from the time of death to that", (*now.moment_lines, *back.citations)))
    else:
        said.append(inference(f"Downtime {UNKNOWN}", "nothing here tells when the node was back"))
    return tuple(map(listed, said))


def timeline(now: Situation) -> tuple[Sentence, ...]:
    """Death, saving, reboot and the cluster's events, oldest first."""
    return tuple(
        listed(proven(f"{now.in_words(moment.when)}: {moment.what}", moment.citations, _UNCITED))
        for moment in timeline_of(now.facts, now.died)
    )


def detection(now: Situation) -> tuple[Sentence, ...]:
    """Who noticed first, as far as that is recorded."""
    seen = cluster(now.facts)
    for event in seen.away.events if seen else ():
        if seen and event.reason == "NodeNotReady" and event.when and (proof := seen.cite(event)):
            return (fact(f"Kubernetes saw the node NotReady at {now.in_words(event.when)}", proof),)
    if saved_by_kdump(now.facts.dump):
        return (
            inference(
                f"kdump saved the memory{_saved(now.facts.dump)}; who noticed first is not recorded",
                "there is a dump",
            ),
        )
    return ()


def _saved(dump: Dump | None) -> str:
    """Which dump, by the name that kdump gave it, which it keeps wherever it is copied; and its size to the byte."""
    if dump is None or dump.vmcore is None:
        return ""
    name = f" as {dump.directory.name}/{dump.vmcore.name}"
    level = dump.header.dump_level if dump.header else None
    parts = (f"{dump.size:,} bytes" if dump.size else "", "" if level is None else f"dump level {level}")
    told = ", ".join(part for part in parts if part)
    return f"{name} ({told})" if told else name


def _back(now: Situation) -> Moment | None:
    """When the node was of use again: Ready for Kubernetes, else its kernel's start."""
    seen = cluster(now.facts)
    ready = seen.ready_after(now.moment) if seen and now.moment else None
    if seen is None or ready is None:
        return reboot(now.facts)
    latest = " at the latest" if seen.away.at_latest else ""
    return Moment(ready[0], f"the node was Ready again{latest}", ready[1])
