"""The right vmlinux is found; a wrong one is never taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.dumpheader import DumpFormat, DumpHeader
from rca.crash.locate import check_vmlinux, find_crash, find_vmlinux
from tests.parsers.elf_files import BUILD_ID, make_elf

RELEASE = "6.1.0-9-test"
VERSION = "#1 SMP PREEMPT Test 6.1.27-1 (2023-05-08)"
HEADER = DumpHeader(DumpFormat.KDUMP, release=RELEASE, version=VERSION, build_id=BUILD_ID.hex())


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "place",
    [
        f"usr/lib/debug/lib/modules/{RELEASE}/vmlinux",
        f"usr/lib/debug/boot/vmlinux-{RELEASE}",
        f"usr/lib/debug/vmlinux-{RELEASE}",
    ],
)
def test_found_where_distributions_put_it(tmp_path: Path, place: str) -> None:
    vmlinux = put(tmp_path / place, make_elf())
    found = find_vmlinux(HEADER, root=tmp_path)
    assert found.ok and found.path == str(vmlinux) and str(vmlinux) in found.searched


def test_found_beside_the_dump(tmp_path: Path) -> None:
    vmlinux = put(tmp_path / "crash/vmlinux", make_elf())
    found = find_vmlinux(HEADER, vmcore=tmp_path / "crash/vmcore", root=tmp_path / "empty")
    assert found.path == str(vmlinux)


def test_a_matching_one_wins_over_an_earlier_wrong_one(tmp_path: Path) -> None:
    put(tmp_path / f"usr/lib/debug/lib/modules/{RELEASE}/vmlinux", make_elf(debug=""))
    right = put(tmp_path / f"usr/lib/debug/boot/vmlinux-{RELEASE}", make_elf())
    assert find_vmlinux(HEADER, root=tmp_path).path == str(right)


def test_none(tmp_path: Path) -> None:
    found = find_vmlinux(HEADER, root=tmp_path)
    assert found.path is None and RELEASE in found.problem and len(found.searched) > 4
    assert "not known" in find_vmlinux(None, root=tmp_path).problem
    assert "not known" in find_vmlinux(None, "../../etc/x", root=tmp_path).problem


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (make_elf(banner="Linux version 6.1.0-8-test (b) (gcc) #1 SMP x"), "another kernel: 6.1.0-8-test"),
        (
            make_elf(banner=f"Linux version {RELEASE} (b) (gcc) #2 SMP PREEMPT Test"),
            "another build .* #2 SMP PREEMPT",
        ),
        (make_elf(debug=""), "no debugging information"),
        (make_elf(code=False), "separate debuginfo file"),
        (make_elf(rodata=b"nothing"), "names no Linux version"),
        (b"\x1f\x8b" + bytes(100), "vmlinuz"),
        (b"", "empty"),
    ],
)
def test_wrong_ones_are_told_apart(tmp_path: Path, data: bytes, says: str) -> None:
    vmlinux = put(tmp_path / "vmlinux", data)
    found = find_vmlinux(HEADER, given=vmlinux)
    assert not found.ok and found.path == str(vmlinux)
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(found.problem)


def test_the_build_id_decides_where_both_have_one(tmp_path: Path) -> None:
    header = DumpHeader(DumpFormat.KDUMP, release=RELEASE, version=VERSION, build_id="ff" * 8)
    assert "build id" in check_vmlinux(put(tmp_path / "vmlinux", make_elf()), header)


def test_given_but_missing_or_a_directory(tmp_path: Path) -> None:
    assert "is not there" in find_vmlinux(HEADER, given=tmp_path / "no").problem
    assert "is not a file" in find_vmlinux(HEADER, given=tmp_path).problem


def test_crash_is_looked_for_in_safe_places_only(tmp_path: Path) -> None:
    program = put(tmp_path / "crash", b"#!/bin/false\n")
    program.chmod(0o755)
    assert find_crash(path=str(tmp_path)).path == str(program)
    assert find_crash(str(program)).ok
    missing = find_crash(path=str(tmp_path / "empty"))
    assert missing.path is None and "not installed" in missing.problem and missing.searched
    assert "cannot be run" in find_crash("/nowhere/crash").problem
