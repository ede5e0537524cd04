"""The title of an event: the field's canonical words, with the function that tells."""

from __future__ import annotations

import re
from functools import cache

from parsers.klog.model import Event, Frame
from rca.diagnosis.frames import data, own_name, telling

LONGEST = 120
NO_FRAME = "corrupted"
"""What the field writes where a report is cut or interleaved so that no function can be named."""


_PLACES = ("at", "at-order", "at-takes", "held", "rcu-usage")
"""The lock checker's reports: cut before they name a place or show a stack, they are titled by their heading."""


def grouped(event: Event, frame: Frame) -> str:
    """The frame's name in titles; variants that mean the same thing share one."""
    name = own_name(frame.function)
    section = {"stall": "stall", "rcu": "stall", "hung": "hung"}.get(event.frames_from)
    if section == "stall":
        name = name.replace("_compat_ioctl", "_ioctl")
    if section:
        for part, whole in data()[section]["groups"].items():
            if name.startswith(part):
                return str(whole)
    return name


def title_of(event: Event) -> str:
    """Title one event."""
    text = event.title
    if "{frame}" in text:
        frame = telling(event)
        function = grouped(event, frame) if frame else ""
        if not function and event.frames_from in _PLACES and _only_heading(event):
            return normalise(event.header)
        if not function and event.kind == "kasan":
            text = text.replace(" in {frame}", "")
        text = text.replace("{frame}", function or NO_FRAME)
    return normalise(text)


def _only_heading(event: Event) -> bool:
    return not event.sites and not event.traces and not event.header.startswith("[")


def for_people(title: str) -> str:
    """A title in words that people understand; the canonical form is for machines and for comparing."""
    return title.replace(f" in {NO_FRAME}", " (no trustworthy frame)")


@cache
def _masks() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(pattern), into)
        for pattern, into in (
            (r"[^\x20-\x7e]", ""),
            (r"\bsyz-?executor[.\d]*(?::\d+)?", "syz-executor"),
            (r"\b(?:0x)?[0-9a-f]{8,16}\b(?<![g-z])", "ADDR"),
            (r"\b\d{1,3}(?:\.\d{1,3}){3}\b", "IP"),
            (r"([\w/-]+\.[ch]):\d+", r"\1:LINE"),
            (r"([a-zA-Z_]\w*)\+0x[0-9a-f]+/0x[0-9a-f]+", r"\1"),
            (r"\bCPU#\d+", "CPU"),
            (r"(?<![\w.])\d+(?![\w.])|\d{7,}", "NUM"),
            (r"(?<==)\d+\b|(?<=\b-)\d+\b", "NUM"),
            (r"\s+", " "),
        )
    )


def normalise(text: str) -> str:
    """Take out what differs between two nodes that died of the same thing: addresses, numbers, pids."""
    text = text[: 4 * LONGEST]
    for pattern, into in _masks():
        text = pattern.sub(into, text)
    return text.strip()[:LONGEST].strip()
