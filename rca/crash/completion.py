"""What can stand next on crash's command line: commands, their options, modules, symbols of the crashed kernel.

The symbols come from the vmlinux itself: to ask crash for them (`sym -l`) would put a hundred thousand lines into the
transcript.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parsers.elf import ElfError, read_elf
from parsers.elfsymbols import symbol_names
from rca.shipped import table
from rca.sources.disk import Disk

_SYMBOLS = frozenset(
    ("dis", "sym", "p", "rd", "whatis", "gdb", "struct", "union", "list", "tree", "waitq", "eval")
)
"""Commands that take the name of a function, variable or type."""
_MODULE_OPTIONS = frozenset((("mod", "-s"), ("mod", "-d"), ("sym", "-m")))


@dataclass(frozen=True, slots=True)
class Command:
    """One command of crash."""

    name: str
    tells: str
    """A few words."""
    options: tuple[str, ...]
    """Options, and words that may stand in their place."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that this session knows. Symbols are sorted."""

    modules: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    """Lines that were typed before, the oldest first."""


@cache
def commands() -> dict[str, Command]:
    """All commands by name."""
    return {
        name: Command(
            name, row["tells"], tuple((row.get("options", "") + " " + row.get("words", "")).split())
        )
        for name, row in table(Path(__file__).with_name("commands.toml")).items()
    }


def candidates(line: str, words: Vocabulary, most: int = 50) -> tuple[str, ...]:
    """The words that could stand where the line ends, in order; at most so many."""
    *before, begun = line.split(" ")
    before = [word for word in before if word]
    if not before:
        return _those(commands(), begun, most)
    first = before[0]
    if first == "help":
        return _those(commands(), begun, most) if len(before) == 1 else ()
    if begun.startswith("-"):
        return _those(commands()[first].options if first in commands() else (), begun, most)
    if (first, before[-1]) in _MODULE_OPTIONS:
        return _those(words.modules, begun, most)
    if first in _SYMBOLS:
        return _sorted(words.symbols, begun, most) if begun else ()
    plain = [word for word in commands()[first].options if word[0] != "-"] if first in commands() else []
    return _those(plain, begun, most) if begun else ()


def complete(line: str, words: Vocabulary) -> str:
    """The line as it most likely goes on: as it was typed last, else with the first candidate; empty: no idea."""
    if not line.strip():
        return ""
    for typed in reversed(words.history):
        if typed.startswith(line) and typed != line:
            return typed
    begun = line.rpartition(" ")[2]
    found = [word for word in candidates(line, words, 2) if word != begun]
    return line[: len(line) - len(begun)] + found[0] if found and begun else ""


def describe(line: str) -> str:
    """A few words on the command that is being typed, with its options; empty when it is none."""
    command = commands().get(line.split(" ")[0])
    if command is None:
        return ""
    return "  ".join(filter(None, (f"{command.name}: {command.tells}", " ".join(command.options))))


def kernel_symbols(vmlinux: str, disk: Disk) -> tuple[str, ...]:
    """The names in a vmlinux; none where it cannot be read. Takes a fifth of a second: not for the
    screen's thread."""

    def read(offset: int, size: int) -> bytes:
        return disk.read(Path(vmlinux), offset, size)

    try:
        return symbol_names(read, read_elf(read))
    except (ElfError, OSError):
        return ()


def _those(names: Iterable[str], begun: str, most: int) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(begun))[:most]


def _sorted(names: tuple[str, ...], begun: str, most: int) -> tuple[str, ...]:
    """A prefix search by bisection."""
    at = bisect_left(names, begun)
    return _those(names[at : at + most], begun, most)
