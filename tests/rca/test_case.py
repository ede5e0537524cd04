"""A case from elsewhere: its files are read as hostile text, and a damaged one costs no more than itself."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from rca.case import Case, new_subject
from rca.casefolder import CaseError, case_path
from rca.encoding import from_iso
from tests.rca.steps.step_facts import said


def test_controls_in_a_piece_of_evidence_s_origin_become_visible(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", new_subject("folder", "/x", "folder /x"))
    case.put(replace(said("bt", "PID: 1"), what="bt"))
    head = case.directory / "evidence" / "bt.json"
    data = json.loads(head.read_text())
    hostile = dict.fromkeys(("what", "where", "problem"), "a\x1b]0;owned\x07\x9b2J\u202e")
    head.write_text(json.dumps(data | hostile))
    found = Case.load(case.directory).evidence["bt"]
    for text in (found.what, found.where, found.problem):
        assert text.isprintable() and "owned" in text


NESTED = "[" * 100_000
OWN = {"badge": "PASS", "note": "seen", "by": "me"}


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("evidence/bt.json", {"started": 5}),
        ("evidence/bt.json", {"kind": ["crash"]}),
        ("evidence/bt.json", {"seconds": 10**400}),
        ("evidence/bt.json", NESTED),
        ("verdicts.json", NESTED),
        ("own.json", {"1": OWN | {"when": 5}}),
        ("own.json", {"1": OWN | {"when": ["2026-01-01"]}}),
        ("desk.json", NESTED),
        ("desk.json", {"history": 5, "place": "x"}),
        ("form.json", NESTED),
    ],
)
def test_a_damaged_piece_is_left_out(tmp_path: Path, name: str, damage: object) -> None:
    case = Case.create(tmp_path / "case", new_subject("folder", "/x", "folder /x"))
    case.put(said("bt", "PID: 1"))
    case.put(said("log", "dead"))
    file = case.directory / name
    old = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(damage if isinstance(damage, str) else json.dumps(old | damage))  # type: ignore[operator]
    found = Case.load(case.directory)
    assert found.evidence["log"].lines == ("dead",) and ("bt" in found.evidence) == (
        file.parent == case.directory
    )
    assert not found.own and not found.verdicts and not found.desk


@pytest.mark.parametrize(
    "damage", [{"created": 5}, {"where": "nowhere"}, {"schema": None}, {"dump": 1}, NESTED]
)
def test_a_damaged_case_says_so(tmp_path: Path, damage: object) -> None:
    case = Case.create(tmp_path / "case", new_subject("folder", "/x", "folder /x"))
    file = case.directory / "case.json"
    text = damage if isinstance(damage, str) else json.dumps(json.loads(file.read_text()) | damage)
    file.write_text(text)
    with pytest.raises(CaseError, match="is damaged"):
        Case.load(case.directory)


def test_a_path_that_is_no_unicode_is_remembered(tmp_path: Path) -> None:
    path = os.fsdecode(b"/crash/\xff")
    case = Case.create(tmp_path / "case", new_subject("folder", path, "folder"))
    assert Case.load(case.directory).subject.path == path
    assert case_path(path) != case_path("/crash/")


def test_a_time_without_a_zone_is_utc() -> None:
    assert from_iso("2026-01-02T03:04:05") == from_iso("2026-01-02T03:04:05Z")


def test_only_evidence_by_a_name_of_ours_is_read(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", new_subject("folder", "/x", "folder"))
    case.put(said("bt-a.1", "PID: 1"))
    for end in (".json", ".txt"):
        kept = case.directory / "evidence" / f"bt-a.1{end}"
        kept.with_name(f"\x1b[2J{end}").write_bytes(kept.read_bytes())
    assert list(Case.load(case.directory).evidence) == ["bt-a.1"]
