"""Finding dumps and reading what they tell without any tool."""

from __future__ import annotations

import contextlib
import functools
import re
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from parsers.dumpextent import Extent, extent_of, hole
from parsers.dumpheader import FLAT_END, HEAD, DumpFormat, DumpHeader, further_ranges, read_header
from parsers.host.fatal import fatal_lines, message
from parsers.text import to_lines, visible
from rca.sources.base import Dump, DumpState
from rca.sources.disk import LOCAL, Disk
from rca.sources.files import in_words

Found = tuple[Dump, ...]

VMCORES = ("vmcore", "vmcore.flat", "vmcore-incomplete", "dump-incomplete")
"""Names of a dump in its directory, the better ones first. Debian's are ``dump.STAMP`` and ``dump-incomplete``."""
LOGS = ("vmcore-dmesg.txt", "vmcore-dmesg-incomplete.txt")

_STAMPS = (
    (re.compile(r"(\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d)$"), "%Y-%m-%d-%H:%M:%S"),
    (re.compile(r"(\d{4}-\d\d-\d\d-\d\d:\d\d)$"), "%Y-%m-%d-%H:%M"),
    (re.compile(r"^(\d{12})$"), "%Y%m%d%H%M"),
)
_ORDER = (
    DumpState.COMPLETE,
    DumpState.FLATTENED,
    DumpState.INCOMPLETE,
    DumpState.SAVING,
    DumpState.UNREADABLE,
    DumpState.LOG_ONLY,
)
_ROUNDS = 5000
"""Pieces of a file that are read for its header. Only a flattened file ever needs more than four."""
SETTLED = 60.0
"""Seconds after which an incomplete dump that does not grow is no longer being saved."""
_LOG_LIMIT = 4 << 20
_MOST = 200
"""Directories looked into; the newest ones by name."""
_MOST_BELOW = 2_000
"""The same, two levels down."""


def find_dumps(places: Iterable[Path], disk: Disk = LOCAL) -> Found:
    """Find the dumps in some directories, each itself a crash directory or one that holds several.

    Newest complete first, then what is of less use. Never raises.
    """
    found: list[Dump] = []
    for place in places:
        found.extend(_in(disk, place))
    return in_order(found)


def find_below(place: Path, disk: Disk = LOCAL) -> Found:
    """The dumps two levels down, for a directory that holds none itself. What may not be read there is passed over."""

    def within(directory: Path) -> Iterator[Path]:
        with contextlib.suppress(OSError):
            if disk.status(directory).directory:
                yield from (directory / name for name in _newest(disk.names(directory)))

    paths = (path for child in within(place) for path in within(child))
    found = (_directory(disk, path) for path in islice(paths, _MOST_BELOW))
    return in_order(dump for dump in found if dump and dump.state is not DumpState.UNREADABLE)


def lone_file(path: Path, disk: Disk = LOCAL) -> Found:
    """A vmcore or a saved log with the files beside it, or else a kernel log on its own."""
    try:
        data = disk.read(path, 0, HEAD)
    except OSError as error:
        return (Dump(path.parent, DumpState.UNREADABLE, problem=in_words(error, "reading", _shown(path))),)
    looks_like_dump = read_header(data) is not None or path.name in VMCORES or b"\0" in data[:4096]
    if not looks_like_dump:
        beside = _names(disk, path.parent) if _is_log(path.name) else ()
        if not any(map(_is_vmcore, beside)):
            return (_log_only(disk, path.parent, path),)
        return (_dump(disk, path.parent, (path.name, *(name for name in beside if not _is_log(name)))),)
    names = _names(disk, path.parent) if path.name in VMCORES or path.name.startswith("dump.") else ()
    return (_dump(disk, path.parent, (path.name, *(name for name in names if not _is_vmcore(name)))),)


def in_order(dumps: Iterable[Dump]) -> Found:
    """Complete ones first; among equals the newest."""
    oldest = datetime.min.replace(tzinfo=UTC)
    by_time = sorted(dumps, key=lambda dump: dump.saved or oldest, reverse=True)
    return tuple(sorted(by_time, key=lambda dump: _ORDER.index(dump.state)))


def read_dump_header(path: Path, disk: Disk = LOCAL) -> DumpHeader | None:
    """Read a dump's header, piece by piece. Raises OSError."""
    data = disk.read(path, 0, HEAD)
    more: dict[int, bytes] = {}
    for _ in range(_ROUNDS):
        wanted = further_ranges(data, more)
        if not wanted or any(offset in more for offset, _ in wanted):
            break
        more |= {offset: disk.read(path, offset, size) for offset, size in wanted}
    return read_header(data, more)


def _in(disk: Disk, place: Path) -> list[Dump]:
    try:
        names = disk.names(place)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        return [Dump(place, DumpState.UNREADABLE, problem=in_words(error, "listing", _shown(place)))]
    if _holds(names):
        return [_dump(disk, place, names)]
    found = [dump for name in _newest(names) if (dump := _directory(disk, place / name))]
    return found or ([] if place.name == "crash" else _in(disk, place / "var/crash"))


def _directory(disk: Disk, path: Path) -> Dump | None:
    try:
        if not disk.status(path).directory:
            return None
        names = disk.names(path)
    except OSError as error:
        if not directory_time(path.name):
            return None
        problem = in_words(error, "listing", _shown(path))
        return Dump(
            path, DumpState.UNREADABLE, problem=problem, saved=directory_time(path.name), zoneless=True
        )
    if _holds(names):
        return _dump(disk, path, names)
    if directory_time(path.name):
        problem = "the directory holds neither a dump nor a log"
        return Dump(
            path, DumpState.UNREADABLE, problem=problem, saved=directory_time(path.name), zoneless=True
        )
    return None


def _dump(disk: Disk, directory: Path, names: tuple[str, ...]) -> Dump:
    core = next((name for name in (*VMCORES, *names) if name in names and _is_vmcore(name)), None)
    core = core or (names[0] if names and not _holds(names) else None)
    log = next((name for name in (*LOGS, *names) if name in names and _is_log(name)), None)
    dmesg = directory / log if log else None
    kexec = directory / "kexec-dmesg.log" if "kexec-dmesg.log" in names else None
    state, header, size, problem = DumpState.LOG_ONLY, None, 0, ""
    if core:
        state, header, size, problem = _judge(disk, directory / core)
    saved, zoneless = _saved(disk, directory, header, directory / core if core else dmesg)
    return Dump(
        directory=directory,
        state=state,
        vmcore=directory / core if core else None,
        dmesg=dmesg,
        kexec_dmesg=kexec,
        header=header,
        size=size,
        problem=problem,
        saved=saved,
        reason=_reason(disk, dmesg),
        zoneless=zoneless,
    )


def _judge(disk: Disk, path: Path) -> tuple[DumpState, DumpHeader | None, int, str]:
    """State, header, size and problem of a vmcore."""
    size = 0
    try:
        status = disk.status(path)
        size = status.size
        header = read_dump_header(path, disk)
        read = functools.partial(disk.read, path)
        extent = extent_of(read) if header else Extent()
        hollow = hole(extent, read)
        end = disk.read(path, max(0, size - len(FLAT_END)), len(FLAT_END))
    except OSError as error:
        return DumpState.UNREADABLE, None, size, in_words(error, "reading", _shown(path))
    partial = "incomplete" in path.name
    if partial and time.time() - status.changed < SETTLED:
        return DumpState.SAVING, header, size, "it was written to within the last minute"
    if not size:
        return DumpState.INCOMPLETE, None, 0, "the file is empty"
    if header is None:
        return (
            DumpState.UNREADABLE,
            None,
            size,
            f"{_shown(path)} is not a vmcore: it bears no known signature",
        )
    if size < (least := max(extent.size, header.minimum_size)):
        problem = f"cut short: {size} of at least {least} bytes are there"
        return DumpState.INCOMPLETE, header, size, problem
    if hollow is not None:
        return (
            DumpState.INCOMPLETE,
            header,
            size,
            f"never written to its end: nothing but zeros at byte {hollow}",
        )
    if not header.complete:
        return DumpState.INCOMPLETE, header, size, "the header says that saving did not finish"
    if partial:
        return DumpState.INCOMPLETE, header, size, "saving did not finish: kdump never renamed it"
    if header.format is DumpFormat.FLATTENED and end != FLAT_END:
        return (
            DumpState.INCOMPLETE,
            header,
            size,
            "cut short: the mark at the end of a flattened dump is missing",
        )
    if header.format is DumpFormat.FLATTENED:
        return DumpState.FLATTENED, header, size, ""
    return DumpState.COMPLETE, header, size, ""


def _log_only(disk: Disk, directory: Path, path: Path) -> Dump:
    saved, zoneless = _saved(disk, directory, None, path)
    reason = _reason(disk, path)
    return Dump(directory, DumpState.LOG_ONLY, dmesg=path, saved=saved, reason=reason, zoneless=zoneless)


def _reason(disk: Disk, path: Path | None) -> str:
    if path is None:
        return ""
    try:
        lines = to_lines(disk.read(path, 0, _LOG_LIMIT))
    except OSError:
        return ""
    fatal = fatal_lines(lines)
    return message(lines[fatal[0] - 1]).strip() if fatal else ""


def _saved(
    disk: Disk, directory: Path, header: DumpHeader | None, path: Path | None
) -> tuple[datetime | None, bool]:
    """When a dump was made, and whether that is in a zone that is not known."""
    if header and header.crash_time:
        return header.crash_time, False
    if stamp := directory_time(directory.name):
        return stamp, True
    with contextlib.suppress(OSError, OverflowError, ValueError):
        return (datetime.fromtimestamp(disk.status(path).changed, UTC) if path else None), False
    return None, False


def directory_time(name: str) -> datetime | None:
    """The time in a directory's name. It is the node's local time; taken as UTC it still puts them in order."""
    for pattern, form in _STAMPS:
        if match := pattern.search(name):
            with contextlib.suppress(ValueError):
                return datetime.strptime(match[1], form).replace(tzinfo=UTC)
    return None


def _newest(names: tuple[str, ...]) -> list[str]:
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(names, key=lambda name: (directory_time(name) or oldest, name), reverse=True)[:_MOST]


def _holds(names: Iterable[str]) -> bool:
    return any(_is_vmcore(name) or _is_log(name) for name in names)


def _is_vmcore(name: str) -> bool:
    return name in VMCORES or bool(re.fullmatch(r"dump\.\d{12,14}", name))


def _is_log(name: str) -> bool:
    return name in LOGS or bool(re.fullmatch(r"dmesg\.\d{12,14}", name))


def _names(disk: Disk, path: Path) -> tuple[str, ...]:
    try:
        return disk.names(path)
    except OSError:
        return ()


def _shown(path: Path) -> str:
    return visible(str(path))
