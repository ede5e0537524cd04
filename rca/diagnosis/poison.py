"""Bit patterns that the kernel writes into memory that nobody may use any more (include/linux/poison.h)."""

from __future__ import annotations

from parsers.klog.model import Event

_BASES = (  # the first that holds a value names it
    (0xDEAD000000000122, 0x10, "LIST_POISON2: the entry was already taken off its list"),
    (0xDEAD000000000100, 0x80, "LIST_POISON1: the entry was already taken off its list"),
    (0xDEAD000000000200, 0x80, "LIST_POISON2: the entry was already taken off its list"),
    (0x6B6B6B6B6B6B6B00, 0x1000, "slab poison 6b: the object was freed"),
    (0x5A5A5A5A5A5A5A00, 0x1000, "slab poison 5a: the object was never initialised"),
    (0xA5A5A5A5A5A5A500, 0x1000, "slab end mark a5"),
)


def poison(value: int) -> str:
    """What a pointer of this value tells; empty when it is no known pattern (offsets of members included)."""
    for base, span, meaning in _BASES:
        if base <= value < base + span:
            return meaning
    return ""


def poisoned(event: Event) -> bool:
    """Whether a register or the address holds a value that freed or unlinked memory is filled with."""
    if event.address is not None and poison(event.address):
        return True
    return event.kind == "gpf" and any(poison(value) for name, value in event.registers if name != "RIP")
