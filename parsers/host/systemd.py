"""``systemctl status UNIT`` and ``systemctl list-unit-files``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LOADED = re.compile(r"^\s*Loaded: (\S+)(?: \(([^;)]*)(?:; ([^;)]*))?)?")
_ACTIVE = re.compile(r"^\s*Active: (\S+)(?: \(([^)]*)\))?(?: since ([^;]+))?")
_CONDITION = re.compile(r"^\s*Condition: (.*)$")
_UNMET = re.compile(r"^\s*(?:[└├]─|\|-|`-)?\s*(\S+ was not met)")
_MISSING = re.compile(
    r"^Unit (\S+?)(?:\.service)? could not be found|^Failed to get properties: Unit \S+ not found"
)
_UNIT_FILE = re.compile(r"^(\S+\.(?:service|timer|socket))\s+([a-z-]+)")


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """How a unit stands."""

    found: bool = False
    """False: no such unit, or the output is none of systemctl's."""
    missing: bool = False
    """systemctl says that there is no such unit."""
    loaded: str = ""
    """``loaded``, ``not-found``, ``masked``."""
    enabled: str = ""
    """``enabled``, ``disabled``, ``static`` …"""
    active: str = ""
    """``active``, ``inactive``, ``failed``, ``activating``."""
    sub: str = ""
    """``exited``, ``dead`` …; for ``failed`` the result."""
    since: str = ""
    condition: str = ""
    """The unmet condition, in systemctl's words."""
    line: int = 0
    """1-based line of Active."""
    condition_line: int = 0


def parse_status(lines: Iterable[str]) -> UnitStatus:
    """Read one unit's status."""
    values: dict[str, str | int | bool] = {}
    for number, line in enumerate(lines, 1):
        if (match := _LOADED.match(line)) and "loaded" not in values:
            values |= {"found": True, "loaded": match[1], "enabled": (match[3] or "").strip()}
            values["missing"] = match[1] == "not-found"
        elif (match := _ACTIVE.match(line)) and "active" not in values:
            values |= {
                "active": match[1],
                "sub": match[2] or "",
                "since": (match[3] or "").strip(),
                "line": number,
            }
        elif (match := _CONDITION.match(line)) and "condition" not in values:
            values |= {"condition": match[1].strip(), "condition_line": number}
        elif "condition" in values and (match := _UNMET.match(line)):
            values |= {"condition": match[1], "condition_line": number}
        elif _MISSING.match(line):
            values["missing"] = True
    return UnitStatus(**values)  # type: ignore[arg-type]


def parse_unit_files(lines: Iterable[str]) -> tuple[tuple[str, str, int], ...]:
    """Read ``systemctl list-unit-files``: (unit, state, 1-based line)."""
    found = ((number, _UNIT_FILE.match(line)) for number, line in enumerate(lines, 1))
    return tuple((match[1], match[2], number) for number, match in found if match)
