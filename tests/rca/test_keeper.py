"""What happens when the disk refuses, or a case was damaged: one sentence each, and the work goes on."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from rca.audit import FILE, Audit
from rca.changes import Change, TroubleArose
from rca.opening import DEMO
from tests.rca.desk import investigation


def sentences(changes: list[Change]) -> list[str]:
    return [change.sentence for change in changes if isinstance(change, TroubleArose)]


def test_a_state_directory_that_refuses_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path / "file" / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    changes: list[Change] = []
    with investigation(DEMO, changes) as desk:
        assert desk.directory and desk.directory.parent == tmp_path / "temporary"
        assert (desk.directory / "evidence" / "bt.txt").stat().st_size and desk.export().path.is_file()
    assert len(sentences(changes)) == 2 and "kept in" in sentences(changes)[1]


def test_where_nothing_can_be_written_it_is_said_and_the_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path / "file" / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    changes: list[Change] = []
    with investigation(DEMO, changes) as desk:
        assert "mlx5_core" in desk.render().text
        with pytest.raises(OSError):
            desk.export()
    said = sentences(changes)
    assert any("nothing will be remembered" in sentence for sentence in said) and len(said) == len(set(said))


def test_a_disk_that_fills_up_costs_a_sentence(tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-m", "tui", "report", str(DEMO)],
        env={**os.environ, "PANICDESK_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        preexec_fn=small,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0 and "mlx5_core" in done.stdout
    told = done.stderr.splitlines()
    assert told[0] == "panicdesk: Evidence cannot be kept on disk: File too large."
    assert all(line.endswith("cannot be kept on disk: File too large.") for line in told), told
    assert len(told) == len(set(told)), "each piece of the case is named once"


def test_an_audit_that_was_touched_is_told_when_the_case_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path))
    changes: list[Change] = []
    with investigation(DEMO, changes) as desk:
        directory = desk.directory
    assert directory and not sentences(changes)
    audit = Audit(directory)
    for what in ("rm -rf /", "cat vmcore", "ls"):
        audit.removed(what, "this machine", "2025-12-22T10:00:00Z")
    with investigation(DEMO, changes):
        assert not sentences(changes)
    lines = (directory / FILE).read_text().splitlines(keepends=True)
    del lines[-2]
    (directory / FILE).write_text("".join(lines))
    with investigation(DEMO, changes):
        assert [f"at entry {len(lines)}" in sentence for sentence in sentences(changes)] == [True]


def test_a_damaged_case_is_left_and_the_work_is_remembered_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path))
    with investigation(DEMO) as desk:
        assert desk.directory
        damaged = desk.directory / "case.json"
        damaged.write_text("{")
    for _ in range(2):
        changes: list[Change] = []
        with investigation(DEMO, changes) as desk:
            typed = desk.form["Impact"].text
            desk.type_field("Impact", "Kept beside.")
            desk.wait(20)
        assert len(sentences(changes)) == 1 and "damaged" in sentences(changes)[0]
    assert typed == "Kept beside." and damaged.read_text() == "{"


def test_a_second_window_goes_on_in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    changes: list[Change] = []
    with investigation(DEMO) as one:
        one.type_field("Impact", "first")
        one.wait(20)
        with investigation(DEMO, changes) as two:
            assert two.form["Impact"].text == "first" and two.directory != one.directory
            two.type_field("Impact", "second")
            two.wait(20)
        one.type_field("Fix", "mine")
    assert any("another window" in sentence for sentence in sentences(changes))
    with investigation(DEMO) as desk:
        assert (desk.form["Impact"].text, desk.form["Fix"].text) == ("first", "mine")
