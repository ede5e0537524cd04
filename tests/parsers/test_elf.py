"""ELF files made here, whole, damaged and hostile."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.elf import ElfError, Reader, read_elf
from tests.parsers.elf_files import BANNER, make_elf


def reader(data: bytes) -> Reader:
    return lambda offset, size: data[offset : offset + size]


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
def test_all_shapes(wide: bool, order: str) -> None:
    elf = read_elf(reader(make_elf(wide=wide, order=order)))
    assert elf.banner == BANNER
    assert elf.has_debug_info and not elf.only_debug_info
    assert elf.build_id == "0102030405060708"


def test_without_debug_info() -> None:
    assert not read_elf(reader(make_elf(debug=""))).has_debug_info
    assert read_elf(reader(make_elf(debug=".zdebug_info"))).has_debug_info


def test_a_debuginfo_file_has_no_code() -> None:
    elf = read_elf(reader(make_elf(code=False)))
    assert elf.only_debug_info and elf.banner == ""


def test_a_format_string_is_no_banner() -> None:
    decoy = b"Linux version %s (%s)\n\0" + b"x" * 2_000_000 + b"Linux version 9 \0"
    elf = read_elf(reader(make_elf(rodata=decoy + BANNER.encode() + b"\n\0")))
    assert elf.banner == BANNER


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\x1f\x8b" + bytes(1000), "vmlinuz"),
        (b"MZ" + bytes(0x200) + b"HdrS", "vmlinuz"),
        (b"KDUMP   " + bytes(100), "dump"),
        (b"hello", "no ELF"),
        (b"\x7fELF\x02\x01", "damaged"),
        (make_elf()[:200], "damaged"),
    ],
)
def test_what_it_is_not(data: bytes, says: str) -> None:
    with pytest.raises(ElfError, match=says):
        read_elf(reader(data))


def test_half_a_gigabyte_is_not_read_whole() -> None:
    data = make_elf()
    asked = 0

    def read(offset: int, size: int) -> bytes:
        nonlocal asked
        asked += size
        return data[offset : offset + size]

    read_elf(read)
    assert asked < 4 << 20


@given(st.binary(max_size=300), st.integers(0, 300))
def test_damage_raises_nothing_else(noise: bytes, at: int) -> None:
    data = make_elf()
    damaged = data[:at] + noise + data[at + len(noise) :]
    for candidate in (damaged, b"\x7fELF" + noise, data[: len(data) - at]):
        try:
            read_elf(reader(candidate))
        except ElfError as error:
            assert str(error).endswith(".")


def test_numbers_that_overflow() -> None:
    data = bytearray(make_elf())
    struct.pack_into("<Q", data, 40, (1 << 64) - 1)
    with pytest.raises(ElfError):
        read_elf(reader(bytes(data)))


def test_the_placeholder_without_a_build_number_is_passed_over() -> None:
    placeholder = BANNER.replace("#1", "#").encode()
    data = make_elf(rodata=b"pad\0" + placeholder + b"\n\0" + BANNER.encode() + b"\n\0")
    assert read_elf(reader(data)).banner == BANNER
