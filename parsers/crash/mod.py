"""The table of `mod`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.crash import numbered


@dataclass(frozen=True, slots=True)
class Module:
    """One row of `mod`."""

    name: str
    address: int
    """Of its struct module (7.x, 8.0: MODULE; 8.0.4 and later may show it as BASE of the first region)."""
    base: int | None
    """Where its text begins; None where this crash does not print it."""
    size: int
    """Bytes."""
    line: int
    """1-based line number."""
    object_file: str = ""
    """Path of the loaded symbols; empty while not loaded, which is normal: functions resolve all the same."""

    def holds(self, address: int) -> bool:
        """Whether an address lies in it. Functions of a module's init section lie outside."""
        return self.base is not None and self.base <= address < self.base + self.size


_ROW = re.compile(r"\s*([0-9a-f]{8,16})\s+(\S+)\s+(?:([0-9a-f]{8,16})\s+)?(\d+)(?:\s+(\S.*?))?$")
_HEADING = re.compile(r"\s*MODULE\s+NAME\s+\S")


def read_mod(lines: Iterable[str]) -> tuple[Module, ...]:
    """Read the rows of `mod` under its heading; other lines are passed over."""
    found = []
    heading = False
    for number, line in numbered(lines):
        row = _ROW.match(line)
        if row is None:
            heading = _HEADING.match(line) is not None or (heading and not line.strip())
        if row is None or not heading:
            continue
        address, name, base, size, rest = row.groups()
        file = "" if rest is None or rest.startswith(("(", "[")) else rest
        found.append(
            Module(
                name=name,
                address=int(address, 16),
                base=int(base, 16) if base else None,
                size=int(size),
                line=number,
                object_file=file.split("  [")[0].strip(),
            )
        )
    return tuple(found)


def module_at(modules: Iterable[Module], address: int) -> Module | None:
    """The module whose core section holds an address: how an exception's RIP is attributed."""
    return next((module for module in modules if module.holds(address)), None)
