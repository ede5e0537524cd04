"""How long a kdump file must be, reckoned from its page table: what a copy that was cut short gives away.

The header says how many pages were dumped (the set bits of the second bitmap) and the last page descriptors say where
their data end. Nothing else in the file tells that its tail is missing, and crash opens such a file without a word.
A file of the right length may have holes, too: space that was set aside and never written reads as zeros, and a
compressed page is never all zeros.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

_MOST_BITMAP = 128 << 20
_DESCRIPTOR = 24
_LAST = 1024
"""Descriptors looked at: pages of zeros share one place near the start, so the very last may not be the farthest."""
_FEW = 64
_COMPRESSED = 0x1 | 0x2 | 0x4 | 0x20
_PAGE = 64 << 10
"""Bytes of the largest page."""
Read = Callable[[int, int], bytes]
"""Gives a file's bytes from an offset, so many of them, fewer at its end."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What a kdump file's own tables say of its length and of what must stand in it."""

    size: int = 0
    """Bytes that a whole file has at least; 0 where that cannot be told."""
    written: tuple[tuple[int, int], ...] = ()
    """Offset and size of a few pieces that are not all zeros in a whole file."""


def hole(extent: Extent, read: Read) -> int | None:
    """Offset of a piece that was never written, or None."""
    return next((offset for offset, size in extent.written if not any(read(offset, size))), None)


def extent_of(read: Read) -> Extent:
    """Reckon how far a kdump file reaches. Never raises for what the bytes hold."""
    head = read(0, 464)
    if len(head) < 464 or head[:8] != b"KDUMP   ":
        return Extent()
    order = "<" if struct.unpack_from("<I", head, 8)[0] < 1 << 16 else ">"
    machine = head[272:337].split(b"\0", 1)[0]
    if machine not in (b"x86_64", b"aarch64", b"ppc64", b"ppc64le", b"s390x", b"riscv64"):
        return Extent()
    block: int
    sub_blocks: int
    bitmap_blocks: int
    block, sub_blocks, bitmap_blocks = struct.unpack_from(order + "iiI", head, 428)
    if not (
        512 <= block <= 1 << 20 and 0 < sub_blocks < 1 << 20 and 0 < bitmap_blocks * block <= _MOST_BITMAP
    ):
        return Extent()
    split = read(block + 12, 4)
    if len(split) < 4 or any(split):
        return Extent()  # one part of several: its bitmap speaks of the whole
    bitmaps = (1 + sub_blocks) * block
    half = bitmap_blocks * block // 2
    second = read(bitmaps + half, half)
    table = bitmaps + bitmap_blocks * block
    if len(second) < half:
        return Extent(table)
    pages = int.from_bytes(second, "little").bit_count()
    data = table + pages * _DESCRIPTOR
    last = _pages(read(max(table, data - _LAST * _DESCRIPTOR), min(pages, _LAST) * _DESCRIPTOR), order)
    if not pages or len(last) < min(pages, _LAST):
        return Extent(data)
    middle = _pages(read(table + pages // 2 * _DESCRIPTOR, _FEW * _DESCRIPTOR), order)
    stored = [(place, size) for place, size, flags in last if flags & _COMPRESSED and size]
    within = [
        (place, size) for place, size, flags in middle[: pages - pages // 2] if flags & _COMPRESSED and size
    ]
    written = ((data - _DESCRIPTOR, _DESCRIPTOR), *sorted(stored)[-1:], *within[:1])
    return Extent(max(data, *(place + size for place, size, _ in last)), written)


def _pages(table: bytes, order: str) -> list[tuple[int, int, int]]:
    """Offset, size and flags of the data of some pages; zeros for what no file can hold."""
    whole = len(table) - len(table) % _DESCRIPTOR
    found = struct.iter_unpack(order + "qIIQ", table[:whole])
    return [page[:3] if 0 <= page[0] < 1 << 60 and page[1] <= _PAGE else (0, 0, 0) for page in found]
