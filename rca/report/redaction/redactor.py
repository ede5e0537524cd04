"""Giving stable names: what is the same in two places, or in two exports of a case, gets the same name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rca.private import write_private
from rca.report.redaction.patterns import Found, find

FILE = "redaction.json"
"""Beside the form in the case's directory; it is the key to the names, and never leaves with them."""
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Replacement:
    """One name that was replaced, for the preview."""

    original: str
    name: str
    times: int

    def __str__(self) -> str:
        return f"{self.name}  {self.original}  ({self.times} times)"


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
        longest = sorted(known, key=lambda name: (-len(name), name))
        words = "|".join(map(re.escape, longest))
        self._find = re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE) if words else None
        self._times: dict[str, int] = {}
        self._originals: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text with every secret replaced."""
        parts, at = [], 0
        for found in self._all(text):
            parts += [text[at : found.start], self._name(text[found.start : found.end], found.kind)]
            at = found.end
        return "".join((*parts, text[at:])) if parts else text

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

    def _all(self, text: str) -> list[Found]:
        """What to replace, from left to right: of overlapping finds the one that begins first, then the longest."""
        found = list(find(text))
        if self._find:
            found += (
                Found(*match.span(), self._known[match[0].casefold()]) for match in self._find.finditer(text)
            )
        kept: list[Found] = []
        for one in sorted(found, key=lambda item: (item.start, -item.end)):
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
            elif one.end > kept[-1].end:
                kept.append(Found(kept[-1].end, one.end, one.kind))
        return kept

    def _name(self, original: str, kind: str) -> str:
        key = original.casefold()
        if key not in self._names:
            self._names[key] = self._new(self._known.get(key, kind))
        self._originals.setdefault(key, original)
        self._times[key] = self._times.get(key, 0) + 1
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
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_names(directory: Path, names: Mapping[str, str]) -> None:
    """Keep the names with the case. Raises OSError."""
    text = json.dumps({"schema": _SCHEMA, "names": dict(names)}, indent=1, ensure_ascii=False)
    write_private(directory / FILE, text + "\n")
