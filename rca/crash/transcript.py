"""What a crash session said, as one growing list of clean lines with the commands' places in it.

The reader thread appends, the screen reads: both without a lock, because lines are only ever added at the end and a
block's fields are written once. The screen draws straight from `lines`; nothing is copied for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Block:
    """One command and where its output lies in the transcript."""

    command: str
    start: int
    """Index of the first output line (the echo ``crash> command`` is the line before it)."""
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
        """The block whose output (or echo) holds the line at `index`."""
        for block in reversed(self.blocks):
            if index >= block.start - 1:
                return block if block.end is None or index < block.end else None
        return None
