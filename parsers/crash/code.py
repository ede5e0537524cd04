"""Addresses and instructions: what `sym` and `dis` (with -r, -l) print."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.crash import numbered, offset


@dataclass(frozen=True, slots=True)
class Symbol:
    """One row of `sym`."""

    address: int
    kind: str
    """As in nm: ``t``, ``T``, ``d`` …"""
    name: str
    offset: int
    """Bytes from the symbol to the address."""
    module: str
    """Empty for the kernel itself."""
    line: int
    """1-based line number."""
    file: str = ""
    """Source file, where the debuginfo of the module is loaded."""
    file_line: int | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """One row of `dis`."""

    address: int
    function: str
    offset: int
    """Bytes into the function."""
    text: str
    """``mov    0x30(%rax),%rdi``."""
    line: int
    """1-based line number."""
    file: str = ""
    """Source file and line above it, with `dis -l`."""
    file_line: int | None = None

    @property
    def registers(self) -> tuple[str, ...]:
        """Registers through which it reaches memory, as crash prints their names: ``RAX``; x86-64 only."""
        found = _OPERAND.search(self.text)
        return tuple(name.upper() for name in found.groups() if name) if found else ()


_SYMBOL = re.compile(
    r"\s*([0-9a-f]{8,16}) \(([A-Za-z?])\) ([^\s+\[]+)(?:\+(0x[0-9a-f]+|\d+))?(?: \[([\w-]+)\])?(?: (\S+): (\d+))?\s*$"
)
_INSTRUCTION = re.compile(r"\s*0x([0-9a-f]{8,16}) <([^>+]+)(?:\+(0x[0-9a-f]+|\d+))?>:\s+(\S.*)$")
_SOURCE = re.compile(r"\s*(\S+\.[chSs]): (\d+)$")
_OPERAND = re.compile(r"\((?:%([a-z0-9]{2,3}))?(?:,%([a-z0-9]{2,3}))?(?:,[1248])?\)")


def read_sym(lines: Iterable[str]) -> tuple[Symbol, ...]:
    """Read the rows of `sym`; other lines are passed over."""
    found = []
    for number, line in numbered(lines):
        if row := _SYMBOL.match(line):
            address, kind, name, inside, module, file, at = row.groups()
            where = int(at) if at else None
            found.append(
                Symbol(
                    int(address, 16), kind, name, offset(inside) or 0, module or "", number, file or "", where
                )
            )
    return tuple(found)


def read_dis(lines: Iterable[str]) -> tuple[Instruction, ...]:
    """Read the rows of `dis`, in order; other lines are passed over."""
    found = []
    file, at = "", None
    for number, line in numbered(lines):
        if source := _SOURCE.match(line):
            file, at = source[1], int(source[2])
        elif row := _INSTRUCTION.match(line):
            found.append(Instruction(int(row[1], 16), row[2], offset(row[3]) or 0, row[4], number, file, at))
    return tuple(found)
