"""The dump that triage is measured on is whole, and of a kernel whose log crash reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.olddump import RELEASE, make
from rca.sources.base import DumpState
from rca.sources.dumps import find_dumps

LINES = ("[    0.000000] Linux version 4.18.0", "[   12.345678] Kernel panic - not syncing: why not")


def test_it_is_a_complete_dump(tmp_path: Path) -> None:
    make(tmp_path, LINES, gigabytes=1)
    (dump,) = find_dumps([tmp_path])
    assert (dump.state, dump.problem) == (DumpState.COMPLETE, "")
    assert dump.header
    assert (dump.header.release, dump.header.dump_level) == (RELEASE, 31)


def test_a_log_longer_than_the_buffer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too long"):
        make(tmp_path, ["x" * 60_000] * 20, gigabytes=1)


@pytest.mark.real
def test_crash_reads_its_log(tmp_path: Path) -> None:
    vmcore = make(tmp_path, LINES, gigabytes=1)
    done = subprocess.run(["crash", "--log", str(vmcore)], capture_output=True, text=True, check=True)
    assert tuple(line for line in done.stdout.splitlines() if line) == LINES
