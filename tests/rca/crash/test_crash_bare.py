"""The same session in the bare terminal, and back."""

from __future__ import annotations

import os
import termios
import threading
from dataclasses import dataclass, field

from rca.crash.bare import LEAVE, hand_over
from rca.crash.base import SessionState
from rca.crash.loan import NAME
from rca.crash.session import CrashSession
from tests.rca.crash.seat import Seat
from tests.rca.crash.standin import PATIENCE, Open, Recorder
from tests.rca.desk import until


@dataclass(frozen=True, slots=True)
class Lent:
    """A session whose prompt the bare terminal has."""

    session: CrashSession
    recorder: Recorder
    thread: threading.Thread
    ended: list[str] = field(default_factory=list)
    """What was said at its end."""
    heard: list[str] = field(default_factory=list)
    """The commands that were told."""


def begin(fake: Open, seat: Seat) -> Lent:
    session, recorder = fake()
    recorder.until_state(SessionState.READY)

    def hand() -> None:
        lent.ended.append(hand_over(session, seat.terminal, seat.terminal, lent.heard.append))

    lent = Lent(session, recorder, threading.Thread(target=hand))
    lent.thread.start()
    seat.until(b"crash> ")
    return lent


def test_typed_there_and_found_here(fake: Open, seat: Seat) -> None:
    before = termios.tcgetattr(seat.terminal)
    lent = begin(fake, seat)
    seat.types(b"say hello there\r")
    seat.until(b"\nhello there")
    assert lent.session.state is SessionState.BUSY and lent.session.running == NAME
    lent.session.submit("say queued")
    seat.types(b"half a comm" + LEAVE)
    lent.thread.join(PATIENCE)
    assert lent.ended == [""] and termios.tcgetattr(seat.terminal) == before
    assert lent.recorder.evidence("say queued").lines == ("queued",)
    assert "hello there" in lent.recorder.evidence(NAME).lines
    assert b"queued" not in seat.seen


def test_what_was_edited_there_stands_here_as_it_was_sent(fake: Open, seat: Seat) -> None:
    lent = begin(fake, seat)
    seat.types(b"say one\r")
    seat.until(b"\none")
    seat.types(b"say tow\x7f\x7fwo\r")
    seat.until(b"\ntwo")
    seat.types(LEAVE)
    lent.thread.join(PATIENCE)
    assert "crash> say two" in lent.recorder.evidence(NAME).lines


def test_each_command_is_told_when_it_is_sent(fake: Open, seat: Seat) -> None:
    """Also one that is still on its way when the terminal leaves."""
    lent = begin(fake, seat)
    seat.types(b"\rsay oen\x7f\x7fne\r")
    seat.until(b"\none")
    until(lambda: lent.heard == ["say one"])
    seat.until(b"\none\r\ncrash> ")
    seat.types(b"half\x15say two\r" + LEAVE)
    lent.thread.join(PATIENCE)
    lent.recorder.evidence(NAME)
    lent.session.submit("say back")
    lent.recorder.evidence("say back")
    until(lambda: lent.heard == ["say one", "say two"])


def test_a_link_that_drops_gives_the_prompt_back(fake: Open) -> None:
    """A terminal that has hung up answers every read with an error."""
    seat = Seat()
    lent = begin(fake, seat)
    os.close(seat.person)
    lent.thread.join(PATIENCE)
    os.close(seat.terminal)
    assert lent.ended == [""]
    lent.session.submit("say back")
    assert lent.recorder.evidence("say back").lines == ("back",)


def test_ctrl_c_reaches_the_command(fake: Open, seat: Seat) -> None:
    lent = begin(fake, seat)
    seat.types(b"sleep\r")
    seat.until(b"sleeping")
    seat.seen = b""
    seat.types(b"\x03")
    seat.until(b"crash> ")
    seat.types(b"say awake\r")
    seat.until(b"\nawake")
    seat.types(LEAVE)
    lent.thread.join(PATIENCE)
    lent.session.submit("say back")
    assert lent.recorder.evidence("say back").lines == ("back",)


def test_crash_ends_in_the_bare_terminal(fake: Open, seat: Seat) -> None:
    lent = begin(fake, seat)
    seat.types(b"die\r")
    lent.recorder.until_state(SessionState.DEAD)
    lent.thread.join(PATIENCE)
    assert lent.ended == [""]


def test_it_sees_the_terminals_size_and_then_its_own_again(fake: Open, seat: Seat) -> None:
    lent = begin(fake, seat)
    seat.types(b"size\r")
    seat.until(b"30x90")
    seat.types(LEAVE)
    lent.thread.join(PATIENCE)
    lent.session.submit("size")
    assert lent.recorder.evidence("size").lines == ("24x2000",)


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
