"""What a crash session said, as one growing list of clean lines with the commands' places in it.

The reader thread appends, the screen reads: both without a lock, because lines are only ever added at the end and a
block's fields are written once. The screen draws straight from `lines`; nothing is copied for it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

_STRIDE = 2_000
"""Lines."""


@dataclass(slots=True)
class Block:
    """One command and where its output lies in the transcript."""

    command: str
    start: int
    """Index of the first output line (the echo ``crash> command``, its heading, is the line before it)."""
    started: datetime
    end: int | None = None
    """Index past the last output line; None while it runs."""
    seconds: float = 0.0
    evidence: str = ""
    """Id of the evidence that holds the output, once it has ended."""


@dataclass(slots=True)
class Transcript:
    """All lines of a session in order, prompts and echoes included."""

    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def block_at(self, index: int) -> Block | None:
        """The block whose output or heading holds the line at `index`."""
        at = bisect_right(self.blocks, index + 1, key=lambda block: block.start) - 1
        if at < 0:
            return None
        block = self.blocks[at]
        return block if block.end is None or index < max(block.end, block.start) else None


def strides(lines: Sequence[str], start: int, end: int) -> Iterator[Sequence[str]]:
    """These lines, some thousand at a time: a key at the screen waits for as long as one takes."""
    return (lines[at : min(at + _STRIDE, end)] for at in range(start, end, _STRIDE))


def heading(block: Block, lines: int) -> str:
    """What stands beside a command: ``214 lines  0.3 s  14:02:05Z``. `lines` is how long the transcript is."""
    count = (lines if block.end is None else block.end) - block.start
    words = [f"{count:,} line{'' if count == 1 else 's'}"]
    if block.end is not None:
        words.append(f"{block.seconds:.1f} s" if block.seconds < 60 else f"{block.seconds / 60:.1f} min")
    return "  ".join((*words, f"{block.started:%H:%M:%S}Z"))
