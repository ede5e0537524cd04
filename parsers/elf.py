"""As much of an ELF file as tells which kernel a vmlinux is: its sections, its banner, its build id.

The bytes are asked for piece by piece, so that a vmlinux of half a gigabyte costs a few megabytes of reading.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

Reader = Callable[[int, int], bytes]
"""(offset, size) → at most so many bytes from there; fewer at the end of the file."""

_NOBITS = 8
_NOTE = 7
_MOST_SECTIONS = 100_000
_CHUNK = 1 << 20
_BANNER = b"Linux version "
_LONGEST_BANNER = 512
_REAL_BANNER = re.compile(rb"Linux version \d.*#\d")
"""With its build number: since 6.1 a weak placeholder whose ``#`` has no number lies before the real one."""


class ElfError(ValueError):
    """This is no ELF file, or a damaged one; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section header."""

    name: str
    kind: int
    """sh_type."""
    address: int
    offset: int
    size: int
    """Bytes; in the file only when `has_bytes`."""

    @property
    def has_bytes(self) -> bool:
        """False for .bss, and for code and data in a separate debuginfo file."""
        return self.kind != _NOBITS


@dataclass(frozen=True, slots=True)
class Elf:
    """What a kernel's ELF file says of itself."""

    machine: int
    """e_machine: 62 x86-64, 183 AArch64, 21 PowerPC64, 22 S/390."""
    sections: tuple[Section, ...]
    banner: str
    """``Linux version 4.18.0-… (…) #1 SMP …``; empty when there is none."""
    build_id: str
    """Hexadecimal; empty when there is none."""

    @property
    def has_debug_info(self) -> bool:
        """Whether DWARF is inside."""
        return any(
            s.name in (".debug_info", ".zdebug_info") and s.has_bytes and s.size for s in self.sections
        )

    @property
    def only_debug_info(self) -> bool:
        """Whether code and data were left out, as in a separate debuginfo file."""
        code = [s for s in self.sections if s.name in (".text", ".rodata")]
        return bool(code) and not any(s.has_bytes for s in code)


def read_elf(read: Reader) -> Elf:
    """Read headers, banner and build id. Raises ElfError."""
    head = read(0, 64)
    if head[:4] != b"\x7fELF":
        raise ElfError(_not_elf(head, read))
    wide, order = head[4:5] == b"\x02", ">" if head[5:6] == b"\x02" else "<"
    try:
        machine = struct.unpack_from(f"{order}H", head, 18)[0]
        sections = _sections(read, head, wide, order)
    except (struct.error, OverflowError, ValueError) as error:
        raise ElfError("The ELF file is damaged or cut short: its section headers cannot be read.") from error
    return Elf(machine, sections, _banner(read, sections), _build_id(read, sections, order))


def _not_elf(head: bytes, read: Reader) -> str:
    if not head:
        return "The file is empty."
    if read(0x202, 4) == b"HdrS" or head[:2] in (b"\x1f\x8b", b"MZ"):
        return "This is a compressed boot image (vmlinuz); crash needs the vmlinux of the debuginfo package."
    if head[:8] in (b"KDUMP   ", b"DISKDUMP", b"makedump"):
        return "This is a dump, not a vmlinux."
    return "This is no ELF file, so no vmlinux."


def _sections(read: Reader, head: bytes, wide: bool, order: str) -> tuple[Section, ...]:
    """All section headers with their names. Raises struct.error and ValueError on nonsense."""
    table = (
        struct.unpack_from(f"{order}Q", head, 40)[0] if wide else struct.unpack_from(f"{order}I", head, 32)[0]
    )
    entry, count, names_at = struct.unpack_from(f"{order}HHH", head, 58 if wide else 46)
    shape = f"{order}IIQQQQIIQQ" if wide else f"{order}IIIIIIIIII"
    if not table or entry < struct.calcsize(shape):
        raise ValueError("no section headers")
    if (
        not count or names_at == 0xFFFF
    ):  # more sections than 16 bits hold: the numbers are in the first header
        first = struct.unpack(shape, read(table, struct.calcsize(shape)))
        count, names_at = count or first[5], first[6] if names_at == 0xFFFF else names_at
    if count > _MOST_SECTIONS:
        raise ValueError("too many sections")
    raw = read(table, entry * count)
    headers = [struct.unpack_from(shape, raw, n * entry) for n in range(count)]
    if not 0 <= names_at < len(headers):
        raise ValueError("no section names")
    names = read(headers[names_at][4], min(headers[names_at][5], _CHUNK))
    return tuple(
        Section(_string(names, name), kind, address, offset, size)
        for name, kind, _, address, offset, size, *_ in headers
    )


def _string(table: bytes, at: int) -> str:
    end = table.find(b"\0", at)
    return table[at : end if end >= 0 else at].decode("ascii", "replace")


def _banner(read: Reader, sections: tuple[Section, ...]) -> str:
    """Search the read-only data, in pieces that overlap, for the kernel's own name."""
    for name in (".rodata", ".init.rodata", ".data", ".text"):
        for section in sections:
            if section.name == name and section.has_bytes and (found := _search(read, section)):
                return found
    return ""


def _search(read: Reader, section: Section) -> str:
    overlap = _LONGEST_BANNER + len(_BANNER)
    for start in range(0, section.size, _CHUNK):
        piece = read(section.offset + start, min(_CHUNK + overlap, section.size - start))
        if not piece:
            break
        at = piece.find(_BANNER)
        while at >= 0:
            text = piece[at : at + _LONGEST_BANNER].split(b"\0")[0].split(b"\n")[0]
            if _REAL_BANNER.match(text):
                return text.decode("ascii", "replace")
            at = piece.find(_BANNER, at + 1)
    return ""


def _build_id(read: Reader, sections: tuple[Section, ...], order: str) -> str:
    """The GNU build-id note."""
    for section in sections:
        if section.kind != _NOTE or not section.has_bytes or section.size > _CHUNK:
            continue
        raw, at = read(section.offset, section.size), 0
        while at + 12 <= len(raw):
            name_size, size, kind = struct.unpack_from(f"{order}III", raw, at)
            data = at + 12 + (name_size + 3) // 4 * 4
            if kind == 3 and raw[at + 12 : at + 16] == b"GNU\0":
                return raw[data : data + size].hex()
            at = data + (size + 3) // 4 * 4
    return ""
