"""Reading dump headers: pieces of real files, files built byte by byte, and anything at all."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers.dumpextent import Read, extent_of, hole
from parsers.dumpheader import DumpFormat, DumpHeader, further_ranges, parse_vmcoreinfo, read_header

DUMPS = Path(__file__).parent / "dumps"
KDUMP = (DUMPS / "kdump-lzo.head").read_bytes()
"""The head of a vmcore that makedumpfile -l wrote in a capture kernel."""
FLATTENED = (DUMPS / "flattened.head").read_bytes()
"""The head of what makedumpfile -F made of such a one."""
RELEASE = "6.1.0-56-cloud-amd64"
INFO = b"OSRELEASE=4.18.0-553.el8_10.x86_64\nBUILD-ID=ab12\nSYMBOL(a)=b=c\nCRASHTIME=1766394125\n"


def read_whole(data: bytes, head: int) -> tuple[DumpHeader | None, int]:
    """Read as a caller does who has a file: give the head, then whatever is asked for."""
    more: dict[int, bytes] = {}
    rounds = 0
    while (wanted := further_ranges(data[:head], more)) and rounds < 50:
        rounds += 1
        more |= {offset: data[offset : offset + size] for offset, size in wanted}
    return read_header(data[:head], more), rounds


def elf(info: bytes = INFO, name: bytes = b"VMCOREINFO\0", flags: int = 0, at: int = 0x1000) -> bytes:
    """A 64-bit core file with one note segment and one of memory."""
    note = struct.pack("<III", len(name), len(info), 0) + name.ljust(len(name) + 3 & ~3, b"\0") + info
    note = struct.pack("<III", 5, 4, 1) + b"CORE\0\0\0\0" + b"\0" * 4 + note
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    head = ident + struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, flags, 64, 56, 2, 0, 0, 0)
    programs = struct.pack("<IIQQQQQQ", 4, 0, at, 0, 0, len(note), len(note), 0)
    programs += struct.pack("<IIQQQQQQ", 1, 0, at + 0x1000, 0, 0, 0x2000, 0x2000, 0)
    return (head + programs).ljust(at, b"\0") + note


def reader(data: bytes) -> Read:
    """The bytes as those of a file."""
    return lambda offset, size: data[offset : offset + size]


def kdump(pages: int = 3, status: int = 2, split: int = 0) -> bytes:
    """A kdump file of a few pages, whole to the byte."""
    names = b"".join(
        n.ljust(65, b"\0") for n in (b"Linux", b"worker-07", b"4.18.0", b"#1 SMP", b"x86_64", b"x")
    )
    head = (b"KDUMP   " + struct.pack("<i", 6) + names).ljust(408, b"\0")
    head += struct.pack("<qqIiiII", 1766394125, 0, status, 4096, 1, 2, 16).ljust(464 - 408, b"\0")
    sub = struct.pack("<QiiQQqQ", 0, 31, split, 0, 0, 0, 0)
    bitmaps = bytes(4096) + ((1 << pages) - 1).to_bytes(4096, "little")
    table = 4096 * 4
    data = table + 24 * pages
    descriptors = b"".join(struct.pack("<qIIQ", data + 100 * n, 100, 2, 0) for n in range(pages))
    return head.ljust(4096, b"\0") + sub.ljust(4096, b"\0") + bitmaps + descriptors + b"x" * (100 * pages)


@pytest.mark.parametrize("data", [KDUMP, FLATTENED, elf(at=0x400)], ids=["kdump", "flattened", "elf"])
def test_the_first_8_kib_tell_what_must_be_known_first(data: bytes) -> None:
    header = read_header(data[:8192])
    assert header is not None and header.crash_time and header.complete
    assert header.release in (RELEASE, "4.18.0-553.el8_10.x86_64")
    if header.format is not DumpFormat.ELF:
        assert header.node == "worker-07"
    if header.format is DumpFormat.KDUMP:
        assert header.dump_level == 31


def test_a_real_kdump_head() -> None:
    header, rounds = read_whole(KDUMP, 64 << 10)
    assert header is not None and rounds == 0
    assert (header.format, header.release, header.node) == (DumpFormat.KDUMP, RELEASE, "worker-07")
    assert (header.machine, header.dump_level, header.compression, header.cpus) == ("x86_64", 31, "lzo", 2)
    assert header.complete
    assert header.crash_time is not None and header.crash_time.year == 2026
    known = dict(parse_vmcoreinfo(KDUMP[KDUMP.index(b"OSRELEASE=") :]))
    assert known["OSRELEASE"] == RELEASE
    assert header.crash_time.timestamp() == int(known["CRASHTIME"])
    assert len(header.build_id) == 40


def test_a_short_head_asks_for_the_rest() -> None:
    header = read_header(KDUMP[:4096])
    assert header is not None and header.release == RELEASE and header.dump_level is None
    assert further_ranges(KDUMP[:4096])[0][0] == 4096
    full, rounds = read_whole(KDUMP, 4096)
    assert full == read_header(KDUMP) and rounds == 2


def test_a_real_flattened_head() -> None:
    header, _ = read_whole(FLATTENED, 64 << 10)
    assert header is not None
    assert (header.format, header.release) == (DumpFormat.FLATTENED, RELEASE)
    assert (header.dump_level, header.compression) == (31, "zlib")


def test_a_flattened_file_whose_header_comes_last_is_followed_record_by_record() -> None:
    plain = kdump()
    parts = [(8192, plain[8192:]), (0, plain[:8192])]
    flat = b"makedumpfile\0\0\0\0" + struct.pack(">qq", 1, 1)
    flat = flat.ljust(4096, b"\0") + b"".join(struct.pack(">qq", o, len(p)) + p for o, p in parts)
    flat += struct.pack(">qq", -1, -1)
    header, rounds = read_whole(flat, 4096)
    assert header is not None and rounds > 2
    assert (header.format, header.node) == (DumpFormat.FLATTENED, "worker-07")


@pytest.mark.parametrize("head", [64 << 10, 256])
def test_elf(head: int) -> None:
    header, rounds = read_whole(elf(at=0x8000), head)
    assert header is not None
    assert (header.format, header.release, header.machine) == (
        DumpFormat.ELF,
        "4.18.0-553.el8_10.x86_64",
        "x86_64",
    )
    assert header.crash_time == datetime(2025, 12, 22, 9, 2, 5, tzinfo=UTC)
    assert (header.cpus, header.build_id, header.complete) == (1, "ab12", True)
    assert rounds == (head == 256)


def test_an_elf_that_was_not_finished_says_so() -> None:
    header, _ = read_whole(elf(flags=1), 64 << 10)
    assert header is not None and not header.complete


def test_a_programs_core_is_no_vmcore() -> None:
    assert read_whole(elf(name=b"GNU\0"), 64 << 10)[0] is None


def test_incomplete_and_compression_come_from_the_status() -> None:
    header = read_header(kdump(status=0x20 | 8))
    assert header is not None and not header.complete and header.compression == "zstd"


def test_vmcoreinfo_splits_at_the_first_equals_sign_only() -> None:
    assert dict(parse_vmcoreinfo(INFO))["SYMBOL(a)"] == "b=c"


def test_names_are_made_inert() -> None:
    data = bytearray(KDUMP)
    data[77:84] = b"\x1b[2Jx\n\0"
    header = read_header(bytes(data))
    assert header is not None and "\x1b" not in header.node and "\n" not in header.node


@pytest.mark.parametrize("data", [b"", b"KDUMP", b"GIF89a", b"[    0.000000] Linux version", b"\x7fELF"])
def test_what_is_no_vmcore(data: bytes) -> None:
    assert read_header(data) is None


def test_the_page_table_tells_the_whole_size() -> None:
    data = kdump(pages=5)
    assert extent_of(reader(data)).size == len(data)
    assert extent_of(reader(data[:-150])).size == len(data)
    assert hole(extent_of(reader(data)), reader(data)) is None


@pytest.mark.parametrize("since", [4096 * 4 + 24 * 3, 4096 * 4 + 24 * 5, 4096 * 4 + 24 * 5 + 300])
def test_a_file_of_the_right_length_may_end_in_zeros(since: int) -> None:
    """A file system set the space aside, and the power went: the table, or the pages behind it, were never written."""
    whole = kdump(pages=5)
    data = whole[:since] + bytes(len(whole) - since)
    assert hole(extent_of(reader(data)), reader(data)) is not None


@pytest.mark.parametrize("length", [8, 100, 463])
def test_a_header_that_ends_early_is_no_whole_dump(length: int) -> None:
    header = read_header(KDUMP[:length])
    assert header is not None and header.minimum_size > length


def test_a_part_of_a_split_dump_is_not_measured() -> None:
    data = kdump(split=1)
    assert extent_of(reader(data)).size == 0


_MAGICS = [b"", b"KDUMP   ", b"DISKDUMP", b"\x7fELF\x02\x01\x01", b"makedumpfile\0\0\0\0"]
_SEEDS = [KDUMP, FLATTENED, elf(), kdump()]


@given(st.sampled_from(_MAGICS), st.binary(max_size=6000))
@example(b"makedumpfile\0\0\0\0", b"\0" * 6000)
def test_no_bytes_make_it_raise(magic: bytes, rest: bytes) -> None:
    _survives(magic + rest)


@given(
    st.sampled_from(_SEEDS),
    st.lists(st.tuples(st.integers(0, 9000), st.binary(min_size=1, max_size=8)), max_size=6),
    st.integers(0, 20000),
)
def test_no_damage_to_a_real_head_makes_it_raise(
    seed: bytes, damage: list[tuple[int, bytes]], length: int
) -> None:
    data = bytearray(seed)
    for offset, piece in damage:
        data[offset : offset + len(piece)] = piece
    _survives(bytes(data[:length]))


def _survives(data: bytes) -> None:
    header, rounds = read_whole(data, 4096)
    assert rounds <= 50
    extent = extent_of(reader(data))
    assert extent.size >= 0
    hole(extent, reader(data))
    assert header is None or header.crash_time is None or header.crash_time.tzinfo is UTC
