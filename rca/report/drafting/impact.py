"""Impact, Timeline and Detection: what the crash did to the node and its pods, and when."""

from __future__ import annotations

from datetime import datetime

from parsers.host.lastlog import parse_last
from parsers.text import visible
from rca.evidence import Citation
from rca.report.drafting.cluster import cluster
from rca.report.drafting.situation import Situation
from rca.report.form import UNKNOWN
from rca.report.sentences import Sentence, fact, inference, listed, proven
from rca.sources.base import Where
from rca.steps.common import cite, count, lines_of, saved_by_kdump, value_of

_TELLING = ("NodeNotReady", "Rebooted", "NodeReady", "Starting")
"""Reasons of node events that a timeline names."""

Moment = tuple[datetime, str, tuple[Citation, ...]]


def impact(now: Situation) -> tuple[Sentence, ...]:
    """What is proven: the death, the reboot, the pods, the minutes."""
    if not now.died:
        return ()
    said = []
    back = _back(now)
    if reboot := _rebooted(now):
        said.append(proven("Node rebooted", reboot[2], "the record of boots"))
    elif now.fatal:
        said.append(
            inference("Node went down with its kernel", "a kernel that died runs nothing any more", now.fatal)
        )
    seen = cluster(now)
    if seen and seen.evictions:
        pods = f"Pods evicted: {count(len(seen.evictions), 'pod')} marked for deletion, counted cluster-wide"
        proof = (cited for event in seen.evictions for cited in seen.cite(event))
        said.append(proven(pods, proof, "the cluster's events"))
    elif seen and any(event.reason == "Rebooted" for event in seen.events) and seen.told:
        said.append(inference("No pod evicted", "no event between crash and return tells of one", ()))
    if back and now.moment:
        minutes = round((back[0] - now.moment).total_seconds() / 60)
        text = (
            f"{count(minutes, 'minute')} downtime, until {back[1]}"
            if minutes
            else "Less than a minute downtime"
        )
        said.append(inference(text, "from the time of death to that", (*now.moment_lines, *back[2])))
    else:
        said.append(inference(f"Downtime {UNKNOWN}", "nothing here tells when the node was back"))
    return tuple(map(listed, said))


def timeline(now: Situation) -> tuple[Sentence, ...]:
    """Death, reboot and the cluster's events, oldest first."""
    found: list[Moment] = []
    if now.moment and now.died:
        found.append((now.moment, "the kernel died", now.moment_lines or now.fatal))
    if reboot := _rebooted(now):
        found.append(reboot)
    if seen := cluster(now):
        found += [
            (event.when, f"Kubernetes: {event.reason}: {visible(event.message)}", seen.cite(event))
            for event in seen.events
            if event.when and (event.reason in _TELLING or event in seen.evictions[:1])
        ]
        ready = seen.ready_after(now.moment) if now.moment else None
        if ready:
            found.append((ready[0], "the node was Ready again", ready[1]))
    return tuple(listed(_told(now, moment)) for moment in sorted(found, key=lambda item: item[0]))


def detection(now: Situation) -> tuple[Sentence, ...]:
    """Who noticed first, as far as that is recorded."""
    seen = cluster(now)
    for event in seen.events if seen else ():
        if seen and event.reason == "NodeNotReady" and event.when and (proof := seen.cite(event)):
            return (fact(f"Kubernetes saw the node NotReady at {now.in_words(event.when)}", proof),)
    if saved_by_kdump(now.facts.dump):
        return (inference("kdump saved the memory; who noticed first is not recorded", "there is a dump"),)
    return ()


def _told(now: Situation, moment: Moment) -> Sentence:
    text = f"{now.in_words(moment[0])}: {moment[1]}"
    return proven(text, moment[2], "the dump's own header, or the cluster's events")


def _back(now: Situation) -> Moment | None:
    """When the node was of use again: Ready for Kubernetes, else its kernel's start."""
    seen = cluster(now)
    ready = seen.ready_after(now.moment) if seen and now.moment else None
    return (ready[0], "the node was Ready again", ready[1]) if ready else _rebooted(now)


def _rebooted(now: Situation) -> Moment | None:
    """The record of a boot that came after the crash; dumps of other machines may lie here too."""
    facts = now.facts
    header = facts.dump.header if facts.dump else None
    name = value_of(facts, "uname-n")
    if facts.where is Where.FOLDER or (header and header.node and name and header.node != name):
        return None
    for boot in reversed(parse_last(lines_of(facts, "last"))):
        if now.moment and boot.started and boot.started >= now.moment:
            return boot.started, "the node's kernel started again", cite(facts, "last", boot.line)
    return None
