"""The kernel log inside a vmcore beside which no vmcore-dmesg.txt lies, taken out without debuginfo."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from rca.evidence import Evidence
from rca.sources.base import Command, Dump, File, Source
from rca.sources.node import NodeSource
from rca.sources.recording import RecordingSource
from rca.sources.ssh import SshSource

ID = "vmcore-dmesg"
_PATIENCE = 120.0
_LARGEST = 64 << 20


def own_log(dump: Dump, source: Source) -> Evidence | None:
    """The kernel log from the vmcore itself, where no log lies beside it and the vmcore lies on this machine."""
    if dump.dmesg or not dump.vmcore or isinstance(source, SshSource | RecordingSource):
        return None
    return _log_of(dump.vmcore)


def _log_of(vmcore: Path) -> Evidence:
    """Ask makedumpfile, which every machine with kdump has, and then ``crash --log``; both run on this machine.

    Returns the log as evidence of id ``vmcore-dmesg``; without lines, and with both answers as its problem, where
    neither could. crash 8.0 finds no log in dumps of kernels since 5.10 without symbols (seen with 8.0.2 on 6.1).
    """
    tools = NodeSource()
    with tempfile.TemporaryDirectory(prefix="panicdesk.") as folder:
        out = str(Path(folder) / "log")
        first = tools.collect(
            Command(ID, ("makedumpfile", "--dump-dmesg", str(vmcore), out), timeout=_PATIENCE)
        )
        log = tools.collect(File(ID, (out,), limit=_LARGEST))
    if log.lines:
        return replace(log, kind=first.kind, what=first.what, started=first.started, seconds=first.seconds)
    second = tools.collect(Command(ID, ("crash", "--log", str(vmcore)), timeout=_PATIENCE, limit=_LARGEST))
    if second.ok and second.exit_status == 0 and second.lines:
        return second
    answers = [item.problem or (item.lines[-1].strip() if item.lines else "") for item in (first, second)]
    problem = "; ".join(filter(None, answers)) or "it holds no kernel log"
    return replace(first, lines=(), exit_status=None, problem=problem)
