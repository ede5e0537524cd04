"""What dnf says when it installed nothing. Its exit status does not tell: "Nothing to do" is a success to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """Why nothing was installed."""

    NO_DEBUGINFO = "no debuginfo"
    NO_MATCH = "no match"
    UNKNOWN_REPOSITORY = "unknown repository"
    UNREACHABLE = "unreachable"
    NOT_ROOT = "not root"
    NO_SPACE = "no space"
    CONFLICT = "conflict"
    NOTHING = "nothing to do"


_SAID = (
    (Trouble.NO_DEBUGINFO, r"Could not find debuginfo package for the following installed packages"),
    (Trouble.NO_MATCH, r"(?:Error: )?Unable to find a match|No match for argument"),
    (Trouble.UNKNOWN_REPOSITORY, r"Error: Unknown repo"),
    (
        Trouble.UNREACHABLE,
        r"Error: Failed to download metadata|Error: Error downloading packages|.*Curl error",
    ),
    (Trouble.NOT_ROOT, r"Error: This command has to be run with superuser privileges|.*rpmdb open failed"),
    (
        Trouble.NO_SPACE,
        r".*(?:No space left on device|needs \d+\S* more space on|At least \d+\S+ more space needed)",
    ),
    (Trouble.CONFLICT, r"Error:\s*$| Problem(?: \d+)?: "),
    (Trouble.NOTHING, r"Nothing to do\.?"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """The first line of dnf's that tells why it did not do what was wanted."""

    trouble: Trouble
    line: int
    """1-based."""


def trouble(lines: Iterable[str]) -> Said | None:
    """Find why nothing was installed, the most telling reason first; None where dnf names none."""
    lines = tuple(lines)
    for kind, pattern in _SAID:
        find = re.compile(pattern).match
        number = next((number for number, line in enumerate(lines, 1) if find(line)), 0)
        if number:
            return Said(kind, number)
    return None
