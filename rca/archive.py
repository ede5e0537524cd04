"""Putting a dump and its case away: copied with checksums, the copy read back, and only then may the original go."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from rca.private import make_private_dir, write_private
from rca.sources.base import Command
from rca.sources.link import Link

SUMS = "SHA256SUMS"
"""Name of the list of checksums in an archive, in the form of ``sha256sum --check``."""
_CHUNK = 4 << 20
_SLOW = 24 * 3600.0


class ArchiveError(Exception):
    """It could not be put away; the text is one sentence. The original is untouched."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What was put away and read back."""

    place: str
    """The directory in which it lies now."""
    files: tuple[tuple[Path, str], ...]
    """Each original with its SHA-256, that of the copy being the same."""
    size: int
    """Bytes in all."""


class Depot(Protocol):
    """Where an archive goes. Methods raise OSError."""

    @property
    def name(self) -> str:
        """For people."""

    def make(self, directory: PurePosixPath) -> None:
        """Make a directory that is not there yet, private to its owner."""

    def put(self, original: Path, name: PurePosixPath) -> None:
        """Copy a file to the depot's disk, not only into its cache."""

    def digest(self, name: PurePosixPath) -> str:
        """SHA-256 of a file as the depot has it now."""


class LocalDepot:
    """A directory of this machine: a file server's, a disk's."""

    def __init__(self, root: Path) -> None:
        """`root` must exist: one that does not is most likely not mounted."""
        if not root.is_dir():
            raise ArchiveError(f"{root} is no directory; is it mounted?")
        self._root = root.absolute()
        self.name = str(self._root)

    def make(self, directory: PurePosixPath) -> None:
        """Make a directory, 0700."""
        place = self._root / directory
        make_private_dir(place.parent)
        place.mkdir(mode=0o700)

    def put(self, original: Path, name: PurePosixPath) -> None:
        """Copy a file, 0600, to the disk itself."""
        handle = os.open(self._root / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file, original.open("rb") as source:
            shutil.copyfileobj(source, file, _CHUNK)
            file.flush()
            os.fsync(file.fileno())
            os.posix_fadvise(
                file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED
            )  # so that it is read back from the disk

    def digest(self, name: PurePosixPath) -> str:
        """SHA-256 of what was written."""
        return digest(self._root / name)


class SshDepot:
    """A directory of another machine, over the system's ssh."""

    def __init__(self, link: Link, root: PurePosixPath) -> None:
        """`root` must exist there."""
        self._link = link
        self._root = root
        self.name = f"{link.target}{root}"

    def make(self, directory: PurePosixPath) -> None:
        """Make a directory, 0700."""
        self._run("test", "-d", str(self._root))
        self._run("mkdir", "-m", "0700", "--", str(self._root / directory))

    def put(self, original: Path, name: PurePosixPath) -> None:
        """Copy a file; `dd` writes it to that machine's disk before it ends."""
        with original.open("rb") as file:
            self._run("dd", f"of={self._root / name}", "bs=1M", "conv=excl,fsync", "status=none", given=file)

    def digest(self, name: PurePosixPath) -> str:
        """SHA-256, reckoned there."""
        return self._run("sha256sum", "--", str(self._root / name)).split()[0].removeprefix("\\")

    def _run(self, *argv: str, given: BinaryIO | None = None) -> str:
        heard = self._link.runs.heard(partial(self._link.run, given=given), str(self._link.target))
        done = heard(Command(argv[0], argv, timeout=_SLOW))
        if done.problem or done.status:
            said = done.errors.decode("utf-8", "replace").strip()
            raise OSError(done.problem or said or f"{argv[0]} exited {done.status}")
        return done.output.decode("utf-8", "replace")


def archive(folders: Sequence[tuple[str, Path]], depot: Depot, name: str, scratch: Path) -> Archived:
    """Copy folders (each under its own name) into a new directory `name` of the depot and read every copy back.

    The list of checksums is made in `scratch` and put beside them. Raises ArchiveError; what was copied by then stays
    where it is, without a list of checksums.
    """
    files: list[tuple[Path, str]] = []
    size = 0
    listed = []
    try:
        depot.make(PurePosixPath(name))
        for label, folder in folders:
            for directory, originals in _tree(folder):
                below = PurePosixPath(label, directory.relative_to(folder))
                depot.make(name / below)
                for original in originals:
                    place = below / original.name
                    depot.put(original, name / place)
                    ours = digest(original)
                    if depot.digest(name / place) != ours:
                        raise ArchiveError(f"The copy of {original} is not the same; it stays where it is.")
                    files.append((original, ours))
                    size += original.stat().st_size
                    listed.append(f"{ours}  {place}\n")
        write_private(scratch / SUMS, "".join(listed))
        depot.put(scratch / SUMS, PurePosixPath(name, SUMS))
    except FileExistsError as error:
        raise ArchiveError(f"{depot.name}/{name} exists already.") from error
    except OSError as error:
        raise ArchiveError(f"{depot.name}: {error.strerror or error}.") from error
    return Archived(f"{depot.name}/{name}", tuple(files), size)


def remove(archived: Archived, folder: Path) -> None:
    """Remove the originals below a folder, and the folder, once their copies were read back.

    Raises ArchiveError where one has changed since, or something there was not copied: a link, a file that came later.
    Call it only after a person's yes.
    """
    own = {path: known for path, known in archived.files if path.is_relative_to(folder)}
    try:
        directories = []
        for directory, inside, names in _walk(folder):
            directories.append(directory)
            links = (name for name in inside if (directory / name).is_symlink())
            for path in map(directory.joinpath, (*names, *links)):
                if path not in own:
                    raise ArchiveError(f"{path} was not copied; nothing was removed.")
        for path, known in own.items():
            if digest(path) != known:
                raise ArchiveError(f"{path} has changed since it was copied; nothing was removed.")
        for path in own:
            path.unlink()
        for directory in reversed(directories):
            directory.rmdir()
    except OSError as error:
        raise ArchiveError(f"{error.filename or folder}: {error.strerror or error}.") from error


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tree(folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Directories below a folder, from the top, each with its regular files; links are left out."""
    for here, _, names in _walk(folder):
        yield (
            here,
            [path for name in sorted(names) if (path := here / name).is_file() and not path.is_symlink()],
        )


def _walk(folder: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """`os.walk`, but a directory that cannot be read is not taken for an empty one. Raises OSError."""

    def refuse(error: OSError) -> None:
        raise error

    for directory, directories, names in os.walk(folder, onerror=refuse):
        yield Path(directory), directories, names
