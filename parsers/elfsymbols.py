"""The names of a kernel's functions and variables, for completion: no addresses, no kinds."""

from __future__ import annotations

import re
import struct

from parsers.elf import Elf, Reader

_MOST = 64 << 20
"""Bytes of names, and of symbols, that are read; those of a kernel take five million each."""
_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*(?:\.[a-z]+(?:\.\d+)?)*\Z")
_MACHINERY = (b"__ksymtab", b"__kstrtab", b"__pfx_", b"__UNIQUE_ID", b"__crc_", b"__initcall", b"__setup_")
_SOURCES = (b".c", b".o", b".S", b".s")
_WIDE, _LITTLE = 2, 1
"""EI_CLASS and EI_DATA, the fifth and sixth byte of an ELF file."""


def symbol_names(read: Reader, elf: Elf) -> tuple[str, ...]:
    """All names in ``.symtab``, sorted, each once; none where the file was stripped.

    ``.strtab`` alone would not do: a linker keeps a name that ends another one only inside that.
    """
    tables = {section.name: section for section in elf.sections if section.has_bytes}
    if ".symtab" not in tables or ".strtab" not in tables:
        return ()
    symbols, strings = (
        read(tables[name].offset, min(tables[name].size, _MOST)) for name in (".symtab", ".strtab")
    )
    ident = read(0, 6)
    order, rest = "<" if ident[5] == _LITTLE else ">", 20 if ident[4] == _WIDE else 12
    entry = struct.Struct(f"{order}I{rest}x")
    places = {at for (at,) in entry.iter_unpack(symbols[: len(symbols) // entry.size * entry.size])}
    names = {strings[at : strings.find(b"\0", at)] for at in places if at < len(strings)}
    kept = (
        name
        for name in names
        if _NAME.match(name) and not name.startswith(_MACHINERY) and not name.endswith(_SOURCES)
    )
    return tuple(sorted(name.decode("ascii") for name in kept))
