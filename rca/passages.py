"""Lines of the transcript or of a piece of evidence that leave by themselves: copied, or written into the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rca.private import make_private_dir, write_private

FOLDER = "passages"
"""Of the case directory."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines as they stand, with a name."""

    name: str
    """Usable as a file name: ``bt-a``, or ``bt-a_9-12`` for some of its lines."""
    lines: Sequence[str]
    """Clean, at least one."""

    @property
    def text(self) -> str:
        """As it may be pasted elsewhere. Half a million lines take a while."""
        return "\n".join(self.lines) + "\n"


def write_passage(passage: Passage, directory: Path) -> Path:
    """Write it into a case directory, 0600; what was written of the same lines before is replaced. Raises OSError."""
    path = make_private_dir(directory / FOLDER) / f"{passage.name}.txt"
    write_private(path, passage.text)
    return path
