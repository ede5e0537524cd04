"""What the doctor asks of this machine. Reads only; a command that hangs costs its own answer."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parsers.host.osrelease import parse_os_release
from rca.crash.drgn.engine import find_drgn
from rca.crash.locate import Located, find_crash, find_vmlinux
from rca.evidence import Evidence
from rca.lab import missing
from rca.private import state_dir
from rca.settings import settings
from rca.sources.base import KDUMP_CONF, Where
from rca.sources.node import NodeSource
from rca.steps import baseline, kdump
from rca.steps.base import Facts
from rca.steps.common import lines_of, value_of
from rca.steps.runner import ProbeRunner
from rca.verdict import Verdict

PROGRAMS = ("kubectl", "ssh", "drgn")
"""Looked for beside crash itself."""
PATIENCE = 15.0
"""Seconds for all answers together."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The answers."""

    system: str = ""
    """os-release's ID: ``rocky``; empty when unknown."""
    title: str = ""
    release: str = ""
    """The running kernel's."""
    crash: Located | None = None
    vmlinux: Located | None = None
    """That of the running kernel: a dump of another one needs another."""
    kdump: Verdict | None = None
    """What step 2 says."""
    dumps: int = 0
    programs: Mapping[str, str] = field(default_factory=dict)
    """Those of `PROGRAMS` that are there → path."""
    kubeconfig: str = ""
    """The one that kubectl would use; empty where there is none."""
    lab_lacks: tuple[str, ...] = ()
    """What the panic lab lacks, one phrase each with the package that brings it."""
    root: bool = False
    state: Path = Path()
    """Where cases are kept."""
    writable: bool = False


def look() -> Machine:
    """Ask this machine."""
    source = NodeSource()
    evidence: dict[str, Evidence] = {}

    def keep(item: Evidence) -> None:
        evidence[item.id] = item

    runner = ProbeRunner(source, keep)
    try:
        runner.request((KDUMP_CONF, *baseline.probes(Facts(Where.NODE, source.name))))
        known: set[str] | None = None
        while known != set(evidence):  # what was answered decides what else is asked
            known = set(evidence)
            runner.request(kdump.probes(Facts(Where.NODE, source.name, evidence)))
            runner.wait(PATIENCE)
        dumps = source.dumps(evidence.get(KDUMP_CONF.id))
        facts = Facts(Where.NODE, source.name, dict(evidence), dumps)
        found = {name: path for name in PROGRAMS if (path := source.which(name))}
        if beside := find_drgn():  # where pip put it, beside this Python
            found["drgn"] = beside
    finally:
        runner.close()
    release = value_of(facts, "uname-r")
    system = parse_os_release(lines_of(facts, "os-release"))
    return Machine(
        system=system.id,
        title=system.title,
        release=release,
        crash=find_crash(),
        vmlinux=find_vmlinux(None, release),
        kdump=kdump.judge(facts),
        dumps=len(dumps),
        programs=found,
        kubeconfig=_kubeconfig(),
        lab_lacks=tuple(missing()),
        root=os.geteuid() == 0,
        state=state_dir(),
        writable=_takes_files(state_dir()),
    )


def _kubeconfig() -> str:
    named = os.environ.get("KUBECONFIG") or str(settings().kubeconfig or "")
    if named:
        return named
    try:
        usual = Path.home() / ".kube" / "config"
    except RuntimeError:
        return ""
    return str(usual) if usual.is_file() else ""


def _takes_files(directory: Path) -> bool:
    """Whether a file can be written where this directory is, or would be made."""
    while not directory.exists() and directory != directory.parent:
        directory = directory.parent
    try:
        with tempfile.TemporaryFile(dir=directory):
            return True
    except OSError:
        return False
