"""A training as the screen meets it: what lies open when, and what is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rca.case import Case
from rca.changes import Change, CommandEnded, TroubleArose
from rca.crash.base import SessionState
from rca.diagnosis.model import Confidence
from rca.evidence import Kind
from rca.opening import open_path
from rca.recorder import save_recording
from rca.report.marking import TRAINING, marked
from rca.training import progress
from rca.training.attempt import Phase
from rca.training.check import walk
from rca.training.coach import NotDueError, support
from rca.training.desk import TrainingDesk
from rca.training.label import labelled
from rca.training.lessonfile import read_lesson
from rca.training.scenario import find
from rca.training.skeleton import TODO, skeleton
from rca.verdict import Badge
from tests.rca.desk import investigation
from tests.rca.training.training_samples import LESSON, scenario_at

PATIENCE = 20.0
"""Seconds; only ever reached by a failure."""


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def begun(name: str) -> TrainingDesk:
    desk = TrainingDesk(find(name), support(0))
    desk.start()
    until(lambda: desk.facts.crash.state is SessionState.READY)
    return desk


def ask(desk: TrainingDesk, command: str) -> str:
    told: list[Change] = []
    desk.on_change = told.append
    if refused := desk.run_crash(command):
        return refused
    until(lambda: any(isinstance(change, CommandEnded) for change in told))
    return ""


def give_up(desk: TrainingDesk) -> None:
    """Hand everything in without an answer."""
    for _ in desk.lesson.steps:
        desk.predict(0)
        desk.hand_in(Confidence.UNKNOWN)
        desk.go_on()
    for point in desk.lesson.expert.points:
        desk.type_field(point.field, "UNKNOWN")
    desk.hand_in_rca()


def test_nothing_lies_open_before_it_is_predicted() -> None:
    desk = begun("mlx5-napi-null")
    try:
        assert "Predict first" in ask(desk, "log")
        assert desk.facts.evidence["vmcore-dmesg"].problem.startswith("kept back")
        assert {desk.verdicts[n].badge for n in (1, 7, 8)} == {Badge.WAIT}
        desk.predict(0)
        assert desk.facts.evidence["vmcore-dmesg"].lines
        assert "log" not in desk.facts.evidence and ask(desk, "log | tail -3") == ""
        assert len(desk.facts.evidence["log"].lines) > 300
        assert desk.facts.diagnosis is None
        assert "mlx5e_poll_rx_cq" not in desk.render().text
    finally:
        desk.close()


def test_badges_settle_and_leave_the_answers_open() -> None:
    desk = begun("mlx5-napi-null")
    try:
        settled = {0: Badge.WAIT, 5: Badge.PASS, 6: Badge.WAIT}
        until(lambda: {number: desk.verdicts[number].badge for number in settled} == settled)
        desk.predict(0)
        ask(desk, "bt")
        until(lambda: desk.verdicts[6].badge is Badge.WAIT and "1/6" in desk.verdicts[6].summary)
        for command in ("log", "bt -a", "mod", "kmem -i", "kmem -s", "sys"):
            ask(desk, command)
        until(lambda: {desk.verdicts[number].badge for number in (5, 6)} == {Badge.WARN})
    finally:
        desk.close()


@pytest.mark.parametrize("command", ["quit", " exit", "q"])
def test_the_recording_cannot_be_ended_at_its_prompt(command: str) -> None:
    desk = begun("mlx5-napi-null")
    try:
        desk.predict(0)
        assert "stays open" in desk.run_crash(command)
        assert ask(desk, "bt") == "" and desk.attempt.commands == ("bt",)
    finally:
        desk.close()


def test_a_lesson_of_ones_own_that_does_not_fit_is_told(tmp_path: Path) -> None:
    desk = TrainingDesk(
        find(str(scenario_at(tmp_path / "it", LESSON.replace("bt: exc", "bt: no exc")))), support(0)
    )
    told: list[Change] = []
    desk.on_change = told.append
    desk.start()
    try:
        said = [change.sentence for change in told if isinstance(change, TroubleArose)]
        assert len(said) == 1 and "step 2, proof 1: no line of bt holds 'no exception RIP'" in said[0]
    finally:
        desk.close()


def test_a_whole_lesson_ends_in_a_debrief_that_is_kept(tmp_path: Path) -> None:
    name = str(scenario_at(tmp_path / "it"))
    desk = begun(name)
    for step in desk.lesson.steps:
        desk.predict(step.right)
        for command in step.commands:
            assert ask(desk, command) == ""
        line = step.proofs[0][0].found(desk.facts.evidence)[0]
        desk.mark(line.evidence, line.line)
        desk.hand_in(step.confidence)
        desk.go_on()
    assert desk.attempt.phase is Phase.RCA
    desk.type_field("Root Cause", "It broke in f of m")
    desk.set_confidence(Confidence.PROBABLE)
    desk.hand_in_rca()
    assert desk.score.percent == 100 and desk.facts.diagnosis is not None
    desk.type_field("Root Cause", "something else")
    assert desk.score.percent == 100, "what was handed in stands"
    desk.close()
    again = begun(name)
    assert again.attempt.phase is Phase.DEBRIEF and again.score.percent == 100
    with pytest.raises(NotDueError, match="begin anew"):
        again.predict(0)
    again.close()
    assert progress.standing(find(name)).state == "done 100 %"
    progress.begin_anew(find(name))
    assert progress.standing(find(name)).state == "new"


def test_a_lesson_is_left_and_resumed_with_its_transcript() -> None:
    desk = begun("quiet-node")
    desk.predict(0)
    ask(desk, "log")
    desk.mark("log", 3)
    desk.type_field("Impact", "none")
    desk.close()
    again = begun("quiet-node")
    until(lambda: "log" in again.facts.evidence)
    assert "crash> log" in again.transcript.lines and again.history == ("log",)
    assert again.marks[0].line == 3 and again.form["Impact"].text == "none"
    again.close()
    files = list(again.directory.iterdir())
    assert files and all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    assert progress.standing(find("quiet-node")).state == "step 1 of 3"


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"schema": 1}', '{"schema": 1, "steps": 3}', "[" * 100_000]
)
def test_damaged_progress_begins_anew(damage: str) -> None:
    home = find("quiet-node").home
    home.mkdir(parents=True)
    for name in ("attempt.json", "form.json"):
        (home / name).write_text(damage)
    assert progress.standing(find("quiet-node")).state == "new"


def test_a_disk_that_refuses_is_said_and_the_lesson_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = begun("quiet-node")
    told: list[Change] = []
    desk.on_change = told.append

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress, "save_attempt", refuse)
    desk.predict(0)
    assert desk.attempt.phase is Phase.PROVE
    assert any(isinstance(change, TroubleArose) and "No space" in change.sentence for change in told)
    desk.close()


def test_what_leaves_bears_the_word() -> None:
    desk = begun("java-node")
    text = desk.export().path.read_text(encoding="utf-8")
    desk.close()
    lines = text.strip().splitlines()
    assert TRAINING in lines[0] and lines[2].startswith(f"# RCA: {TRAINING}") and TRAINING in lines[-1]
    assert labelled("# RCA: x\nbody\n", "it").count(TRAINING) == 2
    assert marked(marked(desk.form, TRAINING), TRAINING) == marked(desk.form, TRAINING)


def test_the_cluster_is_seen_in_the_kubernetes_scenario() -> None:
    desk = begun("bonded-worker")
    assert desk.verdicts[9].badge is Badge.WAIT and desk.form["Impact"].text == ""
    give_up(desk)
    verdict = desk.verdicts[9]
    desk.close()
    assert (
        verdict.badge is Badge.PASS and "no pod evicted" in verdict.summary and "4 min 9 s" in verdict.summary
    )


def test_the_other_kernel_is_warned_of() -> None:
    desk = begun("patched-node")
    assert desk.verdicts[0].badge is Badge.WAIT
    give_up(desk)
    assert "runs 6.1.0-57" in desk.verdicts[0].summary and desk.facts.crashed_release.startswith("6.1.0-56")
    desk.close()


def test_a_recording_makes_a_skeleton_that_reads_and_says_what_is_missing(tmp_path: Path) -> None:
    scenario = find("idle-node")
    with investigation(Path(str(scenario.directory))) as desk:
        text = skeleton(desk.facts.diagnosis, desk.facts.evidence)
    lesson = read_lesson(text)
    assert lesson.kind in ("null-deref", "bad-ip") and TODO in lesson.title and len(lesson.steps) == 3
    evidence = scenario.case().evidence
    assert all(cited.found(evidence) for _, cited in lesson.cited)
    assert walk(lesson, evidence).score.steps[0].found == 1


def test_a_recording_holds_no_path_of_this_machine(tmp_path: Path) -> None:
    scenario = find("quiet-node")
    case = Case.create(tmp_path / "me" / "case", replace(scenario.case().subject, path=str(tmp_path)))
    place = f"{tmp_path}/dumps/127.0.0.1-x"
    header = {**case.subject.dump, "directory": place, "vmcore": f"{place}/vmcore"}
    crash = {"program": f"{tmp_path}/bin/crash", "vmlinux": f"{tmp_path}/vmlinux", "vmlinux_problem": ""}
    case.save_subject(
        replace(case.subject, dump=header, dumps=(header,), crash=crash, source_name=f"folder {place}")
    )
    for item in scenario.case().evidence.values():
        said = f"DUMPFILE: {place}/vmcore" if item.kind is Kind.CRASH else "x"
        case.put(replace(item, where=f"folder {place}", lines=(said,)))
    with investigation(case.directory) as desk:
        save_recording(desk, tmp_path / "out")
    for path in (tmp_path / "out").rglob("*.*"):
        assert str(tmp_path).encode() not in path.read_bytes(), path
    again = open_path(tmp_path / "out").recorded
    assert again and again.evidence["sys"].lines == ("DUMPFILE: /var/crash/127.0.0.1-x/vmcore",)
