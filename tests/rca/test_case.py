"""A case from elsewhere: its files are read as hostile text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from rca.case import Case, new_subject
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
