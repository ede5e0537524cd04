"""Giving stable names: what is the same in two places, or in two exports of a case, gets the same name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rca.encoding import DAMAGE
from rca.private import write_private
from rca.report.redaction.patterns import find
from rca.report.redaction.places import Found, Text
from rca.steps.common import count

FILE = "redaction.json"
"""Beside the form in the case's directory; it is the key to the names, and never leaves with them."""
_SCHEMA = 1
_LINE = re.compile(
    r"^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ kernel: )?(\[ *\d+\.\d{6}\] )?(.*)$", re.MULTILINE
)
"""What syslog puts before a kernel's line, the kernel's time stamp, and the line itself."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """One name that was replaced, for the preview."""

    original: str
    name: str
    times: int

    def __str__(self) -> str:
        return f"{self.name}  {self.original}  ({count(self.times, 'time')})"


class Redactor:
    """Replaces names in texts and remembers how. Not thread-safe."""

    def __init__(self, known: Mapping[str, str], names: Mapping[str, str] | None = None) -> None:
        """Take what is known beforehand.

        Args:
            known: Names that no pattern finds, with their kinds.
            names: Original → name, from earlier exports of the same case.
        """
        self._names = {original.casefold(): name for original, name in (names or {}).items()}
        self._known = {name.casefold(): kind for name, kind in known.items()}
        self._times: dict[str, int] = {}
        self._originals: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text with every secret replaced. Lines that differ by their time stamp alone are gone through once."""
        heads, stamps, bodies = zip(*_LINE.findall(text), strict=True)
        times = Counter(heads)
        times.update(bodies)
        new = dict(zip(times, self._redacted(times).split("\n"), strict=True)).__getitem__
        return "\n".join(map("".join, zip(map(new, heads), stamps, map(new, bodies), strict=True)))

    def value(self, item: Any) -> Any:
        """The same for a value that `json.dumps` takes; its keys stay."""
        if isinstance(item, str):
            return self(item)
        if isinstance(item, Mapping):
            return {key: self.value(inner) for key, inner in item.items()}
        return [self.value(inner) for inner in item] if isinstance(item, list | tuple) else item

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        """What was replaced so far, in the order in which it came up."""
        return tuple(
            Replacement(self._originals[key], self._names[key], times) for key, times in self._times.items()
        )

    @property
    def names(self) -> dict[str, str]:
        """Original → name, to be kept with the case."""
        return dict(self._names)

    def _redacted(self, lines: Mapping[str, int]) -> str:
        """The lines, each of them given with how often it stands in the text."""
        text = "\n".join(lines)
        counts = iter(lines.items())
        parts, at, line_end, times = [], 0, -1, 0
        for start, end, kind in self._found(text):
            while start > line_end:
                line, times = next(counts)
                line_end += len(line) + 1
            parts += [text[at:start], self._name(text[start:end], kind, times)]
            at = end
        return "".join((*parts, text[at:]))

    def _found(self, text: str) -> list[Found]:
        """What to replace, from left to right: of overlapping finds the one that begins first, then the longest."""
        where = Text(text)
        found = list(find(where))
        for name, kind in self._known.items():
            found += ((start, end, kind) for start, end in where.named(name))
        found.sort(key=lambda one: (one[0], -one[1]))
        kept: list[Found] = []
        last = 0
        for start, end, kind in found:
            if end > last:
                kept.append((max(start, last), end, kind))
                last = end
        return kept

    def _name(self, original: str, kind: str, times: int) -> str:
        key = original.casefold()
        if key not in self._names:
            self._names[key] = self._new(self._known.get(key, kind))
        self._originals.setdefault(key, original)
        self._times[key] = self._times.get(key, 0) + times
        return self._names[key]

    def _new(self, kind: str) -> str:
        taken = {*self._names.values(), *self._names, *self._known}
        number = 1
        while f"{kind}-{number}" in taken:
            number += 1
        return f"{kind}-{number}"


def read_names(directory: Path | None) -> dict[str, str]:
    """The names that a case has given so far; none where it has given none, or the file is damaged."""
    if directory is None:
        return {}
    try:
        data = json.loads((directory / FILE).read_text(encoding="utf-8"))
        return {str(original): str(name) for original, name in data["names"].items()}
    except (OSError, *DAMAGE):
        return {}


def save_names(directory: Path, names: Mapping[str, str]) -> None:
    """Keep the names with the case. Raises OSError."""
    text = json.dumps({"schema": _SCHEMA, "names": dict(names)}, indent=1, ensure_ascii=False)
    write_private(directory / FILE, text + "\n")
