"""The machine that runs us, when it is the node that crashed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from parsers.host.kdumpconf import parse_kdump_conf
from parsers.text import to_lines, visible
from rca.evidence import Evidence
from rca.settings import settings
from rca.sources.answers import ask, disk_runner, read_by_programs
from rca.sources.base import Command, Dump, Probe, Where
from rca.sources.disk import LOCAL, Disk
from rca.sources.dumps import find_dumps
from rca.sources.files import DENIED, is_readable, read_bytes, read_evidence
from rca.sources.places import dump_places
from rca.sources.process import SEARCH_PATH, Outcome, Processes
from rca.sources.runs import Runs
from rca.sources.tooldisk import ToolDisk

_KEPT = ("HOME", "KUBECONFIG", "USER", "LOGNAME")


def clean_environment(path: str = SEARCH_PATH) -> dict[str, str]:
    """What a program of ours sees: English, UTC, no pager, no colour, and nothing inherited that could steer it."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if (kubeconfig := settings().kubeconfig) and "KUBECONFIG" not in kept:
        kept["KUBECONFIG"] = str(kubeconfig)
    fixed = {"PATH": path, "LC_ALL": "C", "TZ": "UTC", "TERM": "dumb", "NO_COLOR": "1"}
    return kept | fixed | {"PAGER": "cat", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0", "COLUMNS": "1000"}


class NodeSource:
    """Runs programs and reads files here. Changes nothing, never asks a shell."""

    where = Where.NODE

    def __init__(
        self,
        path: str = SEARCH_PATH,
        environment: Mapping[str, str] | None = None,
        *,
        sudo: bool = False,
        runs: Runs | None = None,
    ) -> None:
        """`path` is where programs are looked for; `sudo` lets what only root may see be asked by ``sudo -n``.

        `runs` hears of the programs that are run beside those that a probe names.
        """
        self.name = f"this node ({visible(os.uname().nodename)})"
        self._path = path
        self._environment = clean_environment(path) | dict(environment or {})
        self._processes = Processes()
        self._sudo = sudo and os.geteuid() != 0
        self._heard = (runs or Runs()).heard(self._run, self.name)

    def collect(self, probe: Probe) -> Evidence:
        """Run the command or read the file."""
        if isinstance(probe, Command):
            # Where sudo refuses, the command runs twice, and the evidence tells of the second time only.
            return ask(probe, self.name, self._heard if self._sudo else self._run, self._sudo)
        found = read_evidence(probe, tuple(Path(path) for path in probe.paths), self.name)
        if self._sudo and found.problem.startswith(DENIED):
            return read_by_programs(probe, self.name, self._heard, True)
        return found

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        """Look where kdump.conf says, and in /var/crash in any case: dumps from before a change lie there."""
        places = self._places(kdump_conf)
        found = find_dumps(places)
        if self._sudo and any(dump.problem.startswith(DENIED) for dump in found):
            return find_dumps(places, ToolDisk(disk_runner(self._heard, True)))
        return found

    def _places(self, kdump_conf: Evidence | None) -> tuple[Path, ...]:
        conf = parse_kdump_conf(kdump_conf.lines if kdump_conf and kdump_conf.ok else ())
        try:
            mounts = to_lines(read_bytes(Path("/proc/self/mounts"), 1 << 20)[0])
        except OSError:
            mounts = ()
        return dump_places(conf, mounts, os.path.realpath)

    def _run(self, command: Command) -> Outcome:
        program = self.which(command.argv[0])
        argv = (program or command.argv[0], *command.argv[1:])
        return self._processes.run(replace(command, argv=argv), self._environment)

    def which(self, program: str) -> str | None:
        """Where a program lies on the search path."""
        return shutil.which(program, path=self._path)

    def exists(self, path: str) -> bool:
        """Whether a file is there and readable."""
        return is_readable(Path(path))

    def free_bytes(self, path: str) -> int | None:
        """Free space for unprivileged use below the nearest directory that exists."""
        place = Path(path)
        while not place.exists() and place != place.parent:
            place = place.parent
        try:
            return shutil.disk_usage(place).free
        except OSError:
            return None

    def disk(self) -> Disk:
        """The files as they are now."""
        return LOCAL

    def close(self) -> None:
        """Kill what still runs."""
        self._processes.close()
