"""Small ELF files for tests: a kernel's banner, notes and an empty body of debugging information."""

from __future__ import annotations

import struct

BANNER = "Linux version 6.1.0-9-test (builder@example) (gcc 12) #1 SMP PREEMPT Test 6.1.27-1 (2023-05-08)"
BUILD_ID = bytes(range(1, 9))


def make_elf(
    *,
    banner: str = BANNER,
    rodata: bytes | None = None,
    debug: str = ".debug_info",
    code: bool = True,
    wide: bool = True,
    order: str = "<",
    more: tuple[tuple[str, int, bytes], ...] = (),
) -> bytes:
    """An ELF file with .text, .rodata, .notes and, unless `debug` is empty, debugging information; `more` are
    further sections: name, type, bytes."""
    note = struct.pack(f"{order}III", 4, len(BUILD_ID), 3) + b"GNU\0" + BUILD_ID
    body = [
        (".text", 1 if code else 8, b"\x90" * 16),
        (".rodata", 1 if code else 8, b"pad\0" + banner.encode() + b"\n\0" if rodata is None else rodata),
        (".notes", 7, struct.pack(f"{order}III", 4, 0, 1) + b"Xen\0" + note),
        *more,
    ]
    if debug:
        body.append((debug, 1, b"dwarf"))
    names = b"\0" + b"".join(name.encode() + b"\0" for name, _, _ in body) + b".shstrtab\0"
    body.append((".shstrtab", 3, names))
    head_size, shape = (64, f"{order}IIQQQQIIQQ") if wide else (52, f"{order}IIIIIIIIII")
    headers, data, at = [struct.pack(shape, *[0] * 10)], b"", head_size
    for name, kind, content in body:
        where = names.index(name.encode() + b"\0")
        headers.append(struct.pack(shape, where, kind, 0, 0, at, len(content), 0, 0, 1, 0))
        if kind != 8:
            data += content
            at += len(content)
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    word = "Q" if wide else "I"
    rest = struct.pack(
        f"{order}HHI{word}{word}{word}IHHHHHH",
        *(2, 62, 1, 0, 0, at, 0, head_size, 0, 0, struct.calcsize(shape), len(headers), len(headers) - 1),
    )
    return ident + rest + data + b"".join(headers)


def symbol_tables(
    strings: bytes, places: tuple[int, ...], *, wide: bool = True, order: str = "<"
) -> tuple[tuple[str, int, bytes], ...]:
    """``.strtab`` with these bytes and ``.symtab`` with a symbol for each place in them, for `make_elf`."""
    rest = bytes(20 if wide else 12)
    return (
        (".strtab", 3, strings),
        (".symtab", 2, b"".join(struct.pack(f"{order}I", at) + rest for at in places)),
    )
