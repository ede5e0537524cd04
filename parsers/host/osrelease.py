"""``/etc/os-release``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

EL_IDS = frozenset({"rocky", "rhel", "almalinux", "centos", "ol"})
"""The distributions that share Enterprise Linux's kernel."""

_ASSIGNMENT = re.compile(r"^\s*([A-Z][A-Z0-9_]*)=(.*)$")


@dataclass(frozen=True, slots=True)
class OsRelease:
    """Which system this is."""

    id: str = ""
    """``rocky``."""
    version_id: str = ""
    """``8.10``."""
    name: str = ""
    pretty_name: str = ""
    line: int = 0
    """1-based line of ID."""
    version_line: int = 0

    @property
    def is_el8(self) -> bool:
        """Whether this is Enterprise Linux 8 or one of its rebuilds."""
        return self.id in EL_IDS and (self.version_id == "8" or self.version_id.startswith("8."))

    @property
    def title(self) -> str:
        """``Rocky Linux 8.10``."""
        if self.name and self.version_id:
            return f"{self.name} {self.version_id}"
        return self.pretty_name or self.id


def parse_os_release(lines: Iterable[str]) -> OsRelease:
    """Read the assignments; the last of each name counts, as for a shell."""
    values: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if match := _ASSIGNMENT.match(line):
            values[match[1]] = _unquoted(match[2].strip())
            numbers[match[1]] = number
    return OsRelease(
        id=values.get("ID", "").lower(),
        version_id=values.get("VERSION_ID", ""),
        name=values.get("NAME", ""),
        pretty_name=values.get("PRETTY_NAME", ""),
        line=numbers.get("ID", 0),
        version_line=numbers.get("VERSION_ID", 0),
    )


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return re.sub(r"\\([\"'$`\\])", r"\1", value)
