"""A dump is put away whole, or not at all, and goes only when its copy was read back."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from rca.archive import SUMS, ArchiveError, LocalDepot, archive, remove


@pytest.fixture
def crash(tmp_path: Path) -> Path:
    place = tmp_path / "127.0.0.1-2025-12-22-09:02:31"
    (place / "deep").mkdir(parents=True)
    (place / "vmcore").write_bytes(bytes(range(256)) * 4096)
    (place / "vmcore-dmesg.txt").write_text("log\n")
    (place / "deep" / "note").write_text("x")
    return place


@pytest.fixture
def depot(tmp_path: Path) -> LocalDepot:
    (tmp_path / "depot").mkdir()
    return LocalDepot(tmp_path / "depot")


def test_dump_and_case_are_copied_with_checksums(crash: Path, depot: LocalDepot, tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (case / "case.json").write_text("{}")
    done = archive([("dump", crash), ("case", case)], depot, "worker-07", tmp_path)
    place = Path(done.place)
    assert place == tmp_path / "depot/worker-07" and done.size == (1 << 20) + 7
    assert (place / "dump/vmcore").read_bytes() == (crash / "vmcore").read_bytes()
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", SUMS], cwd=place, capture_output=True, check=False
    )
    assert checked.returncode == 0 and checked.stdout.count(b": OK") == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.rglob("*")} == {0o700, 0o600}
    remove(done, crash)
    assert not crash.exists() and (case / "case.json").exists()


class Liar(LocalDepot):
    """A depot that keeps another byte than it was given."""

    def put(self, original: Path, name: PurePosixPath) -> None:
        super().put(original, name)
        (self._root / name).write_bytes(b"other")


def test_a_bad_copy_is_noticed(crash: Path, depot: LocalDepot, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is not the same"):
        archive([("dump", crash)], Liar(tmp_path / "depot"), "x", tmp_path)
    assert (crash / "vmcore").exists() and not (tmp_path / "depot/x" / SUMS).exists()


def test_nothing_is_overwritten(crash: Path, depot: LocalDepot, tmp_path: Path) -> None:
    archive([("dump", crash)], depot, "x", tmp_path)
    with pytest.raises(ArchiveError, match="exists already"):
        archive([("dump", crash)], depot, "x", tmp_path)
    with pytest.raises(ArchiveError, match="is it mounted"):
        LocalDepot(tmp_path / "none")


def test_an_original_that_changed_stays(crash: Path, depot: LocalDepot, tmp_path: Path) -> None:
    done = archive([("dump", crash)], depot, "x", tmp_path)
    (crash / "vmcore-dmesg.txt").write_text("other")
    with pytest.raises(ArchiveError, match="nothing was removed"):
        remove(done, crash)
    assert (crash / "vmcore").exists()


@pytest.mark.parametrize("kind", ["file", "link", "link to a directory", "pipe"])
def test_nothing_goes_while_something_was_not_copied(
    crash: Path, depot: LocalDepot, tmp_path: Path, kind: str
) -> None:
    if kind == "file":  # it came after the copy was made
        done = archive([("dump", crash)], depot, "x", tmp_path)
        (crash / "deep" / "new").write_text("x")
    else:
        new = crash / "deep" / "new"
        if kind == "pipe":
            os.mkfifo(new)
        else:
            new.symlink_to(crash / "vmcore" if kind == "link" else crash)
        done = archive([("dump", crash)], depot, "x", tmp_path)
    with pytest.raises(ArchiveError, match=r"deep/new was not copied; nothing was removed\."):
        remove(done, crash)
    assert (crash / "vmcore").exists() and (crash / "deep" / "note").exists()


def test_a_directory_that_cannot_be_read_is_not_taken_for_an_empty_one(
    crash: Path, depot: LocalDepot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def refused(path: Path | str) -> object:
        if str(path).endswith("/deep"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(ArchiveError, match="Permission denied"):
        archive([("dump", crash)], depot, "x", tmp_path)
