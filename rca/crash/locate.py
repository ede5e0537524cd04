"""Where crash lies, and the vmlinux of the crashed kernel; and whether that vmlinux is really its own.

crash itself only warns when the vmlinux was built apart from the dumped kernel, and then answers wrongly. So the
release, the build string and the build id are compared here, before it is started.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parsers.dumpheader import DumpHeader
from parsers.elf import Elf, ElfError, read_elf
from rca.sources.disk import LOCAL, Disk
from rca.sources.process import SEARCH_PATH

_PLACES = (
    "usr/lib/debug/lib/modules/{release}/vmlinux",  # EL, Fedora, SUSE; some Debian packages
    "usr/lib/debug/boot/vmlinux-{release}",  # Debian, Ubuntu
    "usr/lib/debug/vmlinux-{release}",  # older Debian
    "usr/lib/debug/boot/vmlinux-{release}.debug",
    "usr/lib/debug/usr/lib/modules/{release}/vmlinux",
    "lib/modules/{release}/build/vmlinux",  # a kernel built here
    "boot/vmlinux-{release}",
)
_RELEASE = re.compile(r"[\w.+~-]+\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Located:
    """A program or a vmlinux, or why there is none that will do."""

    path: str | None
    problem: str = ""
    """One sentence; empty when `path` may be used."""
    searched: tuple[str, ...] = ()
    """Every place that was looked at, in order."""

    @property
    def ok(self) -> bool:
        """Whether it is there and will do."""
        return self.path is not None and not self.problem


def find_crash(given: str = "", path: str = SEARCH_PATH) -> Located:
    """The crash program: the one given, else the first in the system's own directories (never the user's PATH)."""
    places = (given,) if given else tuple(f"{folder}/crash" for folder in path.split(":"))
    found = shutil.which(given or "crash", path=path)
    if found:
        return Located(found, "", places)
    return Located(None, f"{given} cannot be run." if given else "crash is not installed.", places)


def find_vmlinux(
    header: DumpHeader | None,
    release: str = "",
    *,
    vmcore: Path | None = None,
    given: Path | None = None,
    root: Path = Path("/"),
    disk: Disk = LOCAL,
) -> Located:
    """The vmlinux with debugging information of the crashed kernel.

    `release` defaults to the header's. A vmlinux `given` by the user is the only one looked at. Where several lie
    about, the first that matches is taken; where none does, the first one's problem is told. `disk` is the machine on
    which crash will run.
    """
    release = release or (header.release if header else "")
    if given is None and not _RELEASE.match(release):
        return Located(
            None, "The release of the crashed kernel is not known, so its vmlinux cannot be looked for."
        )
    places = (given,) if given else tuple(_places(release, vmcore, root))
    worst: Located | None = None
    for place in places:
        if given is None and not _is_there(disk, place):
            continue
        problem = check_vmlinux(place, header, release, disk)
        if not problem:
            return Located(str(place), "", _names(places))
        worst = worst or Located(str(place), problem, _names(places))
    if worst:
        return worst
    return Located(None, f"No vmlinux of {release} was found.", _names(places))


def check_vmlinux(path: Path, header: DumpHeader | None, release: str = "", disk: Disk = LOCAL) -> str:
    """Say why this vmlinux will not do for the dump; empty when it will."""
    try:
        if disk.status(path).directory:
            return f"{path} is not a file."
        elf = read_elf(lambda offset, size: disk.read(path, offset, size))
    except FileNotFoundError:
        return f"{path} is not there."
    except ElfError as error:
        return f"{path}: {error}"
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."
    return _unfit(path, elf, header, release or (header.release if header else ""))


def _is_there(disk: Disk, path: Path) -> bool:
    try:
        disk.status(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # and what keeps it from being read is told
    return True


def _unfit(path: Path, elf: Elf, header: DumpHeader | None, release: str) -> str:
    if elf.only_debug_info:
        return f"{path} is a separate debuginfo file without code; crash needs the whole vmlinux."
    if not elf.has_debug_info:
        return f"{path} carries no debugging information."
    if not elf.banner:
        return f"{path} names no Linux version, so it cannot be compared with the dump."
    built = elf.banner.split()[2]
    if release and built != release:
        return f"{path} was built for another kernel: {built}, but {release} crashed."
    if header is None:
        return ""
    if header.build_id and elf.build_id and header.build_id != elf.build_id:
        ours, theirs = elf.build_id[:12], header.build_id[:12]
        return f"{path} is another build of {built}: build id {ours}…, the dump has {theirs}…."
    if header.version and header.version not in elf.banner:
        return f"{path} is another build of {built}: {_build(elf.banner)}, the dump has {header.version}."
    return ""


def _build(banner: str) -> str:
    """The build string of a banner: from its last ``#`` on."""
    return banner[banner.rfind("#") :]


def _places(release: str, vmcore: Path | None, root: Path) -> Iterator[Path]:
    if vmcore is not None:
        yield vmcore.parent / "vmlinux"
        yield vmcore.parent / f"vmlinux-{release}"
    for place in _PLACES:
        yield root / place.format(release=release)


def _names(places: tuple[Path, ...]) -> tuple[str, ...]:
    return tuple(str(place) for place in places)
