"""An investigation on a dump that a stand-in crash opens, or does not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rca.changes import Change
from rca.investigation import Investigation
from rca.steps.base import CrashFacts
from tests.rca.crash.standin import FAKE
from tests.rca.desk import investigation

LOG = "[    1.0] Kernel panic - not syncing: Fatal exception\n"


def program(folder: Path, body: str = "") -> str:
    """A program named crash that runs `body`, which may end it, and else is the stand-in."""
    path = folder / "crash"
    argv = f"[{sys.executable!r}, {str(FAKE)!r}, *sys.argv[1:]]"
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\nos.execv({sys.executable!r}, {argv})\n")
    path.chmod(0o755)
    return str(path)


def dump_folder(tmp_path: Path, log: str = LOG) -> Path:
    """A crash directory: a vmcore that only a stand-in can open, and a log where there is one."""
    folder = tmp_path / "127.0.0.1-2026-01-01-10:00:00"
    folder.mkdir(exist_ok=True)
    (folder / "vmcore").write_bytes(b"KDUMP   " + bytes(9_000))
    if log:
        (folder / "vmcore-dmesg.txt").write_text(log)
    return folder


@contextmanager
def on_a_dump(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    crash: CrashFacts,
    changes: list[Change] | None = None,
    log: str = LOG,
    *,
    rests: bool = True,
) -> Iterator[Investigation]:
    """Open a folder with a vmcore for which this much of crash was found, and wait until it `rests`."""
    monkeypatch.setattr("rca.scout.look_for_crash", lambda *_: crash)
    with investigation(dump_folder(tmp_path, log), changes, rests=rests) as desk:
        yield desk
