"""How long a kdump file must be, reckoned from its page table: what a copy that was cut short gives away.

The header says how many pages were dumped (the set bits of the second bitmap) and the last page descriptors say where
their data end. Nothing else in the file tells that its tail is missing, and crash opens such a file without a word.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

_MOST_BITMAP = 128 << 20
_DESCRIPTOR = 24
_LAST = 1024
"""Descriptors looked at: pages of zeros share one place near the start, so the very last may not be the farthest."""


def whole_size(read: Callable[[int, int], bytes]) -> int:
    """Return the least size of a whole kdump file, or 0 where that cannot be told.

    `read(offset, size)` gives the file's bytes, fewer at its end. Never raises for what the bytes hold.
    """
    head = read(0, 464)
    if len(head) < 464 or head[:8] != b"KDUMP   ":
        return 0
    order = "<" if struct.unpack_from("<I", head, 8)[0] < 1 << 16 else ">"
    machine = head[272:337].split(b"\0", 1)[0]
    if machine not in (b"x86_64", b"aarch64", b"ppc64", b"ppc64le", b"s390x", b"riscv64"):
        return 0
    block: int
    sub_blocks: int
    bitmap_blocks: int
    block, sub_blocks, bitmap_blocks = struct.unpack_from(order + "iiI", head, 428)
    if not (
        512 <= block <= 1 << 20 and 0 < sub_blocks < 1 << 20 and 0 < bitmap_blocks * block <= _MOST_BITMAP
    ):
        return 0
    split = read(block + 12, 4)
    if len(split) < 4 or any(split):
        return 0  # one part of several: its bitmap speaks of the whole
    bitmaps = (1 + sub_blocks) * block
    half = bitmap_blocks * block // 2
    second = read(bitmaps + half, half)
    table = bitmaps + bitmap_blocks * block
    if len(second) < half:
        return table
    pages = int.from_bytes(second, "little").bit_count()
    data = table + pages * _DESCRIPTOR
    shown = min(pages, _LAST)
    descriptors = read(data - shown * _DESCRIPTOR, shown * _DESCRIPTOR)
    if len(descriptors) < shown * _DESCRIPTOR:
        return data
    ends = (offset + size for offset, size, _, _ in struct.iter_unpack(order + "qIIQ", descriptors))
    return max(data, max((end for end in ends if end < 1 << 60), default=0))
