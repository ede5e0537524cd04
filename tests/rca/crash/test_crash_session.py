"""The session on a real terminal, against the stand-in crash and its ways to go wrong."""

from __future__ import annotations

import os
import stat
from itertools import pairwise
from pathlib import Path

import pytest

from rca.crash.base import START, SessionState
from rca.crash.session import CrashSession
from tests.rca.crash.standin import Open, Recorder

LINES = 200_000


@pytest.fixture(params=[(), ("cooked",)], ids=["readline", "cooked"])
def opened(request: pytest.FixtureRequest, fake: Open) -> tuple[CrashSession, Recorder]:
    session, recorder = fake(*request.param)
    recorder.until_state(SessionState.READY)
    return session, recorder


def test_output_becomes_evidence_without_its_echo(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    assert session.submit("say one  two") == ""
    evidence = recorder.evidence("say one  two")
    assert (evidence.lines, evidence.problem, evidence.what) == (("one  two",), "", "say one two")
    block, _ = recorder.ended[-1]
    assert session.transcript.lines[block.start - 1] == "crash> say one  two"
    assert session.transcript.block_at(block.start) is block


def test_commands_queue_in_order(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    for command in ("slow", "say b", "say c"):
        session.submit(command)
    recorder.evidence("say c")
    assert [block.command for block, _ in recorder.ended[1:]] == ["slow", "say b", "say c"]
    assert session.pending == ()


def test_pauses_are_no_ends(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("slow")
    assert recorder.evidence("slow").lines == ("part 0", "part 1", "part 2")


def test_prompt_text_in_the_output_is_no_prompt(fake: Open) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    session.submit("prompted")
    session.submit("say after")
    expected = ("first", "crash> bt is no prompt", "then crash> neither is this")
    assert recorder.evidence("prompted").lines == expected
    assert recorder.evidence("say after").lines == ("after",)


def test_an_unfinished_line_before_the_prompt_is_kept(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("unfinished")
    assert recorder.evidence("unfinished").lines == ("no newline at the end",)


def test_leading_blank_lines_are_kept(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("blank")
    assert recorder.evidence("blank").lines == ("", "", "after blanks")


def test_hostile_bytes_are_inert(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("bytes")
    session.submit("escapes")
    session.submit("redraw")
    assert recorder.evidence("bytes").lines == ("caf\ufffd \ufffd\ufffd ok",)
    assert recorder.evidence("escapes").lines == (r"\x1b]0;owned\x07 \x1b[31mred\x1b[0m \u202e",)
    assert recorder.evidence("redraw").lines == ("doneting 10",)


def test_two_hundred_thousand_lines(fake: Open, tmp_path: Path) -> None:
    session, recorder = fake()
    session.submit(f"flood {LINES}")
    evidence = recorder.evidence(f"flood {LINES}")
    assert len(evidence.lines) == LINES
    assert evidence.lines[0].endswith("crash> inside") and "function_199999 " in evidence.lines[-1]
    assert recorder.counts[-1] == len(session.transcript.lines)
    assert all(a <= b for a, b in pairwise(recorder.counts))
    assert (tmp_path / "raw.log").read_bytes().count(b"\n") >= LINES


def test_the_raw_log_is_private_and_whole(fake: Open, tmp_path: Path) -> None:
    session, recorder = fake()
    session.submit("bytes")
    recorder.evidence("bytes")
    log = tmp_path / "raw.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert b"caf\xe9 \xff\xfe ok" in log.read_bytes()


def test_interrupt_ends_the_command_and_drops_the_queue(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("sleep")
    session.submit("say never")
    recorder.until(lambda: "sleeping" in session.transcript.lines)
    assert session.interrupt() == ""
    evidence = recorder.evidence("sleep")
    assert evidence.lines[0] == "sleeping" and "interrupted" in evidence.problem
    session.submit("say alive")
    assert recorder.evidence("say alive").lines == ("alive",)
    assert all(block.command != "say never" for block, _ in recorder.ended)


def test_an_interrupt_is_heard_in_a_flood(fake: Open) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    session.submit("flood 50000000")
    recorder.until(lambda: recorder.counts[-1] > 1_000)
    session.interrupt()
    evidence = recorder.evidence("flood 50000000")
    assert evidence.problem and len(evidence.lines) < 50_000_000
    session.submit("say alive")
    assert recorder.evidence("say alive").lines == ("alive",)


def test_an_interrupt_at_the_prompt_harms_nothing(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.interrupt()
    session.submit("say alive")
    assert recorder.evidence("say alive").lines == ("alive",)


def test_no_interrupt_while_it_starts(fake: Open) -> None:
    session, recorder = fake("slow-start")
    assert "starting" in session.interrupt()
    session.close()
    assert recorder.states[-1][0] is SessionState.DEAD


def test_a_command_deaf_to_interrupts_is_reported_and_closed(fake: Open) -> None:
    session, recorder = fake()
    session.submit("deaf")
    recorder.until(lambda: "deaf" in session.transcript.lines)
    session.interrupt()
    recorder.until(lambda: "does not answer" in recorder.states[-1][1])
    session.close()
    assert session.state is SessionState.DEAD


def test_death_in_a_command(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("die")
    session.submit("say never")
    message = recorder.until_state(SessionState.DEAD)
    assert "exit status 3" in message and "last words" in message
    evidence = recorder.evidence("die")
    assert evidence.lines == ("about to die", "last words") and evidence.problem
    assert session.pending == () and "ended" in session.submit("bt")


def test_killed_by_a_signal(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("kill")
    assert "signal 9" in recorder.until_state(SessionState.DEAD)


def test_silent_exit_at_the_start_is_explained(fake: Open) -> None:
    _, recorder = fake("silent-exit")
    message = recorder.until_state(SessionState.DEAD)
    assert "exit status 1" in message and "cut short" in message
    assert recorder.opening.problem == message


def test_known_fatal_message_is_explained(fake: Open) -> None:
    _, recorder = fake("fatal")
    message = recorder.until_state(SessionState.DEAD)
    assert "do not match" in message and "crashed kernel" in message


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    recorder = Recorder()
    session = CrashSession(("/nowhere/crash", "a", "b"), tmp_path / "raw", recorder, "test")
    session.start()
    assert "/nowhere/crash cannot be started" in recorder.until_state(SessionState.DEAD)
    session.close()


def test_progress_is_shown_and_warnings_are_kept(fake: Open) -> None:
    _, recorder = fake("progress")
    recorder.until_state(SessionState.READY)
    messages = [message for state, message in recorder.states if state is SessionState.STARTING]
    assert "gathering module symbol data" in messages
    assert any("PID hash" in line for line in recorder.opening.lines)
    assert not any("please wait" in line for line in recorder.opening.lines)


def test_a_pager_is_left(fake: Open) -> None:
    session, recorder = fake()
    session.submit("more")
    assert recorder.evidence("more").lines[-1] == "left with q"


def test_a_question_is_reported_and_can_be_answered(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("ask")
    recorder.until(lambda: "quit? (y/n)" in recorder.states[-1][1])
    assert session.state is SessionState.BUSY
    session.submit("y")
    assert recorder.evidence("ask").lines[-1] == "answered y"


def test_quit_ends_the_session(opened: tuple[CrashSession, Recorder]) -> None:
    session, recorder = opened
    session.submit("quit")
    assert recorder.until_state(SessionState.DEAD) == "crash was ended by quit"


@pytest.mark.parametrize("command", ["", "sleep", "flood 3000000"])
def test_close_reaps_even_the_stubborn(fake: Open, command: str) -> None:
    session, recorder = fake("stubborn")
    recorder.until_state(SessionState.READY)
    if command:
        session.submit(command)
        recorder.until(lambda: session.state is SessionState.BUSY)
    session.close()
    session.close()
    assert session.state is SessionState.DEAD
    assert session.pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(session.pid, 0)
    with pytest.raises(ChildProcessError):
        os.waitpid(session.pid, os.WNOHANG)


def test_safe_mode_sends_nothing(fake: Open) -> None:
    session, recorder = fake(safe=True)
    assert "shell" in session.submit("!touch x")
    assert "control" in session.submit("say a\nsay b")
    session.submit("say allowed")
    recorder.evidence("say allowed")
    assert [block.command for block, _ in recorder.ended[1:]] == ["say allowed"]


def test_a_second_run_has_its_own_id(fake: Open) -> None:
    session, recorder = fake()
    for _ in range(2):
        session.submit("bt")
    session.submit("say end")
    recorder.evidence("say end")
    assert [evidence.id for _, evidence in recorder.ended[1:3]] == ["bt", "bt-2"]


def test_a_listener_that_raises_is_survived(fake: Open) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    recorder.output_arrived = lambda lines: 1 / 0  # type: ignore[assignment,method-assign]
    session.submit("say still here")
    assert recorder.evidence("say still here").lines == ("still here",)


@pytest.mark.parametrize("way", [(), ("cooked",), ("progress",)])
def test_what_is_told_first_is_seen_by_nobody(fake: Open, tmp_path: Path, way: tuple[str, ...]) -> None:
    """A setting that this crash does not know costs its own line in the raw log, and no command after it."""
    session, recorder = fake(*way, first=("gdb set style enabled off", "say hidden"))
    session.submit("say seen")
    assert recorder.evidence("say seen").lines == ("seen",)
    assert [block.command for block, _ in recorder.ended] == [START, "say seen"]
    assert not any("hidden" in line or "not found: gdb" in line for line in session.transcript.lines)
    assert b"command not found: gdb" in (tmp_path / "raw.log").read_bytes()
    recorder.until_state(SessionState.READY)
    assert [state for state, _ in recorder.states].count(SessionState.READY) == 2


def test_a_crash_that_ends_at_what_it_is_told_first_is_told_as_a_failed_start(fake: Open) -> None:
    session, recorder = fake(first=("die",))
    assert "while it was starting" in recorder.until_state(SessionState.DEAD)
    assert session.transcript.blocks[-1].command == START
