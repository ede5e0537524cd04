"""Turning a finished investigation into a recording: a case that replays without crash, vmcore or root.

A recording holds what the node and crash said and nothing of the analyst's machine: the dump lies in ``/var/crash``,
crash and the vmlinux where a distribution puts them, whatever the paths were here.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rca.case import Case, Subject
from rca.evidence import Evidence, Kind
from rca.sources.base import Where, not_held

if TYPE_CHECKING:
    from rca.investigation import Investigation

HOME = "/var/crash"
"""Where kdump saves by default."""
_SYSTEM = ("/usr/", "/opt/")
"""What lies here says nothing of the person."""


def save_recording(desk: Investigation, out: Path) -> None:
    """Write the evidence of an investigation to a new directory. Raises OSError.

    The form is left out, so that a recording never carries somebody's words by accident, and so are the badges: a
    replay judges and drafts anew. What the place did not hold is left out, too: a replay says the same of it.
    """
    if desk.directory is None:
        raise FileNotFoundError(errno.ENOENT, "nothing was opened")
    subject = Case.load(desk.directory).subject
    moved = _moving(subject, desk.facts.crashed_release)
    case = Case.create(out, _portable(subject, moved))
    for evidence in desk.facts.evidence.values():
        if evidence.lines or not not_held(evidence):
            case.put(_of_evidence(evidence, moved))


def _portable(subject: Subject, moved: Callable[[str], str]) -> Subject:
    return replace(
        subject,
        path="",
        source_name=moved(subject.source_name),
        dump=_dump(subject.dump, moved),
        dumps=tuple(_dump(dump, moved) for dump in subject.dumps),
        crash={name: moved(value) if value else value for name, value in subject.crash.items()},
    )


def _dump(dump: Mapping[str, Any], moved: Callable[[str], str]) -> dict[str, Any]:
    """A dump's description with other paths."""
    return {name: moved(value) if isinstance(value, str) else value for name, value in dump.items()}


def _of_evidence(item: Evidence, moved: Callable[[str], str]) -> Evidence:
    """crash prints the paths that it was given; of what else was read, only its name can hold one."""
    lines = tuple(map(moved, item.lines)) if item.kind is Kind.CRASH else item.lines
    return replace(
        item, what=moved(item.what), where=moved(item.where), problem=moved(item.problem), lines=lines
    )


def _moving(subject: Subject, release: str) -> Callable[[str], str]:
    """A function that puts the standard place for every path of this machine that a text names."""
    places: dict[str, str] = {}
    if subject.where != Where.NODE:
        for dump in (subject.dump, *subject.dumps):
            if folder := str(dump.get("directory") or ""):
                places[folder] = f"{HOME}/{Path(folder).name}"
        if subject.path and subject.path not in places:
            places[subject.path] = HOME if places else f"{HOME}/{Path(subject.path).name}"
    standard = {"program": "/usr/bin/crash", "vmlinux": f"/usr/lib/debug/lib/modules/{release}/vmlinux"}
    for name, place in standard.items():
        path = str(subject.crash.get(name) or "")
        if path and not path.startswith(_SYSTEM):
            places[path] = place
    if not places:
        return str
    longest_first = sorted(places, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w.-])")
    return lambda text: pattern.sub(lambda found: places[found[0]], text)
