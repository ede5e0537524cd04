"""collect and archive, from the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from rca.audit import read_audit
from rca.case import Case, new_subject
from rca.casefolder import case_path
from rca.opening import open_path
from tests.rca.steps.step_facts import OOPS
from tui.cli import main


@pytest.fixture
def crash(tmp_path: Path) -> Path:
    place = tmp_path / "127.0.0.1-2025-12-22-09:02:31"
    place.mkdir()
    (place / "vmcore-dmesg.txt").write_text(OOPS)
    (tmp_path / "depot").mkdir()
    return place


def test_collect(crash: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bundle.tar.gz"
    assert main(["collect", str(out), str(crash)]) == 0
    assert "Open it with: panicdesk" in capsys.readouterr().out
    opened = open_path(out)
    assert opened.recorded and opened.recorded.evidence["vmcore-dmesg"].text == OOPS.strip()
    assert main(["collect", str(out), str(crash)]) == 1
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "stays"), [("yes\n", False), ("y\n", True), ("", True)])
def test_archive_removes_only_after_a_yes(
    crash: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, stays: bool
) -> None:
    Case.create(case_path(str(crash)), new_subject("folder", str(crash), "x"))
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert main(["archive", str(crash), str(tmp_path / "depot"), "--remove"]) == 0
    assert crash.exists() is stays
    assert Case.load(case_path(str(crash))).archived == str(tmp_path / "depot" / crash.name)
    audited = [entry.data["what"] for entry in read_audit(case_path(str(crash)))]
    assert audited == ([] if stays else [f"remove {crash}"])
    kept = tmp_path / "depot" / crash.name
    assert (kept / "dump/vmcore-dmesg.txt").read_text() == OOPS and (kept / "case/case.json").exists()


@pytest.mark.parametrize("destination", ["/no/such/place", "ssh://host", "ssh://-x/place"])
def test_archive_to_nowhere(crash: Path, destination: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", str(crash), destination]) == 1
    assert capsys.readouterr().err.startswith("panicdesk: ") and crash.exists()
