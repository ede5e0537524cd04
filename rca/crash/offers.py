"""What an expert would ask crash next about a word: a symbol, an address, a module or a process.

Only the words of one line are looked at, so everything here works on any output of crash and on a kernel log alike.
The commands change nothing and pass safe mode.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What a word names."""

    FUNCTION = "function"
    TEXT = "instruction"
    """An address of code."""
    STACK = "stack address"
    TASK = "task"
    """The address of a task_struct."""
    DATA = "address"
    MODULE = "module"
    PID = "process"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line that can be asked about."""

    start: int
    end: int
    """Characters [start, end) of the line."""
    about: About
    value: str
    """As crash takes it: an address without ``0x``, a function with its offset."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One command, and what it tells."""

    command: str
    tells: str


_LONGEST = 1_000
"""Characters of a line that are looked at."""
_WORD = re.compile(
    r"(?P<pid>(?:(?<=\bPID: )|(?<=\bpid )|(?<=\bpid=))\d{1,7}\b"
    r"|(?<=:)\d{1,7}(?=\]| blocked for more| is blocked)"
    r"|^\s*>?\s*\d{1,7}(?=\s+-?\d+\s+\d+\s+[0-9a-f]{8,16}\s+[A-Z]{2}\s))"
    r"|(?P<function>\b[A-Za-z_][\w.]*\+(?:0x[0-9a-f]+|\d+)(?![\w.])"
    r"|(?<=\] )[A-Za-z_][\w.]*(?=(?: \([^()]{1,20}\))? at [0-9a-f])"
    r"|(?<= \([TtWwDdBbRrVv]\) )[A-Za-z_][\w.]*)"
    r"|(?P<module>(?<=\S \[)(?![0-9a-f]{12,16}\])[a-z]\w*[A-Za-z]\w*(?:-\w+)*(?=\]|\([A-Z]+\)\]| [0-9a-f]{16,40}\])"
    r"|(?<=[0-9a-f] )(?<=[0-9a-f]{8} )[ ]*[a-z]\w*[A-Za-z]\w*(?=\s+[0-9a-f]{16}\s+\d+\s))"
    r"|(?P<address>\b(?:0x)?[0-9a-f]{12,16}\b)"
)
_RETURN = re.compile(r" at ([0-9a-f]{8,16})\b")


def words(line: str) -> tuple[Word, ...]:
    """The words of a line that can be asked about, in order."""
    line = line[:_LONGEST]
    return tuple(word for found in _WORD.finditer(line) if (word := _word(line, found)))


def word_at(line: str, column: int) -> Word | None:
    """The word at or next after a column, else the last one before it; None where there is nothing to ask about."""
    found = words(line)
    return next((word for word in found if column < word.end), found[-1] if found else None)


def offers(word: Word) -> tuple[Offer, ...]:
    """The commands, the most useful one first."""
    return _OFFERS[word.about](word.value)


def _word(line: str, found: re.Match[str]) -> Word | None:
    start, end = found.span()
    start += len(found[0]) - len(found[0].lstrip("> "))
    text = line[start:end]
    if found["pid"]:
        return Word(start, end, About.PID, text)
    if found["module"]:
        return Word(start, end, About.MODULE, text)
    if found["function"]:
        back = _RETURN.search(line, end)
        known = "+" in text or back is None
        return Word(start, end, About.FUNCTION, text if known or back is None else f"{text} {back[1]}")
    address = text.removeprefix("0x")
    about = _address(line, start, address)
    return Word(start, end, about, address) if about else None


def _address(line: str, start: int, address: str) -> About | None:
    """What an address is, by where it stands and by the kernel's map; None where crash has nothing to tell."""
    if int(address, 16) < 1 << 32:
        return None
    before = line[:start]
    if before.endswith("TASK: ") or re.search(r"^\s*>?\s*\d+\s+-?\d+\s+\d+\s+$", before):
        return About.TASK
    if re.search(r"#\d+ +\[$", before) or before.endswith("RSP: "):
        return About.STACK
    if address.startswith("ffffffff") or before.endswith((" at ", "RIP: ")):
        return About.TEXT
    return About.DATA if address.startswith("f") and len(address) == 16 else None


def _function(value: str) -> tuple[Offer, ...]:
    name, _, back = value.partition(" ")
    bare = name.partition("+")[0]
    return (
        Offer(f"dis -rl {back or name}", "the instructions that led here, with source lines"),
        Offer(f"dis -l {bare}", "the whole function"),
        Offer(f"sym {back or name}", "address, module and source line"),
        Offer(f"whatis {bare}", "its declaration"),
    )


def _text(value: str) -> tuple[Offer, ...]:
    return (
        Offer(f"sym {value}", "which function, module and source line this is"),
        Offer(f"dis -rl {value}", "the instructions that led here"),
        Offer(f"rd -s {value} 16", "what stands there, symbols named"),
    )


def _stack(value: str) -> tuple[Offer, ...]:
    return (
        Offer(f"rd -s {value} 32", "what lies on the stack there, symbols named"),
        Offer(f"kmem {value}", "which task's stack this is"),
    )


def _task(value: str) -> tuple[Offer, ...]:
    return (
        Offer(f"bt {value}", "its backtrace"),
        Offer(f"bt -f {value}", "its backtrace with all that lies on the stack"),
        Offer(f"ps {value}", "its state, parent and memory"),
        Offer(f"files {value}", "what it has open"),
        Offer(f"task -R state,comm,pid,on_cpu {value}", "the fields of its task_struct that matter"),
    )


def _data(value: str) -> tuple[Offer, ...]:
    return (
        Offer(f"kmem {value}", "what this memory is: which slab cache, page or stack"),
        Offer(f"rd -SS {value} 16", "what stands there, slab objects and symbols named"),
        Offer(f"sym {value}", "which symbol it belongs to"),
        Offer(f"list -x {value}", "follow it as a list"),
    )


def _module(value: str) -> tuple[Offer, ...]:
    return (
        Offer(f"mod -s {value}", "load its debugging information"),
        Offer(f"sym -m {value}", "its symbols"),
        Offer("mod -t", "which modules taint the kernel"),
    )


def _pid(value: str) -> tuple[Offer, ...]:
    return (
        Offer(f"bt {value}", "its backtrace"),
        Offer(f"bt -f {value}", "its backtrace with all that lies on the stack"),
        Offer(f"files {value}", "what it has open"),
        Offer(f"ps -p {value}", "its parents"),
        Offer(f"vm {value}", "its memory"),
        Offer(f"sig {value}", "its signals"),
    )


_OFFERS: dict[About, Callable[[str], tuple[Offer, ...]]] = {
    About.FUNCTION: _function,
    About.TEXT: _text,
    About.STACK: _stack,
    About.TASK: _task,
    About.DATA: _data,
    About.MODULE: _module,
    About.PID: _pid,
}
