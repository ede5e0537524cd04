"""The blocks of one live session: begun, closed, and handed over as evidence. Used by the session's thread only."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import chain

from rca.crash.base import START, Ids, normal
from rca.crash.transcript import Block, Transcript, strides
from rca.evidence import Evidence, Kind, now

ENDING = frozenset({"q", "quit", "exit", "Q"})
"""Commands that end crash and say nothing."""

MOST = 256 << 20
"""Characters of one command's output that are kept in memory; the raw log keeps them all."""


class Ledger:
    """Which command runs, since when, and under which id its output is kept."""

    def __init__(
        self, transcript: Transcript, where: str, argv: Sequence[str], taken: Iterable[str] = ()
    ) -> None:
        """`where` and `argv` go into the evidence; ids that are `taken` are not given again."""
        self.began = 0.0
        """When the last command was sent, on the monotonic clock."""
        self._transcript = transcript
        self._where = where
        self._argv = argv
        self._ids = Ids(taken=taken)
        self._block: Block | None = None
        self._size = self._left_out = 0

    @property
    def running(self) -> str:
        """The command that runs now, or nothing."""
        return block.command if (block := self._block) and block.command != START else ""

    def begin(self, command: str, shown: str) -> None:
        """Open a block under the heading `shown`."""
        self._transcript.lines.append(shown)
        self.began = time.monotonic()
        self._size = self._left_out = 0
        self._block = Block(command, len(self._transcript.lines), now())
        self._transcript.blocks.append(self._block)

    def take(self, lines: list[str]) -> None:
        """Put output into the transcript, unless there is too much of it already."""
        if self._size > MOST:
            self._left_out += len(lines)
            return
        self._size += sum(map(len, lines))
        self._transcript.lines += lines

    def finish(self, problem: str) -> tuple[Block, Evidence | None] | None:
        """Close the running block and make evidence of its output; none of a silent `quit`."""
        block, self._block = self._block, None
        if block is None:
            return None
        lines = self._transcript.lines
        if self._left_out:
            lines.append(f"[{self._left_out:,} more lines are in the raw log of the session only]")
        block.end = len(lines)
        block.seconds = time.monotonic() - self.began
        if block.command in ENDING and not lines[block.start :]:
            return block, None
        block.evidence = self._ids.take(block.command)
        if problem:
            self._ids.free(block.evidence)
        return block, Evidence(
            id=block.evidence,
            kind=Kind.CRASH,
            what=" ".join(self._argv) if block.command == START else normal(block.command),
            where=self._where,
            started=block.started,
            lines=tuple(chain.from_iterable(strides(lines, block.start, block.end))),
            seconds=block.seconds,
            problem=problem,
            truncated=self._left_out > 0,
        )
