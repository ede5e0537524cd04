"""The whole flow without a screen, on the demo's recording and on folders made here."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rca.changes import Change, CommandEnded, Diagnosed, StepsJudged, TroubleArose
from rca.crash.base import SessionState
from rca.diagnosis.model import Confidence
from rca.opening import DEMO, OpeningError, open_path
from rca.verdict import Badge
from tests.rca.desk import investigation, until
from tests.rca.diagnosis.diagnosis_samples import LOGS, evidence


def test_the_demo_runs_from_end_to_end() -> None:
    changes: list[Change] = []
    with investigation(DEMO, changes) as desk:
        badges = {number: verdict.badge for number, verdict in desk.verdicts.items()}
        assert [badges[n] for n in (1, 3, 4, 7, 8)] == [Badge.PASS] * 5
        assert badges[5] is badges[6] is Badge.WARN  # crash 8.0.2 miscounts the tasks of this kernel
        assert badges[9] is Badge.NA
        found = desk.facts.diagnosis
        assert found and (found.guilty.function, found.guilty.module) == ("mlx5e_poll_rx_cq", "mlx5_core")
        assert found.confidence is Confidence.PROBABLE
        assert desk.form["Kernel"].text.startswith("6.1.0-")
        assert desk.form["OS"].text.startswith("Debian (from")
        assert "mlx5e_poll_rx_cq" in desk.render().text
    ended = [change.command for change in changes if isinstance(change, CommandEnded)]
    assert [c for c in ended if c != "crash"] == ["sys", "log", "bt", "bt -a", "mod", "kmem -i", "kmem -s"]
    assert any(isinstance(change, Diagnosed) for change in changes)
    assert any(isinstance(change, StepsJudged) for change in changes)


def test_a_further_command_that_tells_something_is_diagnosed_at_once(tmp_path: Path) -> None:
    (tmp_path / "vmcore-dmesg.txt").write_text((LOGS / "hung-task.txt").read_text(encoding="utf-8"))
    with investigation(tmp_path) as desk:
        desk.later(lambda: desk.keep(evidence("ps-S", "  UN: 7\n")["ps-S"]))

        def told() -> list[str]:
            return [item.text for item in desk.facts.diagnosis.statements] if desk.facts.diagnosis else []

        until(lambda: "7 tasks were in uninterruptible sleep" in told())


def test_every_citation_of_a_verdict_stands_in_the_evidence() -> None:
    with investigation(DEMO) as desk:
        cited = [c for verdict in desk.verdicts.values() for c in verdict.citations]
        assert cited
        for citation in cited:
            assert desk.facts.evidence[citation.evidence].cite(citation.line) == citation


def test_what_was_typed_is_there_again_after_reopening() -> None:
    with investigation(DEMO) as desk:
        desk.type_field("Impact", "Six minutes without the node.")
        assert desk.run_crash("mod -t") == ""
        desk.wait(20)
    with investigation(DEMO) as desk:
        assert desk.form["Impact"].text == "Six minutes without the node."
        assert desk.form["Impact"].by_person and desk.form["Impact"].citations == ()
        assert desk.history[-1] == "mod -t"


def test_a_command_that_was_not_recorded_becomes_no_evidence() -> None:
    with investigation(DEMO) as desk:
        before = set(desk.facts.evidence)
        assert desk.run_crash("struct nothing_like_it") == ""
        desk.wait(20)
        assert set(desk.facts.evidence) == before
        assert any("not recorded" in line for line in desk.transcript.lines)


def test_unsafe_commands_are_refused() -> None:
    with investigation(DEMO) as desk:
        for command in ("!sh", "bt | tee x", "log > /etc/passwd", "extend x.so", "wr ffffffff81000000 0"):
            assert desk.run_crash(command), command


def test_files_are_private(state: Path) -> None:
    with investigation(DEMO) as desk:
        desk.export()
    for path in [state, *state.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_an_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with investigation(empty) as desk:
        assert desk.verdicts[3].badge in {Badge.FAIL, Badge.WARN}
        assert desk.facts.diagnosis is None or desk.facts.diagnosis.title == ""
        assert desk.form["Root Cause"].text == "" or "UNKNOWN" in desk.form["Root Cause"].text.upper()


def test_hostile_bytes_reach_no_export(tmp_path: Path) -> None:
    log = tmp_path / "vmcore-dmesg.txt"
    log.write_bytes(
        b"[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
        b"[    1.0] CPU: 0 PID: 9 Comm: \x1b]0;pwn\x07[red]<img> Not tainted 4.18.0-553.el8_10.x86_64 #1\n"
        b"[    1.0] RIP: 0010:f+0x1/0x10 [bad]\n\xff\xfe\n"
    )
    with investigation(log) as desk:
        assert "\x1b" not in desk.render().text and "\x07" not in desk.render().text
        assert "<img>" not in desk.render().text.replace("`", "").split("## Citations")[0]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OpeningError, match="no such file"):
        open_path(tmp_path / "nothing")


def test_a_replay_that_was_ended_starts_again() -> None:
    with investigation(DEMO) as desk:
        desk.run_crash("quit")
        until(lambda: desk.facts.crash.state is SessionState.DEAD)
        desk.restart_crash()
        until(lambda: desk.facts.crash.state is SessionState.READY)
        assert desk.run_crash("bt") == ""


def test_a_slip_costs_a_sentence_and_not_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    def slips(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("rca.keeper.Keeper.desk", slips)
    changes: list[Change] = []
    with investigation(DEMO, changes) as desk:
        desk.stand_at(3, "page")
        desk.type_field("Impact", "still kept")
        until(lambda: desk.form["Impact"].text == "still kept")
    assert any(isinstance(change, TroubleArose) and "unforeseen" in change.sentence for change in changes)
