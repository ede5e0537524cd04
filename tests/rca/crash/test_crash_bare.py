"""The same session in the bare terminal, and back."""

from __future__ import annotations

import os
import termios
import threading

from rca.crash.bare import LEAVE, hand_over
from rca.crash.base import SessionState
from rca.crash.loan import NAME
from rca.crash.session import CrashSession
from tests.rca.crash.seat import Seat
from tests.rca.crash.standin import PATIENCE, Open, Recorder
from tests.rca.desk import until


def begin(session: CrashSession, seat: Seat) -> tuple[threading.Thread, list[str]]:
    ended: list[str] = []
    thread = threading.Thread(target=lambda: ended.append(hand_over(session, seat.terminal, seat.terminal)))
    thread.start()
    return thread, ended


def test_typed_there_and_found_here(fake: Open, seat: Seat) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    before = termios.tcgetattr(seat.terminal)
    thread, ended = begin(session, seat)
    seat.until(b"crash> ")
    seat.types(b"say hello there\r")
    seat.until(b"\nhello there")
    assert session.state is SessionState.BUSY and session.running == NAME
    session.submit("say queued")
    seat.types(b"half a comm" + LEAVE)
    thread.join(PATIENCE)
    assert ended == [""] and termios.tcgetattr(seat.terminal) == before
    assert recorder.evidence("say queued").lines == ("queued",)
    assert "hello there" in recorder.evidence(NAME).lines
    assert b"queued" not in seat.seen


def test_what_was_edited_there_stands_here_as_it_was_sent(fake: Open, seat: Seat) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    thread, _ = begin(session, seat)
    seat.until(b"crash> ")
    seat.types(b"say one\r")
    seat.until(b"\none")
    seat.types(b"say tow\x7f\x7fwo\r")
    seat.until(b"\ntwo")
    seat.types(LEAVE)
    thread.join(PATIENCE)
    assert "crash> say two" in recorder.evidence(NAME).lines


def test_each_command_is_told_when_it_is_sent(fake: Open, seat: Seat) -> None:
    """Also one that is still on its way when the terminal leaves."""
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    heard: list[str] = []
    thread = threading.Thread(target=hand_over, args=(session, seat.terminal, seat.terminal, heard.append))
    thread.start()
    seat.until(b"crash> ")
    seat.types(b"\rsay oen\x7f\x7fne\r")
    seat.until(b"\none")
    until(lambda: heard == ["say one"])
    seat.until(b"\none\r\ncrash> ")
    seat.types(b"half\x15say two\r" + LEAVE)
    thread.join(PATIENCE)
    recorder.evidence(NAME)
    session.submit("say back")
    recorder.evidence("say back")
    until(lambda: heard == ["say one", "say two"])


def test_a_link_that_drops_gives_the_prompt_back(fake: Open) -> None:
    """A terminal that has hung up answers every read with an error."""
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    seat = Seat()
    thread, ended = begin(session, seat)
    seat.until(b"crash> ")
    os.close(seat.person)
    thread.join(PATIENCE)
    os.close(seat.terminal)
    assert ended == [""]
    session.submit("say back")
    assert recorder.evidence("say back").lines == ("back",)


def test_ctrl_c_reaches_the_command(fake: Open, seat: Seat) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    thread, _ = begin(session, seat)
    seat.until(b"crash> ")
    seat.types(b"sleep\r")
    seat.until(b"sleeping")
    seat.seen = b""
    seat.types(b"\x03")
    seat.until(b"crash> ")
    seat.types(b"say awake\r")
    seat.until(b"\nawake")
    seat.types(LEAVE)
    thread.join(PATIENCE)
    session.submit("say back")
    assert recorder.evidence("say back").lines == ("back",)


def test_crash_ends_in_the_bare_terminal(fake: Open, seat: Seat) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    thread, ended = begin(session, seat)
    seat.until(b"crash> ")
    seat.types(b"die\r")
    recorder.until_state(SessionState.DEAD)
    thread.join(PATIENCE)
    assert ended == [""]


def test_it_sees_the_terminals_size_and_then_its_own_again(fake: Open, seat: Seat) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    thread, _ = begin(session, seat)
    seat.until(b"crash> ")
    seat.types(b"size\r")
    seat.until(b"30x90")
    seat.types(LEAVE)
    thread.join(PATIENCE)
    session.submit("size")
    assert recorder.evidence("size").lines == ("24x2000",)


def test_safe_mode_and_a_busy_crash_are_not_lent(fake: Open, seat: Seat) -> None:
    session, recorder = fake(safe=True)
    recorder.until_state(SessionState.READY)
    assert "Safe mode" in hand_over(session, seat.terminal, seat.terminal)
    session.safe = False
    session.submit("sleep")
    recorder.until_state(SessionState.BUSY)
    assert "not at its prompt" in hand_over(session, seat.terminal, seat.terminal)
    assert not session.loan.lent


def heard(recorder: Recorder) -> list[str]:
    return [block.command for block, _ in recorder.ended]


def test_a_terminal_that_is_gone_does_no_harm(fake: Open) -> None:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)
    reading, writing = os.pipe()
    os.close(reading)

    def broken(data: bytes) -> None:
        try:
            os.write(writing, data)
        except BrokenPipeError:
            return

    assert session.loan.lend(broken) == ""
    recorder.until(lambda: session.running == NAME)
    session.loan.type_bytes(b"say lost\n")
    session.loan.take_back()
    session.submit("say back")
    assert recorder.evidence("say back").lines == ("back",) and NAME in heard(recorder)
    os.close(writing)
