"""The names of a kernel's functions and variables, for completion: no addresses, no kinds."""

from __future__ import annotations

import re

from parsers.elf import Elf, Reader

_MOST = 64 << 20
"""Bytes of names that are read; those of a kernel take five million."""
_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*(?:\.[a-z]+(?:\.\d+)?)*\Z")
_MACHINERY = (b"__ksymtab", b"__kstrtab", b"__pfx_", b"__UNIQUE_ID", b"__crc_", b"__initcall", b"__setup_")
_SOURCES = (b".c", b".o", b".S", b".s")


def symbol_names(read: Reader, elf: Elf) -> tuple[str, ...]:
    """All names in ``.strtab``, sorted, each once; none where the file was stripped."""
    for section in elf.sections:
        if section.name == ".strtab" and section.has_bytes:
            names = set(read(section.offset, min(section.size, _MOST)).split(b"\0"))
            kept = (
                name
                for name in names
                if _NAME.match(name) and not name.startswith(_MACHINERY) and not name.endswith(_SOURCES)
            )
            return tuple(sorted(name.decode("ascii") for name in kept))
    return ()
