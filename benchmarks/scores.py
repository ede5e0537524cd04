"""What a scoring run counts, and what must be reached."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TARGETS = {
    "title, production kinds": 92.0,
    "title, all": 85.0,
    "frame, production kinds": 95.0,
    "frame, all": 88.0,
    "no crash called so": 95.0,
    "el class": 95.0,
    "el rip": 99.0,
    "el taint": 100.0,
    "el module": 88.0,
    "el never sure of a wrong module": 100.0,
    "satyr": 95.0,
    "abrt oopses": 95.0,
    "abrt taint": 95.0,
    "crash sessions": 98.0,
}
"""Percent per measure."""


@dataclass
class Scores:
    """Counts per measure, and the misses."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    total: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    misses: dict[str, list[tuple[str, object, object]]] = field(default_factory=lambda: defaultdict(list))

    def count(self, measure: str, row: str, want: object, got: object, ok: bool) -> None:
        """Count one comparison."""
        self.total[measure] += 1
        self.right[measure] += ok
        if not ok:
            self.misses[measure].append((row, want, got))

    def percent(self, measure: str) -> float:
        """Share that is right."""
        return 100 * self.right[measure] / self.total[measure]

    def table(self) -> Iterator[str]:
        """A line per measure: counts, per cent, target, and whether it is reached."""
        for measure in self.total:
            percent = self.percent(measure)
            line = f"{measure:34s} {self.right[measure]:5d} / {self.total[measure]:5d}  {percent:6.2f} %"
            if measure in TARGETS:
                verdict = "" if percent >= TARGETS[measure] else "  MISSED"
                line += f"   target {TARGETS[measure]:5.1f} %{verdict}"
            yield line

    def worst(self, most: int) -> Iterator[str]:
        """Up to `most` misses of each measure."""
        for measure, misses in self.misses.items():
            for row, want, got in misses[:most]:
                yield f"  {measure} | {row}\n      want {want!r}\n      got  {got!r}"


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of one corpus; none if the file is not there."""
    path = folder / f"{name}.jsonl"
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)
