"""The machine that runs us, when it is the node that crashed."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from parsers.host.kdumpconf import KdumpConf, parse_kdump_conf
from parsers.text import to_lines, visible
from rca.evidence import Evidence, Kind
from rca.sources.base import Command, Dump, Probe, Where
from rca.sources.dumps import find_dumps
from rca.sources.files import is_readable, now, read_bytes, read_evidence
from rca.sources.process import Processes

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_KEPT = ("HOME", "KUBECONFIG", "USER", "LOGNAME")


def clean_environment(path: str = PATH) -> dict[str, str]:
    """What a program of ours sees: English, UTC, no pager, no colour, and nothing inherited that could steer it."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    fixed = {"PATH": path, "LC_ALL": "C", "TZ": "UTC", "TERM": "dumb", "NO_COLOR": "1"}
    return kept | fixed | {"PAGER": "cat", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0", "COLUMNS": "1000"}


class NodeSource:
    """Runs programs and reads files here. Changes nothing, never asks a shell."""

    where = Where.NODE

    def __init__(self, path: str = PATH, environment: Mapping[str, str] | None = None) -> None:
        """`path` is where programs are looked for."""
        self.name = f"this node ({visible(os.uname().nodename)})"
        self._path = path
        self._environment = clean_environment(path) | dict(environment or {})
        self._processes = Processes()

    def collect(self, probe: Probe) -> Evidence:
        """Run the command or read the file."""
        if not isinstance(probe, Command):
            return read_evidence(probe, tuple(Path(path) for path in probe.paths), self.name)
        started, clock = now(), time.monotonic()
        program = self.which(probe.argv[0])
        command = Command(probe.id, (program or probe.argv[0], *probe.argv[1:]), probe.timeout, probe.limit)
        outcome = self._processes.run(command, self._environment)
        return Evidence(
            id=probe.id,
            kind=Kind.COMMAND,
            what=visible(" ".join(probe.argv)),
            where=self.name,
            started=started,
            lines=to_lines(outcome.output),
            seconds=time.monotonic() - clock,
            exit_status=outcome.status,
            problem=visible(outcome.problem),
            truncated=outcome.truncated,
        )

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        """Look where kdump.conf says, and in /var/crash in any case: dumps from before a change lie there."""
        conf = parse_kdump_conf(kdump_conf.lines if kdump_conf and kdump_conf.ok else ())
        places = [Path("/var/crash")]
        if (place := _saved_in(conf)) and place not in places:
            places.insert(0, place)
        return find_dumps(places)

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

    def close(self) -> None:
        """Kill what still runs."""
        self._processes.close()


def _saved_in(conf: KdumpConf) -> Path | None:
    """The directory that a configuration means, seen from the running system; None where it is not mounted."""
    if conf.kind == "local":
        return Path(conf.path)
    if conf.kind == "raw":
        return Path("/var/crash")
    if conf.kind not in ("fs", "nfs"):
        return None
    device = conf.target
    if match := re.match(r"(UUID|LABEL|PARTUUID|PARTLABEL)=(.+)", device):
        device = f"/dev/disk/by-{match[1].lower()}/{match[2]}"
    wanted = {device, os.path.realpath(device)} if device.startswith("/dev/") else {device.rstrip("/")}
    try:
        mounts = to_lines(read_bytes(Path("/proc/self/mounts"), 1 << 20)[0])
    except OSError:
        return None
    for line in mounts:
        fields = line.split(" ")
        if len(fields) > 1 and (fields[0] in wanted or fields[0].rstrip("/") in wanted):
            root = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
            return Path(root) / conf.path.lstrip("/")
    return None
