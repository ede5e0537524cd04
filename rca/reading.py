"""What triage reads of a path: each dump's header and its log, and nothing else of the machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parsers.dumpheader import DumpHeader
from parsers.text import visible
from rca.casefolder import CaseError, find_case, is_case
from rca.evidence import Evidence
from rca.opening import SSH, OpeningError, open_path
from rca.sources.base import KDUMP_CONF, Dump, DumpState, File, Source, Where


@dataclass(frozen=True, slots=True)
class Reading:
    """One dump or log, ready for `rca.triage.triage`."""

    path: str
    evidence: Mapping[str, Evidence]
    header: DumpHeader | None = None
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A path that yields nothing, and why in one sentence."""

    path: str
    error: str


def readings(path: Path) -> Iterator[Reading | Unreadable]:
    """Every dump or log at a path, newest complete dump first."""
    try:
        if path.parts[:1] != (SSH,) and not path.exists():
            yield Unreadable(str(path), "no such file or directory")
            return
        if path.is_dir() and is_case(path):
            yield _saved(path)
            return
        source = open_path(path).source
    except (OSError, ValueError) as error:
        yield Unreadable(str(path), f"cannot be read: {getattr(error, 'strerror', None) or error}")
        return
    except (OpeningError, CaseError) as error:
        reason = str(error).removeprefix(f"{path}: ").removeprefix(f"{path.absolute()}: ")
        yield Unreadable(str(path), reason.rstrip("."))
        return
    try:
        # only a node's dumps lie where a configuration says
        dumps = source.dumps(source.collect(KDUMP_CONF) if source.where is Where.NODE else None)
        if not dumps:
            yield Unreadable(str(path), "holds no vmcore and no kernel log")
        for dump in dumps:
            yield _read(path, source, dump, alone=len(dumps) == 1)
    finally:
        source.close()


def _read(path: Path, source: Source, dump: Dump, alone: bool) -> Reading | Unreadable:
    name = str(path) if alone else str(dump.directory)
    evidence: dict[str, Evidence] = {}
    item: Evidence | None
    if dump.dmesg:
        item = source.collect(File("vmcore-dmesg", (str(dump.dmesg),)))
        if not item.lines and (item.problem or dump.vmcore is None):
            return Unreadable(name, item.problem or "is empty")
        evidence[item.id] = item
    elif (item := _own_log(dump, source)) and item.lines:
        evidence[item.id] = item
    elif dump.header is None:
        problem = dump.problem.removeprefix(f"{visible(name)} ")  # the path stands before it already
        return Unreadable(name, problem or "is no vmcore and no kernel log")
    warnings = [dump.problem] if dump.problem else []
    if dump.state is DumpState.INCOMPLETE and not dump.problem:
        warnings.append("The dump is incomplete")
    if not evidence:
        told = f" ({item.problem})" if item else ""
        warnings.append(
            f"No kernel log could be taken out of the dump{told}; panicdesk report reads it with crash"
        )
    return Reading(name, evidence, dump.header, warnings)


def _own_log(dump: Dump, source: Source) -> Evidence | None:
    """The log out of the dump; the dump's case, where it has one, keeps what was run for it."""
    # here, as in _saved: a directory that holds its log needs neither programs nor cases
    from rca.audit import Audit
    from rca.sources.dumplog import own_log
    from rca.sources.runs import Runs

    runs = Runs()
    found = own_log(dump, source, runs)
    if found and (case := find_case(dump.directory)):
        with contextlib.suppress(OSError):
            runs.listen(Audit(case).ran)
    return found


def _saved(path: Path) -> Reading | Unreadable:
    from rca.case import Case
    from rca.sources.saved import dump_from_json

    try:
        case = Case.load(path)
    except CaseError as error:
        return Unreadable(str(path), str(error))
    dump = dump_from_json(case.subject.dump)
    return Reading(str(path), case.evidence, dump.header if dump else None)
