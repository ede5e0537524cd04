"""The kernel log inside a vmcore beside which no vmcore-dmesg.txt lies, taken out without debuginfo."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from rca.evidence import Evidence
from rca.sources.base import Command, Dump, File, Source
from rca.sources.node import NodeSource
from rca.sources.recording import RecordingSource
from rca.sources.runs import Runs, of_evidence
from rca.sources.ssh import SshSource

ID = "vmcore-dmesg"
_PATIENCE = 120.0
_LARGEST = 64 << 20


def own_log(dump: Dump, source: Source, runs: Runs) -> Evidence | None:
    """The kernel log from the vmcore itself, where no log lies beside it and the vmcore lies on this machine.

    `runs` hears of both programs; the evidence tells of the one whose answer was taken.
    """
    if dump.dmesg or not dump.vmcore or isinstance(source, SshSource | RecordingSource):
        return None
    return _log_of(dump.vmcore, runs)


def _log_of(vmcore: Path, runs: Runs) -> Evidence:
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
    runs.note(of_evidence(first))
    if log.lines:
        return replace(first, lines=log.lines, problem=log.problem, truncated=log.truncated)
    second = tools.collect(Command(ID, ("crash", "--log", str(vmcore)), timeout=_PATIENCE, limit=_LARGEST))
    runs.note(of_evidence(second))
    if second.ok and second.exit_status == 0 and second.lines:
        return second
    answers = [item.problem or (item.lines[-1].strip() if item.lines else "") for item in (first, second)]
    problem = "; ".join(filter(None, answers)) or "it holds no kernel log"
    return replace(first, lines=(), exit_status=None, problem=problem)
