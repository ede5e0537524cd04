"""The recorded session: what was recorded comes back, what was not is no evidence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from rca.crash.base import START, SessionState, evidence_id
from rca.crash.replay import ReplaySession
from rca.evidence import Evidence, Kind
from tests.rca.crash.standin import PATIENCE, Recorder

WHEN = datetime(2025, 12, 22, 9, 2, 5, tzinfo=UTC)
Replay = Callable[..., tuple[ReplaySession, Recorder]]


def recorded(command: str, *lines: str, name: str = "") -> Evidence:
    return Evidence(name or evidence_id(command), Kind.CRASH, command, "node", WHEN, lines, seconds=2.5)


@pytest.fixture
def replay() -> Iterator[Replay]:
    opened: list[ReplaySession] = []

    def begin(*items: Evidence, recorder: Recorder | None = None) -> tuple[ReplaySession, Recorder]:
        recorder = recorder or Recorder()
        session = ReplaySession({item.id: item for item in items}, recorder)
        opened.append(session)
        session.start()
        return session, recorder

    yield begin
    for session in opened:
        session.close()


def test_answers_as_recorded(replay: Replay) -> None:
    item = recorded("bt -a", "one", "two")
    session, recorder = replay(item)
    session.submit("  bt   -a ")
    assert recorder.evidence("bt   -a") == item
    block = session.transcript.blocks[-1]
    assert session.transcript.lines == ["crash> bt   -a", "one", "two"]
    assert (block.start, block.end, block.seconds, block.evidence) == (1, 3, 2.5, "bt-a")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("log | less", ["one", "Two", "three"]),
        ("log|tail -1", ["three"]),
        ("log |  head -n 2", ["one", "Two"]),
        ("dmesg | grep -i two", ["Two"]),
        ("log | grep 'one\\|three' | tail -n1", ["three"]),
        ("log | grep -v e", ["Two"]),
        ("log | grep -n e", ["1:one", "3:three"]),
        ("log | grep -nvi 'ONE'", ["2:Two", "3:three"]),
        ("log | grep -c -E 'one|Two'", ["2"]),
        ("log | tail -0", []),
    ],
)
def test_filters_shorten_what_is_shown_and_not_the_evidence(
    typed: str, shown: list[str], replay: Replay
) -> None:
    item = recorded("log", "one", "Two", "three")
    session, recorder = replay(item)
    assert session.submit(typed) == ""
    assert recorder.evidence(typed) == item
    assert session.transcript.lines == [f"crash> {typed}", *shown]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("log | sh", "piped only into grep"),
        ("log | grep", "piped only into grep"),
        ("log | grep -A3 x", "piped only into grep"),
        ("log | grep -", "piped only into grep"),
        ("log | tail -x", "piped only into grep"),
        ("log || cat", "piped only into grep"),
        ("log | grep 'x", "safe mode"),
        ("log > f", "safe mode"),
        ("!sh | cat", "safe mode"),
    ],
)
def test_what_is_no_filter_is_refused(typed: str, why: str, replay: Replay) -> None:
    session, _ = replay(recorded("log", "one"))
    assert why in session.submit(typed)


def test_a_filter_on_what_was_not_recorded(replay: Replay) -> None:
    session, recorder = replay(recorded("log", "one"))
    session.submit("bt | tail -1")
    assert recorder.evidence("bt | tail -1").problem.startswith("not recorded: bt")


def test_aliases_are_known(replay: Replay) -> None:
    session, recorder = replay(recorded("log", "line"))
    session.submit("dmesg")
    assert recorder.evidence("dmesg").id == "log"


def test_the_opening_is_replayed_first(replay: Replay) -> None:
    session, recorder = replay(recorded("crash -s vmlinux vmcore", "WARNING: x", name=START))
    recorder.until_state(SessionState.READY)
    assert session.transcript.lines == ["$ crash -s vmlinux vmcore", "WARNING: x"]
    assert session.recorded == ()


def test_what_was_not_recorded_is_no_evidence(replay: Replay) -> None:
    session, recorder = replay(recorded("bt -a", "one"), recorded("log", "x"))
    session.submit("bt a")
    evidence = recorder.evidence("bt a")
    assert evidence.lines == () and evidence.id != "bt-a"
    assert evidence.problem == "not recorded: bt a; recorded: bt -a, log"
    assert session.transcript.lines[-1] == evidence.problem


class Slow(Recorder):
    """Takes output in only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def output_arrived(self, lines: int) -> None:
        assert self.go_on.wait(PATIENCE)
        super().output_arrived(lines)


def test_an_interrupt_drops_what_waits(replay: Replay) -> None:
    slow = Slow()
    session, _ = replay(recorded("log", "line"), recorded("bt", "frame"), recorder=slow)
    session.submit("log")
    slow.until(lambda: session.running == "log")
    session.submit("bt")
    assert session.pending == ("bt",)
    assert session.interrupt() == "" and not session.pending
    slow.go_on.set()
    assert slow.evidence("log").lines == ("line",)
    session.close()
    assert [block.command for block, _ in slow.ended] == ["log"]


def test_quit_close_and_refusals(replay: Replay) -> None:
    session, recorder = replay()
    assert "shell" in session.submit("!ls")
    session.submit("quit")
    assert "quit" in recorder.until_state(SessionState.DEAD)
    assert "ended" in session.submit("bt")
    assert "ended" in session.interrupt()


def test_closing_before_and_during(replay: Replay) -> None:
    session = ReplaySession({}, Recorder())
    session.close()
    assert session.state is SessionState.DEAD
    session, recorder = replay()
    recorder.until_state(SessionState.READY)
    session.close()
    assert session.state is SessionState.DEAD
