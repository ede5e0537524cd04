"""The whole workbench while a crash command floods it: its terminal stalls, its link drops, crash is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rca.case import Case
from rca.evidence import Evidence
from tests.rca.crash.standin import FAKE
from tests.rca.live import dump_folder
from tests.tui.pty_screen import PATIENCE, PtyScreen, running

APP = "tests.tui.standin_app"
LINES = 200_000
FLOOD = f"flood {LINES}"


def opened(screen: PtyScreen) -> None:
    """Wait for the session, and put the cursor at its prompt."""
    screen.until(lambda seen: "─ ready" in seen and "kmem-s" in seen)
    screen.child.send(b"i")
    screen.until(lambda seen: "type a crash command" in seen)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def kept(state: Path, name: str) -> Evidence | None:
    """A piece of evidence as it lies on the disk."""
    (directory,) = (state / "cases").iterdir()
    return Case.load(directory).evidence.get(name)


def raw(state: Path) -> bytes:
    (path,) = (state / "cases").glob("*/crash.raw")
    return path.read_bytes()


def crashes(folder: Path) -> list[int]:
    """The stand-ins that run on this folder's dump."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(FAKE) in line and os.fsencode(folder) in line:
            found.append(int(process.name))
    return found


def test_a_terminal_that_stalls_costs_the_session_nothing(tmp_path: Path) -> None:
    """Nobody reads what the app draws until all of the flood lies on the disk."""
    folder, state = dump_folder(tmp_path), tmp_path / "state"
    with running([str(folder)], state, APP) as screen:
        opened(screen)
        screen.child.send(FLOOD.encode() + b"\r")
        until(lambda: kept(state, f"flood-{LINES}"))
        found = kept(state, f"flood-{LINES}")
        assert found and len(found.lines) == LINES and found.ok
        assert raw(state).count(b"] function_") == LINES
        screen.until(lambda seen: "─ ready" in seen)
        screen.child.send(b"say still here\r")
        screen.until(lambda seen: "\n│" in seen and "still here" in seen and "say-still-here" in seen)


def test_a_link_that_drops_in_a_flood_leaves_no_crash_and_all_that_came(tmp_path: Path) -> None:
    folder, state = dump_folder(tmp_path), tmp_path / "state"
    with running([str(folder)], state, APP) as screen:
        opened(screen)
        screen.child.send(b"say before\rflood 5000000\r")
        until(lambda: b"function_1000 " in raw(state))
        assert crashes(folder)
        screen.hang_up()
    until(lambda: not crashes(folder))
    assert b"] function_1000 " in raw(state)
    with running([str(folder)], state, APP) as screen:
        screen.until(lambda seen: "say-before" in seen and "─ ready" in seen)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_crash_that_is_killed_is_told_and_starts_again(tmp_path: Path, number: signal.Signals) -> None:
    folder, state = dump_folder(tmp_path), tmp_path / "state"
    with running([str(folder)], state, APP) as screen:
        opened(screen)
        screen.child.send(b"sleep\r")
        screen.until(lambda seen: "running sleep" in seen)
        (pid,) = crashes(folder)
        os.kill(pid, number)
        screen.until(lambda seen: f"signal {number.value}" in seen.replace("\n", ""))
        assert not crashes(folder)
        screen.child.send(b"\x1b")
        time.sleep(0.5)
        screen.child.send(b"R")
        screen.until(lambda seen: "─ ready" in seen)
        assert len(crashes(folder)) == 1
