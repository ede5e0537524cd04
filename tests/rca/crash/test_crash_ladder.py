"""Which way is tried when crash does not open a dump."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rca.crash.base import SessionState
from rca.crash.death import explain
from rca.crash.ladder import (
    DMESG,
    LADDER,
    LOG,
    MINIMAL,
    NO_KMEM_CACHE,
    NO_MODULES,
    NORMAL,
    ZERO_EXCLUDED,
    Rung,
    log_argv,
    next_rung,
)
from rca.crash.launch import launch, launch_remote
from rca.crash.session import CrashSession
from tests.rca.crash.standin import FAKE, Recorder


def test_every_rung_is_reached_once() -> None:
    rung: Rung | None = NORMAL
    climbed = []
    while rung:
        climbed.append(rung)
        rung = next_rung(rung, ["crash ended while it was starting (exit status 1)"])
    assert tuple(climbed) == LADDER and all(rung.explains.endswith(".") for rung in LADDER)


@pytest.mark.parametrize(
    ("tried", "said", "then"),
    [
        (NORMAL, "crash: /v/vmlinux and /c/vmcore do not match!", LOG),
        (NORMAL, "crash: /v/vmlinux: no debugging data available", LOG),
        (NORMAL, "crash: /c/vmcore: not a supported file format", DMESG),
        (NORMAL, "crash: /c/vmcore: Permission denied", DMESG),
        (NORMAL, "gathering kmem slab cache data", NO_KMEM_CACHE),
        (NORMAL, "gathering module symbol data", NO_MODULES),
        (ZERO_EXCLUDED, "gathering task table data", MINIMAL),
        (NO_MODULES, "gathering kmem slab cache data", MINIMAL),
        (LOG, "crash: /v/vmlinux and /c/vmcore do not match!", DMESG),
        (DMESG, "", None),
    ],
)
def test_what_cannot_help_is_passed_over(tried: Rung, said: str, then: Rung | None) -> None:
    assert next_rung(tried, [said]) is then


def test_the_options_reach_the_command_line() -> None:
    for rung in LADDER:
        argv = launch("crash", "/v/vmlinux", "/c/vmcore", options=rung.options)
        assert argv[-2:] == ("/v/vmlinux", "/c/vmcore") and set(rung.options) <= set(argv)
        remote = launch_remote(("ssh",), "crash", "/v/vmlinux", "/c/vmcore", options=rung.options)
        assert set(rung.options) <= set(remote)
    assert log_argv("crash", "/c/vmcore") == ("crash", "--log", "/c/vmcore")


def test_the_stand_in_is_climbed_until_it_opens(tmp_path: Path) -> None:
    """It ends while it gathers slab data, unless it is told to leave that."""
    rung: Rung | None = NORMAL
    climbed = []
    while rung and rung.session:
        climbed.append(rung)
        recorder = Recorder()
        argv = (sys.executable, str(FAKE), "dies-in-slabs", *rung.options)
        session = CrashSession(argv, tmp_path / "raw.log", recorder, "test", prompt="crash> ")
        session.start()
        state, message = settled(recorder)
        session.close()
        if state is SessionState.READY:
            break
        rung = next_rung(rung, (*recorder.opening.lines, *(text for _, text in recorder.states), message))
    assert climbed == [NORMAL, NO_KMEM_CACHE]


def test_our_own_options_are_not_taken_for_what_crash_said() -> None:
    said = ["$ crash -s --zero_excluded /v/vmlinux /c/vmcore"]
    assert "said nothing" in explain(said, 1, None, True)


def settled(recorder: Recorder) -> tuple[SessionState, str]:
    ends = (SessionState.READY, SessionState.DEAD)
    recorder.until(lambda: recorder.states and recorder.states[-1][0] in ends)
    return recorder.states[-1]
