"""Files of the user's own: nobody else may read them, and they are written whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from rca.private import append_private, lock_private, make_private_dir, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_may_read_what_is_written(tmp_path: Path) -> None:
    folder = make_private_dir(tmp_path / "a" / "b")
    write_private(folder / "whole", "text\n")
    append_private(folder / "grows", "one\n")
    append_private(folder / "grows", "two\n")
    os.close(lock_private(folder / "lock"))
    assert [mode(path) for path in sorted(folder.iterdir())] == [0o600] * 3
    assert mode(folder) == mode(folder.parent) == 0o700
    assert (folder / "grows").read_text() == "one\ntwo\n"


def test_what_cannot_be_written_leaves_the_old_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    write_private(file, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(file, "new")
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def test_a_name_that_is_no_unicode_can_be_written(tmp_path: Path) -> None:
    write_private(tmp_path / "file", os.fsdecode(b"/crash/\xff"))
    append_private(tmp_path / "file", os.fsdecode(b" \xfe"))
    assert (tmp_path / "file").read_text() == r"/crash/\udcff \udcfe"


def test_what_is_no_plain_file_stays_what_it_is(tmp_path: Path) -> None:
    """``-o /dev/null`` of root must not put a file in the place of the device."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "folder").mkdir()
    there = sorted(tmp_path.iterdir())
    for path in there:
        with pytest.raises(OSError, match="no plain file"):
            write_private(path, "text")
    assert sorted(tmp_path.iterdir()) == there
    assert (tmp_path / "pipe").is_fifo() and (tmp_path / "link").is_symlink()


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    held = lock_private(tmp_path / "lock")
    with pytest.raises(BlockingIOError):
        lock_private(tmp_path / "lock")
    os.close(held)
    os.close(lock_private(tmp_path / "lock"))
