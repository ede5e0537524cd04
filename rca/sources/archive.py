"""A tar archive of a sosreport, a crash directory or a case: unpacked once, in private, as far as it is wanted."""

from __future__ import annotations

import contextlib
import lzma
import os
import shutil
import tarfile
import tempfile
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from parsers.text import visible
from rca.evidence import Evidence, now
from rca.private import make_private_dir, state_dir
from rca.sources.base import Dump, DumpState, Probe, Source, Where
from rca.sources.folder import FolderSource
from rca.sources.kinds import COMMANDS, is_sosreport
from rca.sources.sosreport import SosSource, is_wanted

_MOST = 8 << 30
"""Bytes unpacked in all; a report with a vmcore in it comes near."""
_MEMBERS = 500_000
DAMAGED = (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError)
"""What a broken archive raises."""


def first_member(path: Path) -> str:
    """The name of an archive's first file, empty where there is none. Raises one of DAMAGED."""
    with tarfile.open(path, "r:*") as archive:
        return next((member.name for member in archive if member.isreg()), "")


def unpack(path: Path, into: Path, wanted: Callable[[str], bool] = lambda _: True) -> str:
    """Write an archive's regular files below `into`, without the one directory that most have on top of all.

    `wanted` is asked with each member's path below that directory. Links, devices and paths that lead outside are left
    out; owners and modes are ours. Returns what was wrong with it, or nothing; what could be read stays.
    """
    links: dict[Path, str] = {}
    try:
        with tarfile.open(path, "r:*") as archive:
            return _unpack(archive, path.name, into, wanted, links)
    except DAMAGED as error:
        return f"{path.name} is damaged or no archive: {error}"
    finally:
        _lay(links, into)


def _unpack(
    archive: tarfile.TarFile, title: str, into: Path, wanted: Callable[[str], bool], links: dict[Path, str]
) -> str:
    """Write the files and note the links, so that nothing is ever written through one."""
    left = min(_MOST, shutil.disk_usage(into).free // 2)
    for number, member in enumerate(archive):
        if number > _MEMBERS:
            return f"{title} holds more than {_MEMBERS} members"
        name = _below_top(member.name)
        if name is None or not (member.isreg() or member.issym()) or not wanted(str(name)):
            continue
        if member.issym():
            links[into / name] = member.linkname
        elif (left := left - member.size) < 0:
            return f"{title} does not fit on this disk"
        else:
            _write(archive, member, into / name)
    while archive.fileobj and archive.fileobj.read(1 << 20):
        pass  # tarfile stops where a header is garbage: only at its end does a compressed file say that it is whole
    return ""


def _below_top(name: str) -> PurePosixPath | None:
    parts = PurePosixPath(name).parts
    if any(part in ("..", "/") for part in parts):
        return None
    return PurePosixPath(*(parts[1:] or parts))


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    make_private_dir(place.parent)
    source = archive.extractfile(member)
    if source is None:
        return
    with os.fdopen(
        os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb"
    ) as file:
        shutil.copyfileobj(source, file, 1 << 20)
    os.utime(place, (member.mtime, member.mtime))


def _lay(links: Mapping[Path, str], root: Path) -> None:
    """Links as sos makes them (etc/os-release → ../usr/lib/os-release); those that lead outside are left out.

    Where a link leads depends on the others, so they are judged when all are there.
    """
    laid = []
    for place, target in links.items():
        with contextlib.suppress(OSError):
            make_private_dir(place.parent).joinpath(place.name).symlink_to(target)
            laid.append(place)
    for place in laid:
        if PurePosixPath(links[place]).is_absolute() or not _leads_inside(place, root):
            place.unlink()


def _leads_inside(place: Path, root: Path) -> bool:
    try:
        return place.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


class ArchiveSource:
    """A report or a crash directory in a tar archive. Unpacked by the first question; gone after `close`."""

    where = Where.FOLDER

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self.path = path
        self.name = f"archive {visible(str(path))}"
        self._lock = threading.Lock()
        self._place: Path | None = None
        self._inside: Source | None = None
        self._problem = ""

    def collect(self, probe: Probe) -> Evidence:
        """What the report or the directory inside answers, its files named as they are in there."""
        found = self._open().collect(probe)
        return replace(found, what=found.what.replace(str(self._place), "", 1))

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        """The dumps and logs inside, after what was wrong with the archive itself."""
        found = self._open().dumps(kdump_conf)
        if not self._problem:
            return found
        return (*found, Dump(self.path, DumpState.UNREADABLE, problem=self._problem, saved=now()))

    def which(self, program: str) -> str | None:
        """An archive has no programs to run."""
        return None

    def exists(self, path: str) -> bool:
        """Whether the archive holds it."""
        return self._open().exists(path)

    def free_bytes(self, path: str) -> int | None:
        """Has no meaning here."""
        return None

    def disk(self) -> None:
        """Nothing changes here."""
        return

    def close(self) -> None:
        """Remove what was unpacked."""
        with self._lock:
            if self._place:
                shutil.rmtree(self._place, ignore_errors=True)

    def _open(self) -> Source:
        with self._lock:
            if self._inside is None:
                self._place = Path(tempfile.mkdtemp(prefix="unpacked-", dir=make_private_dir(state_dir())))
                self._problem = unpack(self.path, self._place, _of_use)
                report = is_sosreport(self._place)
                self._inside = SosSource(self._place, str(self.path)) if report else FolderSource(self._place)
            return self._inside


def _of_use(member: str) -> bool:
    """A report is thousands of files; of anything else all that is not too deep."""
    if member.startswith((f"{COMMANDS}/", "etc/", "proc/", "sys/", "usr/", "var/")):
        return is_wanted(member)
    return member.count("/") < 3 and not member.startswith(("sos_", "boot/", "run/", "lib/", "dev/"))
