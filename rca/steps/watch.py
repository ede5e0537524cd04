"""Live badges: a cheap look now and then at what may change while somebody reads, and what to do about it.

`look` asks, `compare` judges two looks, `Watch` repeats both until it is stopped. Nothing here changes a fact: who
watches is told which probes to repeat, whether to look for dumps or for crash again, and one sentence for people.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rca.crash.locate import find_crash
from rca.sources.base import Source, Where
from rca.sources.disk import LOCAL, Disk, Status
from rca.sources.dumps import SETTLED
from rca.sources.places import USUAL
from rca.steps.base import Facts
from rca.steps.common import human
from rca.steps.kdump import LOADED, SIZE, STATUS

EVERY = 3.0
"""Seconds between two looks."""
_MOST = 20
"""Crash directories looked into."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found."""

    files: Mapping[Path, Status] = field(default_factory=dict)
    """Files in the crash directories."""
    settled: frozenset[Path] = frozenset()
    """Those of them that have not been written to for a while."""
    vmlinux: frozenset[Path] = frozenset()
    """Of the places where a vmlinux was looked for, those that have one."""
    crash: str = ""
    """Path of the crash program."""
    loaded: str = ""
    """``1`` with a capture kernel loaded; empty where that cannot be seen."""
    places: frozenset[Path] = frozenset()
    """Where a vmlinux was looked for: what is found in a place looked into for the first time has not arrived."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that changed."""

    sentence: str
    probes: tuple[str, ...] = ()
    """Ids of probes to carry out again."""
    dumps: bool = False
    """Whether dumps are to be looked for again."""
    crash: bool = False
    """Whether crash and vmlinux are to be looked for again."""


def look(source: Source, facts: Facts, now: Callable[[], float] = time.time) -> Seen:
    """Take one look. Never raises; what cannot be seen is left out."""
    disk = source.disk()
    if disk is None:
        return Seen()
    files = dict(_files(disk, facts))
    settled = frozenset(path for path, status in files.items() if now() - status.changed >= SETTLED)
    tools = (
        disk if source.where is Where.NODE else LOCAL
    )  # crash runs here on a folder's dump, there on a node's
    places = tuple(map(Path, facts.crash.vmlinux_searched))
    remote = disk is not LOCAL
    return Seen(
        files,
        settled,
        frozenset(place for place in places if _status(tools, place)),
        (source.which("crash") if remote else find_crash().path) or "",
        "".join(source.collect(LOADED).lines[:1]) if source.where is Where.NODE else "",
        places=frozenset(places),
    )


def compare(before: Seen, after: Seen) -> tuple[News, ...]:
    """What changed between two looks, each thing in a sentence."""
    news = [*_dumps(before, after)]
    news += [
        News(f"A vmlinux has arrived: {path}", crash=True)
        for path in sorted((after.vmlinux - before.vmlinux) & before.places)
    ]
    news += [
        News(f"A vmlinux is gone: {path}", crash=True) for path in sorted(before.vmlinux - after.vmlinux)
    ]
    if after.crash != before.crash:
        said = f"crash has been installed: {after.crash}" if after.crash else "The crash program is gone"
        news.append(News(said, crash=True))
    if after.loaded != before.loaded:
        said = "kdump has been armed" if after.loaded == "1" else "kdump is no longer armed"
        news.append(News(said, probes=(LOADED.id, SIZE.id, STATUS.id)))
    return tuple(news)


def _dumps(before: Seen, after: Seen) -> Iterable[News]:
    come, gone = after.files.keys() - before.files.keys(), before.files.keys() - after.files.keys()
    for path in sorted(come):
        old = path.with_name(f"{path.stem}-incomplete{path.suffix}")
        if old in gone:
            gone -= {old}
            yield News(f"{path} has been saved to its end: {human(after.files[path].size)}", dumps=True)
        else:
            yield News(f"{path} has appeared", dumps=True)
    for path in sorted(gone):
        yield News(f"{path} is gone", dumps=True)
    for path in sorted(after.files.keys() & before.files.keys()):
        if after.files[path].size != before.files[path].size:
            yield News(f"{path} has grown to {human(after.files[path].size)}", dumps=True)
        elif path in after.settled and path not in before.settled and "incomplete" in path.name:
            yield News(f"{path} no longer grows: saving has stopped", dumps=True)


class Watch:
    """Looks again and again, and tells what changed since the look before."""

    def __init__(
        self, take: Callable[[], Seen], tell: Callable[[News], None], wait: Callable[[float], bool]
    ) -> None:
        """`take` takes a look; `wait` lets some seconds pass and returns True to stop (``threading.Event.wait``)."""
        self._take = take
        self._tell = tell
        self._wait = wait

    def run(self, every: float = EVERY) -> None:
        """Watch until stopped. To be run in a thread of its own: a look may take its time."""
        before = self._take()
        while not self._wait(every):
            after = self._take()
            for news in compare(before, after):
                self._tell(news)
            before = after


def _files(disk: Disk, facts: Facts) -> Iterable[tuple[Path, Status]]:
    directories = {dump.directory for dump in facts.dumps or ()}
    parents = {directory.parent for directory in directories}
    for parent in parents | ({USUAL} if facts.where is Where.NODE else set()):
        directories |= {parent / name for name in _names(disk, parent)[-_MOST:]}
    for directory in sorted(directories):
        for name in _names(disk, directory):
            status = _status(disk, directory / name)
            if status and not status.directory:
                yield directory / name, status


def _names(disk: Disk, place: Path) -> tuple[str, ...]:
    try:
        return disk.names(place)
    except OSError:
        return ()


def _status(disk: Disk, path: Path) -> Status | None:
    try:
        return disk.status(path)
    except OSError:
        return None
