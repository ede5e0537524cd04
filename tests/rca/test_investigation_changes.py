"""What changes under an investigation: another dump is chosen, a person decides, a file arrives."""

from __future__ import annotations

import os
import time
from pathlib import Path

from rca.audit import read_audit
from rca.case import Case
from rca.changes import Change, NewsCame
from rca.opening import DEMO
from rca.verdict import Badge
from tests.rca.desk import investigation, until

LOG = """[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.0] CPU: 0 PID: 9 Comm: cat Not tainted 4.18.0-553.el8_10.x86_64 #1
[    1.0] RIP: 0010:{0}+0x1/0x10 [{1}]
"""
OLD, NEW = "127.0.0.1-2026-01-01-10:00:00", "127.0.0.1-2026-01-02-10:00:00"


def crash_directory(folder: Path, name: str, function: str, module: str) -> Path:
    directory = folder / name
    directory.mkdir(parents=True)
    (directory / "vmcore-dmesg.txt").write_text(LOG.format(function, module))
    return directory


def test_each_dump_has_a_case_of_its_own(tmp_path: Path) -> None:
    crash_directory(tmp_path / "crash", OLD, "old_poll", "old")
    crash_directory(tmp_path / "crash", NEW, "new_poll", "new")
    with investigation(tmp_path / "crash") as desk:
        assert desk.facts.dumps and [dump.directory.name for dump in desk.facts.dumps] == [NEW, OLD]
        assert "new_poll" in desk.form["Root Cause"].text
        desk.type_field("Impact", "of the new one")
        first = desk.directory
        desk.choose(desk.facts.dumps[1])
        until(lambda: "old_poll" in desk.form["Root Cause"].text)
        assert desk.directory != first and desk.form["Impact"].typed is None
        assert "new_poll" not in desk.render().text.replace("new_poll+", "")
        desk.choose(desk.facts.dumps[0])
        until(lambda: desk.form["Impact"].text == "of the new one")
    with investigation(tmp_path / "crash" / NEW) as desk:
        assert desk.directory == first and desk.form["Impact"].text == "of the new one"


def test_a_persons_verdict_stands_beside_the_steps_own() -> None:
    with investigation(DEMO) as desk:
        assert desk.decide(0, Badge.PASS, "") == "Say why, in a few words."
        assert "cannot be given by hand" in desk.decide(0, Badge.RUN, "why not")
        assert desk.decide(0, Badge.PASS, "a lab kernel, known") == ""
        until(lambda: desk.verdicts[0].badge is Badge.PASS)
    with investigation(DEMO) as desk:
        shown = desk.verdicts[0]
        assert (shown.badge, shown.summary) == (Badge.PASS, "a lab kernel, known")
        assert "The step itself says FAIL" in shown.details[0]
        assert desk.directory
        assert Case.load(desk.directory).verdicts[0].badge is Badge.FAIL
        desk.decide(0, None, "")
        until(lambda: desk.verdicts[0].badge is Badge.FAIL)


def test_a_dump_that_arrives_is_seen_by_itself(tmp_path: Path) -> None:
    (tmp_path / "crash").mkdir()
    crash_directory(tmp_path / "crash", OLD, "old_poll", "old")
    changes: list[Change] = []
    with investigation(tmp_path / "crash", changes) as desk:
        time.sleep(0.5)  # the first look
        crash_directory(tmp_path / "crash", NEW, "new_poll", "new")
        until(lambda: len(desk.facts.dumps or ()) == 2)
        assert any(isinstance(change, NewsCame) and NEW in change.sentence for change in changes)
        assert desk.facts.dump and desk.facts.dump.directory.name == OLD, "what one works on stays"


def test_what_was_done_is_audited_and_a_replay_is_not(tmp_path: Path) -> None:
    crash_directory(tmp_path / "crash", OLD, "old_poll", "old")
    with investigation(tmp_path / "crash") as desk:
        assert desk.directory
        entries = read_audit(desk.directory)
        assert any(os.fspath(entry.data["what"]).endswith("vmcore-dmesg.txt") for entry in entries)
    with investigation(DEMO) as desk:
        assert desk.run_crash("!ls") and desk.directory
        assert not read_audit(desk.directory)
