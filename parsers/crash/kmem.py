"""`kmem -i` (how memory was used) and `kmem -s` (slab caches and what is wrong with them)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.crash import numbered


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """One row of `kmem -i`."""

    name: str
    """``TOTAL MEM``, ``FREE``, ``COMMITTED`` …"""
    pages: int
    total: str
    """As printed: ``305 MB``, ``0``."""
    percent: int | None
    """None for the totals themselves (``----``)."""
    of: str
    """What the percentage is of: ``TOTAL MEM``, ``TOTAL LIMIT``; empty without one."""
    line: int
    """1-based line number."""


@dataclass(frozen=True, slots=True)
class SlabCache:
    """One row of `kmem -s`. A number that crash could not find (``?``) is None; that is no corruption."""

    name: str
    address: int
    object_size: int | None
    allocated: int | None
    total: int | None
    slabs: int | None
    slab_size: str
    """As printed: ``4k``."""
    line: int


@dataclass(frozen=True, slots=True)
class SlabError:
    """One complaint of `kmem -s` or `kmem -S`."""

    text: str
    cache: str
    """The cache named in it; may be empty."""
    corruption: bool
    """Whether it speaks of damaged lists or objects. False: crash could not read something, which proves nothing."""
    line: int


_MEMORY = re.compile(
    r"\s*([A-Z][A-Z ]*?[A-Z])\s+(\d+)\s+(\d+(?:\.\d+)?(?: [KMGTP]?B)?)\s+(?:(-+)|(\d+)% of ([A-Z ]+?))$"
)
_CACHE = re.compile(r"\s*([0-9a-f]{8,16})\s+(\d+|\?)\s+(\d+|\?)\s+(\d+|\?)\s+(\d+|\?)\s+(\d+k|\?)\s+(\S.*?)$")
_CACHE_OLD = re.compile(
    r"\s*([0-9a-f]{8,16})\s+(\S.*?)\s+(\d+|\?)\s+(\d+|\?)\s+(\d+|\?)\s+(\d+|\?)\s+(\d+k|\?)$"
)
_ERROR = re.compile(r"\s*kmem: (?:([\w:.-]+): )?(.*)")
_CORRUPT = re.compile(
    r"invalid/?(?:corrupt)? ?freep?(?:ointer|list)|corrupted? free ?list|bad (?:next|prev|s_mem|inuse|active|slab)"
    r"|duplicate (?:freelist )?object|invalid (?:partial|full|free) list|list: .*bad|invalid slab|corrupt",
    re.IGNORECASE,
)


def read_kmem_i(lines: Iterable[str]) -> tuple[MemoryRow, ...]:
    """Read the rows of `kmem -i`, in order."""
    found = []
    for number, line in numbered(lines):
        if row := _MEMORY.match(line):
            name, pages, total, _, percent, of = row.groups()
            found.append(
                MemoryRow(name, int(pages), total, int(percent) if percent else None, of or "", number)
            )
    return tuple(found)


def read_kmem_s(lines: Iterable[str]) -> tuple[tuple[SlabCache, ...], tuple[SlabError, ...]]:
    """Read caches and complaints of `kmem -s`, in order. No complaint does not prove a healthy slab."""
    caches: list[SlabCache] = []
    errors: list[SlabError] = []
    for number, line in numbered(lines):
        if row := _CACHE.match(line):
            address, *numbers, size, name = row.groups()
            caches.append(_cache(name, address, numbers, size, number))
        elif row := _CACHE_OLD.match(line):
            address, name, *numbers, size = row.groups()
            caches.append(_cache(name, address, numbers, size, number))
        elif complaint := _ERROR.match(line):
            text = line.strip()
            errors.append(SlabError(text, complaint[1] or "", bool(_CORRUPT.search(complaint[2])), number))
    return tuple(caches), tuple(errors)


def _cache(name: str, address: str, numbers: list[str], size: str, line: int) -> SlabCache:
    object_size, allocated, total, slabs = (int(number) if number.isdecimal() else None for number in numbers)
    return SlabCache(name, int(address, 16), object_size, allocated, total, slabs, size, line)
