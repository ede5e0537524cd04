"""The first kilobytes of a vmcore, read with no tools: release, node, panic time, dump level, completeness.

Nothing here opens a file. `read_header` takes the file's first bytes and, in `more`, further pieces by their offset;
`further_ranges` says which pieces are still wanted. Whoever has the file loops over the two until nothing is wanted.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from parsers.text import to_text

HEAD = 64 << 10
"""How many of a file's first bytes are worth giving at first."""

_FLAT_MAGIC = b"makedumpfile\0\0\0\0"
_FLAT_HEADER = 4096
_KDUMP_HEADER = 464
"""Bytes of struct disk_dump_header."""
FLAT_END = b"\xff" * 16
"""The last bytes of a flattened file that is whole. Without them makedumpfile -R waits ten minutes for more."""
_FLAT_RECORDS = 4096
"""Records of a flattened file that are followed before giving up."""
_MAX_INFO = 1 << 20
_MAX_NOTES = 4 << 20
_MACHINES = {62: "x86_64", 183: "aarch64", 21: "ppc64le", 22: "s390x", 243: "riscv64", 258: "loongarch64"}
_COMPRESSIONS = ((0x1, "zlib"), (0x2, "lzo"), (0x4, "snappy"), (0x20, "zstd"))
_INCOMPLETE = 0x8
_NT_PRSTATUS = 1


class DumpFormat(StrEnum):
    """The container in which makedumpfile or the kernel left the memory."""

    KDUMP = "kdump"
    DISKDUMP = "diskdump"
    ELF = "elf"
    FLATTENED = "flattened"


@dataclass(frozen=True, slots=True)
class DumpHeader:
    """What a vmcore says of itself. A field that the format does not carry is None or empty."""

    format: DumpFormat
    release: str = ""
    """Kernel release: ``4.18.0-553.el8_10.x86_64``."""
    node: str = ""
    version: str = ""
    """The utsname version: ``#1 SMP …``."""
    machine: str = ""
    crash_time: datetime | None = None
    """UTC; VMCOREINFO CRASHTIME."""
    dump_level: int | None = None
    """makedumpfile -d."""
    complete: bool = True
    compression: str = ""
    build_id: str = ""
    cpus: int | None = None
    minimum_size: int = 0
    """Bytes that a whole file of this kind has at least; a shorter one was cut. 0: not known."""


class _MissingError(Exception):
    """A piece of the file that is wanted and was not given."""

    def __init__(self, offset: int, size: int) -> None:
        super().__init__(offset, size)
        self.range = (offset, size)


class _Pieces:
    """What is known of a file: its head and some pieces further back."""

    def __init__(self, data: bytes, more: Mapping[int, bytes]) -> None:
        self._pieces = [(0, data), *more.items()]

    def at(self, offset: int, size: int) -> bytes:
        """Return the bytes there. A piece that ends early is the file's own end: what there is comes back."""
        for start, piece in self._pieces:
            if start <= offset and offset + size <= start + len(piece):
                return piece[offset - start : offset - start + size]
        for start, piece in self._pieces[1:]:
            if start == offset:
                return piece
        raise _MissingError(offset, size)


class _Flattened:
    """A flattened file seen as the file that `makedumpfile -R` would make of it."""

    def __init__(self, pieces: _Pieces) -> None:
        self._pieces = pieces
        self._records: list[tuple[int, int, int]] = []
        """Offset and size in the rebuilt file, place in this one."""
        self._next: int | None = _FLAT_HEADER

    def _advance(self) -> bool:
        """Read one more record heading; False at the end of the file."""
        if self._next is None or len(self._records) >= _FLAT_RECORDS:
            return False
        place, self._next = self._next, None
        heading = self._pieces.at(place, 16)
        if len(heading) < 16:
            return False
        offset, size = struct.unpack(">qq", heading)
        if offset < 0 or size <= 0:
            return False
        self._records.append((offset, size, place + 16))
        self._next = place + 16 + size
        return True

    def at(self, offset: int, size: int) -> bytes:
        """Return the bytes there, from as many records as they lie in; later records win, as in -R."""
        out = b""
        while len(out) < size:
            part = self._part(offset + len(out), size - len(out))
            if not part:
                break
            out += part
        return out

    def _part(self, offset: int, size: int) -> bytes:
        while True:
            for start, length, place in reversed(self._records):
                if start <= offset < start + length:
                    return self._pieces.at(place + offset - start, min(size, start + length - offset))
            if not self._advance():
                return b""


_Reader = _Pieces | _Flattened


def read_header(data: bytes, more: Mapping[int, bytes] | None = None) -> DumpHeader | None:
    """Read what the given pieces of a vmcore tell. None: these are not the first bytes of a vmcore.

    Never raises. What lies in pieces that were not given stays empty.
    """
    return _read(data, more or {})[0]


def further_ranges(data: bytes, more: Mapping[int, bytes] | None = None) -> tuple[tuple[int, int], ...]:
    """Say which (offset, size) of the file `read_header` would like to have in `more`; empty when it has all.

    Ask again after adding them: a flattened file shows its next piece only when the one before is known.
    """
    return _read(data, more or {})[1]


def parse_vmcoreinfo(data: bytes) -> tuple[tuple[str, str], ...]:
    """Split a VMCOREINFO note into its pairs, each at the first ``=`` only."""
    text = to_text(data.split(b"\0", 1)[0][:_MAX_INFO])
    pairs = (line.partition("=") for line in text.split("\n") if "=" in line)
    return tuple((key, value) for key, _, value in pairs)


def _read(data: bytes, more: Mapping[int, bytes]) -> tuple[DumpHeader | None, tuple[tuple[int, int], ...]]:
    pieces: _Reader = _Pieces(data, more)
    if not data.startswith(_FLAT_MAGIC):
        return _container(pieces)
    header, wanted = _container(_Flattened(_Pieces(data, more)))
    header = header or DumpHeader(DumpFormat.FLATTENED)
    return replace(header, format=DumpFormat.FLATTENED, minimum_size=0), wanted


def _container(reader: _Reader) -> tuple[DumpHeader | None, tuple[tuple[int, int], ...]]:
    try:
        magic = reader.at(0, 8)
    except _MissingError as missing:
        return None, (missing.range,) if missing.range[0] else ()
    if magic in (b"KDUMP   ", b"DISKDUMP"):
        return _kdump(reader, DumpFormat.KDUMP if magic[:1] == b"K" else DumpFormat.DISKDUMP)
    if magic[:4] == b"\x7fELF":
        return _elf(reader)
    return None, ()


def _kdump(reader: _Reader, kind: DumpFormat) -> tuple[DumpHeader, tuple[tuple[int, int], ...]]:
    header = DumpHeader(kind, minimum_size=_KDUMP_HEADER)
    try:
        head = reader.at(0, _KDUMP_HEADER)
        if len(head) < _KDUMP_HEADER:
            return header, ()
        order = "<" if struct.unpack_from("<I", head, 8)[0] < 1 << 16 else ">"
        names = [_name(head[12 + 65 * n : 77 + 65 * n]) for n in range(5)]
        wide = not (
            names[4].startswith("i") or names[4] in ("", "ppc", "s390") or names[4].startswith("armv")
        )
        # struct timeval is aligned to eight bytes on 64-bit machines and to four on the others.
        seconds, rest = (struct.unpack_from(order + "q", head, 408)[0], 424) if wide else (
            struct.unpack_from(order + "I", head, 404)[0], 412)  # fmt: skip
        status, block, sub_blocks, bitmap_blocks = struct.unpack_from(order + "IiiI", head, rest)
        header = DumpHeader(
            kind,
            release=names[2],
            node=names[1],
            version=names[3],
            machine=names[4],
            crash_time=_time(seconds),
            complete=not status & _INCOMPLETE,
            compression=next((name for bit, name in _COMPRESSIONS if status & bit), ""),
            cpus=_count(struct.unpack_from(order + "i", head, rest + 36)[0]),
            minimum_size=_KDUMP_HEADER,
        )
        if not (wide and 512 <= block <= 1 << 20 and 0 < sub_blocks < 1 << 20):
            return header, ()
        header = replace(header, minimum_size=(1 + sub_blocks + bitmap_blocks) * block)
        sub = reader.at(block, 104)
        if len(sub) < 48:
            return header, ()
        header = replace(header, dump_level=struct.unpack_from(order + "i", sub, 8)[0])
        offset, size = struct.unpack_from(order + "qQ", sub, 32)
        if offset > 0 and 0 < size <= _MAX_INFO:
            header = _with_info(header, reader.at(offset, size))
    except _MissingError as missing:
        return header, (missing.range,)
    except struct.error:
        pass
    return header, ()


def _elf(reader: _Reader) -> tuple[DumpHeader | None, tuple[tuple[int, int], ...]]:
    try:
        head = reader.at(0, 64)
        if len(head) < 64 or head[4] != 2 or head[5] not in (1, 2):
            return None, ()
        order = "<" if head[5] == 1 else ">"
        kind, machine = struct.unpack_from(order + "HH", head, 16)
        table = struct.unpack_from(order + "Q", head, 32)[0]
        flags, _, entry, count, _, sections, _ = struct.unpack_from(order + "IHHHHHH", head, 48)[:7]
    except (_MissingError, struct.error):
        return None, ()
    if kind != 4 or entry != 56:
        return None, ()
    header = DumpHeader(DumpFormat.ELF, machine=_MACHINES.get(machine, ""), complete=not flags & 1)
    try:
        if count == 0xFFFF:  # PN_XNUM: the real number stands in the first section's sh_info
            at = struct.unpack_from(order + "Q", head, 40)[0]
            count = struct.unpack_from(order + "I", reader.at(at + 44, 4))[0] if sections else 0
        programs = reader.at(table, 56 * min(count, 1 << 16))
        whole = 0
        notes = []
        for place in range(0, len(programs) - 55, 56):
            what = struct.unpack_from(order + "I", programs, place)[0]
            offset, _, _, size = struct.unpack_from(order + "QQQQ", programs, place + 8)
            whole = max(whole, offset + size)
            if what == 4 and size:
                notes.append((offset, min(size, _MAX_NOTES)))
        header = replace(header, minimum_size=whole if whole < 1 << 56 else 0)
        ours = False
        for offset, size in notes:
            found, header = _notes(header, reader.at(offset, size), order)
            ours = ours or found
        return (header if ours else None), ()  # a program's core has notes too, but none of a kernel's
    except _MissingError as missing:
        return header, (missing.range,)
    except struct.error:
        return None, ()


def _notes(header: DumpHeader, data: bytes, order: str) -> tuple[bool, DumpHeader]:
    found = False
    cpus = place = 0
    while place + 12 <= len(data):
        name_size, size, kind = struct.unpack_from(order + "III", data, place)
        name = data[place + 12 : place + 12 + name_size].rstrip(b"\0")
        start = place + 12 + (name_size + 3 & ~3)
        place = start + (size + 3 & ~3)
        if name == b"VMCOREINFO":
            found, header = True, _with_info(header, data[start : start + size])
        elif name == b"QEMU":
            found = True
        elif name == b"CORE" and kind == _NT_PRSTATUS:
            cpus += 1
    return found, replace(header, cpus=cpus or header.cpus)


def _with_info(header: DumpHeader, data: bytes) -> DumpHeader:
    known = dict(parse_vmcoreinfo(data))
    if not known:
        return header
    seconds = known.get("CRASHTIME", "")
    crash_time = (
        _time(int(seconds)) if seconds.isascii() and seconds.isdigit() and len(seconds) < 15 else None
    )
    return replace(
        header,
        release=header.release or known.get("OSRELEASE", ""),
        crash_time=crash_time or header.crash_time,
        build_id=known.get("BUILD-ID", ""),
    )


def _name(data: bytes) -> str:
    return to_text(data.split(b"\0", 1)[0]).replace("\n", "\\x0a").strip()


def _count(number: int) -> int | None:
    return number if 0 < number < 1 << 20 else None


def _time(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, OSError, ValueError):
        return None
