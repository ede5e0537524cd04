"""`make score`: what it prints and with which exit status, on a corpus of a row each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reader_bench import WORST, long_log, worst_case
from benchmarks.score_corpora import main

OOPS = "BUG: unable to handle kernel NULL pointer dereference at 0000000000000010\nOops: 0000 [#1] SMP\n"
OOPS += (
    "CPU: 2 PID: 77 Comm: worker Not tainted 4.18.0-553.el8_10.x86_64 #1\nRIP: 0010:acme_do+0x1/0x2 [acme]\n"
)
OOPS += "Call Trace:\n acme_work+0x1/0x2 [acme]\n"
TITLE = "BUG: unable to handle kernel NULL pointer dereference in acme_do"
BT = 'PID: 77     TASK: ffff8f1a4a7b1c00  CPU: 2   COMMAND: "worker"\n #0 [ffffb5d0c0e7bc00] panic at ffffffff81\n'


def corpus(folder: Path, name: str, row: dict[str, Any]) -> None:
    (folder / f"{name}.jsonl").write_text(json.dumps({"id": f"{name}/1", **row}) + "\n", encoding="utf-8")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    corpus(
        tmp_path,
        "syzkaller",
        {"log": OOPS, "title": TITLE, "alt_titles": [], "type": "DoS", "frame": "acme_do"},
    )
    el = {"rip_function": "acme_do", "taint_letters": ""}
    corpus(
        tmp_path,
        "el_logs",
        {"log": OOPS, "crash_class": "NULL_DEREF", "guilty_module": "acme", "literal": el},
    )
    trace = {"pid": 77, "task": "ffff8f1a4a7b1c00", "cpu": 2, "command": "worker", "frames": ["panic"]}
    facts = {"header": {}, "backtraces": [{**trace, "frame_modules": [None], "exception_rip": []}]}
    corpus(tmp_path, "crash_sessions", {"text": BT, "facts": facts})
    return tmp_path


def test_all_right_is_status_zero(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    said = capsys.readouterr().out
    assert "el module" in said
    assert "target  88.0 %" in said
    assert "MISSED" not in said


def test_a_missed_target_is_status_one_and_the_miss_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus(
        folder,
        "syzkaller",
        {"log": OOPS, "title": "WARNING in x", "alt_titles": [], "type": "", "frame": "x"},
    )
    assert main([str(folder)]) == 1
    said = capsys.readouterr().out
    assert "MISSED" in said
    assert "want 'WARNING in x'" in said
    assert f"got  '{TITLE}'" in said


def test_without_corpora_it_says_where_to_get_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert main([]) == 2
    assert "google/syzkaller" in capsys.readouterr().err


@pytest.mark.parametrize("name", WORST)
def test_worst_cases_have_the_size_asked_for(name: str) -> None:
    size = sum(len(line) + 1 for line in worst_case(name, 50_000))
    assert 25_000 <= size <= 100_000


def test_a_long_log_holds_panics_and_has_its_length() -> None:
    lines = long_log(200_000)
    assert 190_000 <= sum(len(line) + 1 for line in lines) <= 200_001
    assert any("Kernel panic" in line for line in lines)
