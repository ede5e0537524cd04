"""A crash directory from elsewhere. What it does not hold is said to be missing, never read from this machine."""

from __future__ import annotations

from pathlib import Path

from parsers.text import visible
from rca.evidence import Evidence, Kind, now
from rca.sources.base import NOT_HELD, Command, Dump, Probe, Where
from rca.sources.disk import LOCAL, Disk
from rca.sources.dumps import Found, find_below, find_dumps, lone_file
from rca.sources.files import read_evidence


class FolderSource:
    """A crash directory, a directory of several, a vmcore, or a kernel log."""

    where = Where.FOLDER

    def __init__(self, path: Path) -> None:
        """Take a path as it was given; nothing is read yet."""
        self.path = path.absolute()
        self.name = f"folder {visible(str(path))}"
        self._found: Found | None = None

    def collect(self, probe: Probe) -> Evidence:
        """Read a file of the folder; a command has no answer here."""
        if isinstance(probe, Command):
            return self._lacks(probe, " ".join(probe.argv))
        inside = tuple(place for path in probe.paths if (place := self._inside(path)))
        if not inside:
            return self._lacks(probe, probe.paths[0] if probe.paths else probe.id)
        return read_evidence(probe, inside, self.name)

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        """Find the dumps in it, anew; where some node saves its own says nothing about this folder."""
        self._found = None
        return self._dumps()

    def which(self, program: str) -> str | None:
        """A folder has no programs."""
        return None

    def exists(self, path: str) -> bool:
        """Whether the folder itself holds it."""
        return self._inside(path) is not None

    def free_bytes(self, path: str) -> int | None:
        """Has no meaning here."""
        return None

    def disk(self) -> Disk:
        """The files as they are now."""
        return LOCAL

    def close(self) -> None:
        """Nothing runs."""

    def _dumps(self) -> Found:
        if self._found is None:
            if self._is_directory():
                self._found = find_dumps([self.path]) or find_below(self.path)
            else:
                self._found = lone_file(self.path)
        return self._found

    def _is_directory(self) -> bool:
        try:
            return self.path.is_dir()
        except OSError:
            return False

    def _inside(self, path: str) -> Path | None:
        """The file that is meant: one of a dump found here, or a node's path below this folder as its root."""
        for dump in self._dumps():
            for own in (dump.dmesg, dump.kexec_dmesg, dump.vmcore):
                if own is not None and str(own) == path:
                    return own
        root = self.path
        if not self._is_directory() or root.resolve() == Path("/"):
            return None
        try:
            place = root / path.lstrip("/")
            if place.is_file() and place.resolve().is_relative_to(root.resolve()):
                return place
        except (OSError, ValueError):
            return None
        return None

    def _lacks(self, probe: Probe, what: str) -> Evidence:
        kind = Kind.COMMAND if isinstance(probe, Command) else Kind.FILE
        return Evidence(probe.id, kind, visible(what), self.name, now(), problem=f"{self.name} {NOT_HELD}")
