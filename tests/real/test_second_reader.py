"""drgn on real dumps: beside the real crash, and in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rca import lab
from rca.case import Case, new_subject
from rca.crash.base import MANDATORY, SessionState
from rca.crash.drgn.engine import CRASH_LIKE, find_drgn
from rca.crash.locate import find_vmlinux
from rca.crash.transcript import Transcript
from rca.sessions import begin_live
from rca.sources.base import Dump, DumpState, Where
from rca.sources.dumps import read_dump_header
from rca.steps.base import CrashFacts, Facts
from tests.rca.crash.standin import Recorder
from tests.real.test_live import report

pytestmark = pytest.mark.real


def test_the_two_are_compared_on_a_hung_task(panics: dict[str, lab.Panic], tmp_path: Path) -> None:
    """crash 8.0.2 counts three tasks of this kernel and sees nobody in D state; drgn sees who hangs, and on whom."""
    found = json.loads(report(panics["hung-task"].directory, tmp_path, "--format", "json").stdout)
    steps = {step["number"]: step for step in found["steps"]}
    assert steps[5]["verdict"] == steps[6]["verdict"] == "WARN"
    (directory,) = (tmp_path / "cases").iterdir()
    case = Case.load(directory)
    check = case.evidence["cross-check"].text
    assert "same: crashed task" in check and "same: backtrace" in check
    assert "differs: tasks in D state: crash says none, drgn says drbd_w_r0:" in check
    waits = json.loads(case.evidence["drgn"].text)["waits"]
    assert [(row["command"], row["owner"]["command"]) for row in waits] == [("drbd_w_r0", "drbd_r_r0")]
    for citation in case.verdicts[6].citations:
        assert case.evidence[citation.evidence].cite(citation.line) == citation


def test_drgn_crash_serves_where_crash_is_missing(panics: dict[str, lab.Panic], tmp_path: Path) -> None:
    died = panics["hung-task"]
    header = read_dump_header(died.vmcore)
    stand_in = find_drgn(CRASH_LIKE)
    assert stand_in, "drgn is older than 0.1"
    crash = CrashFacts(None, find_vmlinux(header, vmcore=died.vmcore).path, stand_in=stand_in)
    dump = Dump(died.directory, DumpState.COMPLETE, died.vmcore, died.dmesg, None, header)
    facts = Facts(Where.FOLDER, "the lab", dump=dump, crash=crash)
    case = Case.create(tmp_path / "case", new_subject("folder", str(died.directory), "the lab"))
    listener = Recorder()
    session = begin_live(facts, case, Transcript(), listener)
    assert session
    session.start()
    try:
        assert "safe mode refuses" in session.submit("drgn")
        assert [session.submit(command) for command in (*MANDATORY, "foreach UN bt")] == [""] * 8
        given = {command: listener.evidence(command) for command in (*MANDATORY, "foreach UN bt")}
    finally:
        session.close()
    assert [command for command, said in given.items() if not said.ok] == []
    assert lab.kernel().release in given["sys"].text and "khungtaskd" in given["bt"].text
    assert "Kernel panic - not syncing" in given["log"].text and "drbd" in given["mod"].text
    assert session.state is SessionState.DEAD
    assert not any("scroll" in line for line in session.transcript.lines)
