"""The crash pane on three real panics in a real terminal: what lights up, what is offered, who holds the lock."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rca import lab
from rca.case import Case
from tests.real.tmux import Terminal

pytestmark = pytest.mark.real


def begin(terminal: Terminal, died: lab.Panic, state: Path, command: str) -> None:
    """Open a panic, wait for the six commands, and put the cursor on the heading of one."""
    terminal.start([sys.executable, "-m", "tui", str(died.directory)], state)
    terminal.until(lambda seen: "ready" in seen and "kmem-s" in seen)
    terminal.tmux("send-keys", "c", "g")
    search(terminal, f"crash> {command}")


def search(terminal: Terminal, words: str) -> None:
    """Put the cursor on the next line that holds these words."""
    terminal.tmux("send-keys", "/")
    terminal.tmux("send-keys", "-l", words)
    terminal.until(lambda seen: words in _rows(seen))
    terminal.tmux("send-keys", "Enter")
    terminal.until(lambda seen: words in seen and words not in _rows(seen))


def _rows(seen: str) -> list[str]:
    """What stands in each row of the pane: the search line holds nothing but what is searched for."""
    return [line.rpartition("││")[2].strip("│ ") for line in seen.splitlines()]


def test_the_held_lock_of_two_spinlocks_is_found(
    panics: dict[str, lab.Panic], tmp_path: Path, terminal: Terminal
) -> None:
    begin(terminal, panics["two-spinlocks"], tmp_path / "state", "bt -a")
    terminal.tmux("send-keys", "v")
    seen = terminal.until(lambda seen: "identical stacks together" in seen)
    waits, holds, waits_too, holds_too = (line.strip(" │") for line in seen.splitlines()[3:7])
    assert (
        "qla2xxx_0_dpc" in waits and "spins for" in waits and "in qla2x00_abort_all_cmds [qla2xxx]" in waits
    )
    assert "may be held by qla2xxx_0_sess" in holds
    assert "qla2xxx_0_sess" in waits_too and "in qlt_free_session_done [qla2xxx]" in waits_too
    assert "may be held by qla2xxx_0_dpc" in holds_too


def test_the_guilty_frame_is_asked_about_and_sent_to_the_form(
    panics: dict[str, lab.Panic], tmp_path: Path, terminal: Terminal
) -> None:
    state = tmp_path / "state"
    begin(terminal, panics["mlx5-napi-null"], state, "bt")
    search(terminal, "[exception RIP: mlx5e_poll_rx_cq")
    terminal.tmux("send-keys", "a")
    terminal.until(
        lambda seen: "function mlx5e_poll_rx_cq+8" in seen and "dis -rl mlx5e_poll_rx_cq+8" in seen
    )
    terminal.leave()
    terminal.tmux("send-keys", "S")
    terminal.until(lambda seen: "put into Evidence" in seen)
    (directory,) = (state / "cases").iterdir()
    terminal.until(
        lambda _: "[exception RIP: mlx5e_poll_rx_cq+8] [bt:" in Case.load(directory).form["Evidence"].text
    )


def test_a_hung_task_is_told_though_crash_lost_the_tasks(
    panics: dict[str, lab.Panic], tmp_path: Path, terminal: Terminal
) -> None:
    begin(terminal, panics["hung-task"], tmp_path / "state", "bt -a")
    terminal.tmux("send-keys", "v")
    terminal.until(lambda seen: "identical stacks together" in seen and "khungtaskd" in seen)
    seen = terminal.screen()
    assert "1 CPU idle: " in seen or "2 tasks on 2 stacks" in seen  # the other CPU may do anything just then
    terminal.leave()
    search(terminal, "blocked for more than")
    terminal.tmux("send-keys", "a")
    terminal.until(lambda seen: "process 1" in seen and "bt -f 1" in seen)
