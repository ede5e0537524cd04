"""A transcript that is rebuilt from evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rca.crash.base import START, Ids
from rca.crash.recall import captured, recalled
from rca.evidence import Evidence, Kind

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def said(name: str, what: str, second: int, problem: str = "", kind: Kind = Kind.CRASH) -> Evidence:
    return Evidence(
        name,
        kind,
        what,
        "here",
        NOW + timedelta(seconds=second),
        (f"{what}: 1", f"{what}: 2"),
        0.5,
        problem=problem,
    )


SAID = (
    said("bt", "bt", 5, problem="interrupted: this may not be all"),
    said("log", "log", 3),
    said(START, "crash -s vmlinux vmcore", 1),
    said(f"{START}.1", "crash -s vmlinux vmcore", 0),
    said("journal", "journalctl", 2, kind=Kind.COMMAND),
)


def test_commands_stand_in_the_order_in_which_they_ran() -> None:
    transcript = recalled(SAID)
    opening = ["$ crash -s vmlinux vmcore", "crash -s vmlinux vmcore: 1", "crash -s vmlinux vmcore: 2"]
    assert transcript.lines == [*opening * 2, "crash> log", "log: 1", "log: 2", "crash> bt", "bt: 1", "bt: 2"]
    for block in transcript.blocks[2:]:
        assert transcript.lines[block.start : block.end] == [f"{block.command}: 1", f"{block.command}: 2"]
        assert transcript.lines[block.start - 1] == f"crash> {block.command}"
    assert [block.command for block in transcript.blocks] == [START, START, "log", "bt"]


def test_what_was_cut_short_runs_again_under_its_own_name() -> None:
    ids = Ids(taken=captured(SAID))
    assert captured(SAID) == {"log", f"{START}.1"}
    assert (ids.take("log"), ids.take("bt"), ids.take(START)) == ("log-2", "bt", START)
