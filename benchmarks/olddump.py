"""A crash directory made byte by byte, whose log lies as kernels before 5.10 laid it: ``crash --log`` reads it.

Without debuginfo crash (8.0.2, and 9.0.2 as well) finds a log only where VMCOREINFO names ``log_first_idx``, as that
of EL8's 4.18 does; before the ring buffer of kernels since 5.10 it gives up at once. The layout is that of crash's
diskdump.h and of 4.18's ``struct printk_log``; the pages hold the log and nothing else.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

RELEASE = "4.18.0-553.el8_10.x86_64"
_PAGE = 4096
_KERNEL = 0xFFFFFFFF80000000
"""Where x86-64 maps the kernel image: a virtual address less this is a physical one."""
_VARIABLES = 0x1000000
_BUFFER = 0x2000000
"""Physical addresses of the log's variables and of its buffer."""
_SIZE = 1 << 20
"""Bytes of the buffer, as EL8 is built."""
_STAMP = re.compile(r"\[ *(\d+)\.(\d{6})\] ?(.*)")


def make(directory: Path, lines: Iterable[str], gigabytes: int) -> Path:
    """Write vmcore and vmcore-dmesg.txt of a node with so much memory; returns the vmcore. Raises OSError."""
    lines = tuple(lines)
    (directory / "vmcore-dmesg.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    vmcore = directory / "vmcore"
    vmcore.write_bytes(_kdump(_pages(b"".join(map(_record, lines))), gigabytes << 18))
    return vmcore


def _record(line: str) -> bytes:
    """One struct printk_log with its text."""
    found = _STAMP.fullmatch(line)
    text = (found[3] if found else line).encode()
    when = int(found[1]) * 1_000_000_000 + int(found[2]) * 1000 if found else 0
    length = 16 + len(text) + 7 & ~7
    return (struct.pack("<QHHHBB", when, length, len(text), 0, 0, 0x66) + text).ljust(length, b"\0")


def _pages(log: bytes) -> dict[int, bytes]:
    """The pages that are dumped, by their number."""
    if len(log) >= _SIZE:
        raise ValueError(f"a log of {len(log)} bytes is too long")
    variables = struct.pack("<QIII", _KERNEL + _BUFFER, _SIZE, 0, len(log)).ljust(_PAGE, b"\0")
    buffer = log.ljust(_SIZE, b"\0")
    filled = {(_BUFFER + at) // _PAGE: buffer[at : at + _PAGE] for at in range(0, _SIZE, _PAGE)}
    return {_VARIABLES // _PAGE: variables, **filled}


def _vmcoreinfo() -> bytes:
    at = _KERNEL + _VARIABLES
    return (
        f"OSRELEASE={RELEASE}\nPAGESIZE={_PAGE}\nSYMBOL(_stext)={at:x}\nSYMBOL(phys_base)={at + 64:x}\n"
        f"SYMBOL(log_buf)={at:x}\nSYMBOL(log_buf_len)={at + 8:x}\n"
        f"SYMBOL(log_first_idx)={at + 12:x}\nSYMBOL(log_next_idx)={at + 16:x}\n"
        "SIZE(printk_log)=16\nOFFSET(printk_log.ts_nsec)=0\nOFFSET(printk_log.len)=8\n"
        "OFFSET(printk_log.text_len)=10\nOFFSET(printk_log.dict_len)=12\nCRASHTIME=1766394540\n"
    ).encode()


def _kdump(pages: dict[int, bytes], frames: int) -> bytes:
    """A kdump file, compressed with zlib, of a machine with so many page frames."""
    names = b"".join(
        name.encode().ljust(65, b"\0")
        for name in ("Linux", "worker-07", RELEASE, "#1 SMP", "x86_64", "(none)")
    )
    bitmap_blocks = -(-frames // (8 * _PAGE))
    head = (b"KDUMP   " + struct.pack("<i", 6) + names).ljust(408, b"\0")
    head += struct.pack("<qqIiiIIIIIII", 1766394540, 0, 1, _PAGE, 1, 2 * bitmap_blocks, frames, 0, 0, 0, 0, 2)
    info = _vmcoreinfo()
    sub = struct.pack("<QiiQQqQqQqQQQQ", 0, 31, 0, 0, 0, _PAGE + 512, len(info), 0, 0, 0, 0, 0, 0, frames)
    dumped = bytearray(bitmap_blocks * _PAGE)
    for number in pages:
        dumped[number // 8] |= 1 << number % 8
    start = head.ljust(_PAGE, b"\0") + (sub.ljust(512, b"\0") + info).ljust(_PAGE, b"\0")
    start += b"\xff" * len(dumped) + dumped
    table, data = bytearray(), bytearray()
    first = len(start) + 24 * len(pages)
    for number in sorted(pages):
        packed = zlib.compress(pages[number])
        table += struct.pack("<qIIQ", first + len(data), len(packed), 1, 0)
        data += packed
    return bytes(start + table + data)
