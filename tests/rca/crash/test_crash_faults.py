"""What may go wrong around a session: it is killed, floods, hangs, and nothing is lost or left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rca.crash import ledger
from rca.crash.base import SessionState
from rca.crash.transcript import Transcript
from tests.rca.crash.standin import FAKE, PATIENCE, Open

_HOLDER = """
import sys, time
from pathlib import Path
from rca.crash.session import CrashSession
class Deaf:
    def session_changed(self, state, message): print(state, session.pid, flush=True)
    def output_arrived(self, lines): pass
    def command_ended(self, block, evidence): pass
session = CrashSession(sys.argv[2:], Path(sys.argv[1]), Deaf(), "test", safe=False, prompt="crash> ")
session.start()
session.submit("deaf")
time.sleep(60)
"""


def test_scenario_32_no_crash_outlives_a_killed_panicdesk(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", _HOLDER, str(tmp_path / "raw"), sys.executable, str(FAKE), "stubborn"]
    holder = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    pid = 0
    for line in holder.stdout:
        pid = int(line.split()[1])
        if line.startswith("busy"):
            break
    holder.kill()
    holder.wait()
    holder.stdout.close()
    deadline = time.monotonic() + PATIENCE
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(pid)


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody reaped yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_too_much_output_is_on_disk_and_said(
    fake: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST", 1 << 20)
    session, recorder = fake()
    session.submit("flood 200000")
    evidence = recorder.evidence("flood 200000")
    assert evidence.truncated and len(evidence.lines) < 200_000
    kept = len(evidence.lines) - 1
    assert evidence.lines[-1] == f"[{200_000 - kept:,} more lines are in the raw log of the session only]"
    assert (tmp_path / "raw.log").read_bytes().count(b"] function_") == 200_000
    session.submit("say next")
    assert recorder.evidence("say next").lines == ("next",)


def test_a_session_that_somebody_kills_is_told_and_its_words_are_kept(fake: Open, tmp_path: Path) -> None:
    session, recorder = fake()
    session.submit("sleep")
    recorder.until(lambda: "sleeping" in session.transcript.lines)
    assert session.pid is not None
    os.kill(session.pid, signal.SIGKILL)
    assert "signal 9" in recorder.until_state(SessionState.DEAD)
    evidence = recorder.evidence("sleep")
    assert evidence.lines == ("sleeping",) and "lack of memory" in evidence.problem
    assert b"sleeping" in (tmp_path / "raw.log").read_bytes()


def test_a_listener_that_is_slow_loses_nothing(fake: Open) -> None:
    """The screen may stall: lines are there when it looks again."""
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    recorder.output_arrived = lambda lines: time.sleep(0.05)  # type: ignore[method-assign]
    session.submit("flood 50000")
    assert len(recorder.evidence("flood 50000").lines) == 50_000


def test_a_ledger_counts_one_command_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST", 3)
    book = ledger.Ledger(Transcript(), "here", ("crash",))
    for text in ("aaaa", "bbbb"):
        book.begin("x", "crash> x")
        book.take([text])
        book.take(["lost", "lost"])
        done = book.finish("")
        assert done is not None and done[1] is not None
        assert done[1].lines == (text, "[2 more lines are in the raw log of the session only]")
