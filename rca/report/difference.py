"""What new evidence would change in a text that a person typed, line by line, and taking some of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Sign(StrEnum):
    """What an offer does to a line."""

    SAME = " "
    TAKEN_OUT = "-"
    PUT_IN = "+"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a difference."""

    sign: Sign
    text: str

    def __str__(self) -> str:
        return f"{self.sign} {self.text}"


def compare(stands: str, offered: str) -> tuple[Change, ...]:
    """The difference from what stands to what is offered."""
    old, new = stands.split("\n"), offered.split("\n")
    found: list[Change] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += (Change(Sign.SAME, line) for line in old[i:j])
            continue
        found += (Change(Sign.TAKEN_OUT, line) for line in old[i:j])
        found += (Change(Sign.PUT_IN, line) for line in new[k:m])
    return tuple(found)


def apply(changes: Iterable[Change], chosen: Iterable[int]) -> str:
    """The text after the chosen changes (by number, from 0): those not chosen leave it as it stands."""
    taken = frozenset(chosen)
    lines = []
    for number, change in enumerate(changes):
        if change.sign is Sign.SAME or (change.sign is Sign.PUT_IN) == (number in taken):
            lines.append(change.text)
    return "\n".join(lines)
