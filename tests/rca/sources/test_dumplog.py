"""A vmcore without a log beside it, where this machine's tools can or cannot take the log out."""

from __future__ import annotations

from pathlib import Path

import pytest

from rca.reading import Reading, readings
from rca.sources.base import Dump, DumpState
from rca.sources.dumplog import own_log
from rca.sources.node import NodeSource
from rca.sources.runs import Ran, Runs

LOG = "[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory for stand-ins of makedumpfile and crash, in place of the real ones."""
    place = tmp_path / "tools"
    place.mkdir()
    monkeypatch.setattr("rca.sources.dumplog.NodeSource", lambda: NodeSource(path=str(place)))
    return place


def program(place: Path, name: str, script: str) -> None:
    (place / name).write_text(f"#!/bin/sh\n{script}\n")
    (place / name).chmod(0o755)


def dump(tmp_path: Path) -> Dump:
    (tmp_path / "vmcore").write_bytes(b"KDUMP   ")
    return Dump(tmp_path, DumpState.COMPLETE, vmcore=tmp_path / "vmcore")


def test_makedumpfile_comes_first(tools: Path, tmp_path: Path) -> None:
    program(tools, "makedumpfile", f'[ "$1" = --dump-dmesg ] && echo "{LOG}" > "$3"')
    log = own_log(dump(tmp_path), NodeSource(), Runs())
    assert log and (log.id, log.lines, log.problem) == ("vmcore-dmesg", (LOG,), "")
    assert log.what.startswith("makedumpfile --dump-dmesg")


def test_then_crash(tools: Path, tmp_path: Path) -> None:
    program(tools, "makedumpfile", "echo no symbols >&2; exit 1")
    program(tools, "crash", f'[ "$1" = --log ] && echo "{LOG}"')
    log = own_log(dump(tmp_path), NodeSource(), Runs())
    assert log and log.lines == (LOG,) and log.what.startswith("crash --log")


def test_both_programs_are_told_of(tools: Path, tmp_path: Path) -> None:
    program(tools, "makedumpfile", "echo no symbols >&2; exit 1")
    program(tools, "crash", f'[ "$1" = --log ] && echo "{LOG}"')
    runs, told = Runs(), list[Ran]()
    own_log(dump(tmp_path), NodeSource(), runs)
    runs.listen(told.append)
    assert [(one.what.split()[0], one.status) for one in told] == [("makedumpfile", 1), ("crash", 0)]


def test_what_both_answer_is_said_and_is_no_log(tools: Path, tmp_path: Path) -> None:
    program(tools, "crash", "echo 'crash: VMCOREINFO: no log buffer data'; exit 1")
    log = own_log(dump(tmp_path), NodeSource(), Runs())
    assert (
        log
        and not log.lines
        and "makedumpfile is not installed" in log.problem
        and "no log buffer" in log.problem
    )
    (found,) = readings(tmp_path / "vmcore")
    assert isinstance(found, Reading) and not found.evidence and "no log buffer" in found.warnings[-1]


def test_a_log_beside_the_dump_is_enough(tools: Path, tmp_path: Path) -> None:
    (tmp_path / "vmcore-dmesg.txt").write_text(LOG)
    beside = Dump(tmp_path, DumpState.COMPLETE, tmp_path / "vmcore", tmp_path / "vmcore-dmesg.txt")
    assert own_log(beside, NodeSource(), Runs()) is None
