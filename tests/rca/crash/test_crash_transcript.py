"""Blocks of the transcript."""

from __future__ import annotations

from datetime import UTC, datetime

from rca.crash.transcript import Block, Transcript, heading

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_each_line_belongs_to_its_block() -> None:
    first, none, running = Block("bt", 1, NOW, 3, 0.25), Block("set", 4, NOW, 4), Block("log", 6, NOW)
    said = Transcript(
        ["crash> bt", "a", "b", "crash> set", "stray", "crash> log", "c"], [first, none, running]
    )
    assert [said.block_at(n) for n in range(8)] == [first] * 3 + [none, None] + [running] * 3
    assert Transcript(["x"]).block_at(0) is None
    assert heading(first, 7) == "2 lines  0.2 s  03:04:05Z"
    assert heading(running, 7) == "1 line  03:04:05Z"
    assert heading(Block("kmem -s", 0, NOW, 1234, 90), 0) == "1,234 lines  1.5 min  03:04:05Z"
