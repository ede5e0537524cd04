"""Earlier cases are known by what their dumps died of; what cannot be read, and lessons, are not among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rca.case import Case, new_subject
from rca.casefolder import case_path, cases_folder
from rca.earlier import earlier
from rca.encoding import plain
from rca.sources.base import Dump, DumpState


def kept(name: str, where: str = "folder") -> Path:
    saved = datetime(2026, 1, 2, tzinfo=UTC)
    dump = Dump(Path(f"/var/crash/{name}"), DumpState.COMPLETE, saved=saved, reason=name)
    subject = replace(new_subject(where, f"/var/crash/{name}", name), dump=plain(dump))
    return Case.create(case_path(name), subject).directory


def test_all_cases_but_ones_own_lessons_and_damaged_ones() -> None:
    assert earlier(cases_folder() / "none") == ()
    own, _ = kept("own"), kept("other")
    kept("lesson", "recording")
    (kept("damaged") / "case.json").write_text("{")
    (cases_folder() / "no case").mkdir()
    assert [dump.reason for dump in earlier(own)] == ["other"]
