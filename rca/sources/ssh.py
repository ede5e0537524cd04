"""A node over ssh: its commands run there, its files are read there, nothing is installed there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parsers.host.kdumpconf import parse_kdump_conf
from parsers.text import to_lines, visible
from rca.evidence import Evidence
from rca.sources.answers import ask, disk_runner, read_by_programs
from rca.sources.base import Command, Dump, Probe, Where
from rca.sources.dumps import find_dumps
from rca.sources.link import Link, Target
from rca.sources.places import dump_places
from rca.sources.process import SEARCH_PATH
from rca.sources.runs import Runs
from rca.sources.tooldisk import ToolDisk


class SshSource:
    """Asks a node by the system's ssh. Changes nothing there."""

    where = Where.NODE

    def __init__(
        self, target: Target, *, sudo: bool = False, options: Sequence[str] = (), runs: Runs | None = None
    ) -> None:
        """Nothing is connected yet. `sudo` lets what only root may see be asked by ``sudo -n`` on the node.

        `runs` hears of the programs that are run beside those that a probe names.
        """
        runs = runs or Runs()
        self.link = Link(target, options, runs)
        self.name = f"node {visible(str(target))}"
        self._sudo = sudo and target.user != "root"
        self._heard = runs.heard(self.link.run, self.name)

    def collect(self, probe: Probe) -> Evidence:
        """Run the command, or read the file, on the node."""
        if isinstance(probe, Command):
            # Where sudo refuses, the command runs twice, and the evidence tells of the second time only.
            return ask(probe, self.name, self._heard if self._sudo else self.link.run, self._sudo)
        return read_by_programs(probe, self.name, self._heard, self._sudo)

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        """Look where the node's kdump.conf says; only headers and logs come over the line."""
        conf = parse_kdump_conf(kdump_conf.lines if kdump_conf and kdump_conf.ok else ())
        mounts = self._say("cat", "/proc/self/mounts")
        return find_dumps(dump_places(conf, mounts, self._real), self.disk())

    def disk(self) -> ToolDisk:
        """The node's files, seen anew."""
        return ToolDisk(disk_runner(self._heard, self._sudo))

    def which(self, program: str) -> str | None:
        """Where a program lies on the node."""
        argv = (
            "find",
            "-L",
            *(f"{folder}/{program}" for folder in SEARCH_PATH.split(":")),
            "-maxdepth",
            "0",
            "-perm",
            "/111",
        )
        return next(iter(self._say(*argv)), None)

    def exists(self, path: str) -> bool:
        """Whether a file is there and readable on the node."""
        return self._heard(Command("test", ("test", "-r", path))).status == 0

    def free_bytes(self, path: str) -> int | None:
        """Free space of the node's file system below the nearest directory that exists."""
        for place in (Path(path), *Path(path).parents):
            lines = self._say("df", "-B1", "--output=avail", "--", str(place))
            if len(lines) > 1 and lines[1].strip().isdigit():
                return int(lines[1])
        return None

    def close(self) -> None:
        """End the connection and all that runs over it."""
        self.link.close()

    def _real(self, path: str) -> str:
        return next(iter(self._say("readlink", "-f", "--", path)), path)

    def _say(self, *argv: str) -> tuple[str, ...]:
        return to_lines(self._heard(Command(argv[0], argv)).output)
