"""The coach's pane, driven by keys, on the first lesson; its frames are compared with those that somebody looked at.

``PANICDESK_SNAPSHOTS=write`` writes these anew: look at the difference before committing.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from rca.crash.base import SessionState
from rca.diagnosis.kinds import KINDS
from rca.diagnosis.model import Confidence
from rca.training.attempt import Phase
from rca.training.coach import support
from rca.training.desk import TrainingDesk
from rca.training.progress import standing
from rca.training.scenario import SHIPPED, Scenario, find
from tests.tui.shell import panicdesk
from tests.tui.test_snapshots import SNAPSHOTS, WRITE, draw, frame, looked_at
from tests.tui.waiting import come_to_rest, until
from tui.labs import lab
from tui.screens.training import TrainingApp, TrainingBench
from tui.screens.training_list import ScenarioList
from tui.screens.training_mark import MarkScreen
from tui.trainings import open_training, rows

SIZES = [(80, 24), (120, 36)]
NAMED = {" ": "space", "/": "slash", "|": "vertical_line", "-": "minus", ":": "colon", "#": "number_sign"}


@asynccontextmanager
async def training(
    size: tuple[int, int], name: str = "mlx5-napi-null", finished: int = 0
) -> AsyncIterator[tuple[TrainingDesk, TrainingApp, Pilot[str]]]:
    desk = TrainingDesk(find(name), support(finished))
    app = TrainingApp(lambda: desk, name)
    try:
        async with app.run_test(size=size) as pilot:
            await until(
                pilot, lambda: isinstance(app.screen, TrainingBench) and app.screen.coach.choices.has_focus
            )
            await until(pilot, lambda: desk.facts.crash.state is SessionState.READY)
            await pilot.pause()
            yield desk, app, pilot
    finally:
        desk.close()


async def write(pilot: Pilot[str], text: str) -> None:
    await pilot.press(*(NAMED.get(letter, letter) for letter in text))


async def ask(pilot: Pilot[str], desk: TrainingDesk, command: str, evidence: str) -> None:
    await pilot.press("i")
    await write(pilot, command)
    await pilot.press("enter")
    await until(pilot, lambda: evidence in desk.facts.evidence)
    await pilot.pause()
    await pilot.press("f2")


async def mark(pilot: Pilot[str], *needles: str) -> None:
    """Mark the first line that holds each text, in whichever answer it stands."""
    await pilot.press("m")
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, MarkScreen)
    for needle in needles:
        for _ in screen.desk.facts.evidence:
            await pilot.press("g", "slash")
            await write(pilot, needle)
            await pilot.press("enter")
            await pilot.pause()
            if needle.lower() in screen.line.lower():
                await pilot.press("space")
                break
            await pilot.press("tab")
    await pilot.press("escape")
    await pilot.pause()


async def choose(pilot: Pilot[str], id_: str) -> None:
    bench = pilot.app.screen
    assert isinstance(bench, TrainingBench)
    choices = bench.coach.choices
    choices.highlighted = choices.get_option_index(id_)
    await pilot.press("enter")
    await pilot.pause()


async def test_the_first_lesson_by_keys() -> None:
    async with training((80, 24)) as (desk, app, pilot):
        await choose(pilot, "predict 1")
        await ask(pilot, desk, "log | less", "log")
        await mark(pilot, "BUG: kernel NULL")
        await choose(pilot, "claim probable")
        assert "they prove it" in frame(app) and "10.0 of 10" in frame(app)
        await choose(pilot, "go on")
        await choose(pilot, "predict 0")
        await ask(pilot, desk, "bt", "bt")
        await mark(pilot, "[exception RIP: mlx5e", "RIP: 0010:mlx5e")
        await choose(pilot, "claim confirmed")
        assert "claims too much" in frame(app) and "Prediction: wrong" in frame(app)
        await choose(pilot, "go on")
        await choose(pilot, "predict 2")
        await mark(pilot, "net_rx_action at", "do_idle at")
        await choose(pilot, "claim probable")
        await choose(pilot, "go on")
        assert "Now write the RCA" in frame(app)
        desk.type_field("Root Cause", "NULL pointer read in mlx5_core, receive path")
        await choose(pilot, "hand in")
        seen = frame(app)
        assert "coach ─ debrief" in seen and "guilty: mlx5e_poll_rx_cq" in seen
        assert desk.score.rca and [item.found for item in desk.score.rca.points] == [True, True, True, False]
    assert standing(find("mlx5-napi-null")).attempt == desk.attempt


async def test_a_command_before_the_prediction_leads_to_the_question() -> None:
    async with training((80, 24)) as (desk, app, pilot):
        await pilot.press("i")
        await write(pilot, "bt")
        await pilot.press("enter")
        await pilot.pause()
        bench = app.screen
        assert isinstance(bench, TrainingBench) and bench.coach.choices.has_focus
        assert "bt" not in desk.facts.evidence


@pytest.mark.parametrize("command", ["log", "log | grep -i bug"])
async def test_m_in_the_transcript_marks_proof_from_the_cursor(command: str) -> None:
    async with training((80, 24)) as (desk, app, pilot):
        await choose(pilot, "predict 1")
        await ask(pilot, desk, command, "log")
        await pilot.press("c", "slash")
        await write(pilot, "BUG: kernel")
        await pilot.press(
            "enter", "m", "space", "escape", "i", "m", "enter", "escape", "G", "m", "escape", "i", "m"
        )
        await pilot.pause()
        assert isinstance(app.screen, TrainingBench) and app.screen.crash.prompt.value == "m"
        assert ["BUG: kernel NULL" in line.text for line in desk.marks] == [True]


@pytest.mark.parametrize(
    ("key", "said"),
    [("c", "m mark lines"), ("f2", "Enter choose"), ("f", "Tab next field"), ("e", "c crash")],
)
async def test_the_footer_says_what_a_pane_takes(key: str, said: str) -> None:
    async with training((80, 24)) as (_, app, pilot):
        await pilot.press(key)
        await pilot.pause()
        assert said in frame(app).splitlines()[-1]


async def test_the_help_begins_with_the_coachs_keys() -> None:
    async with training((80, 24)) as (_, app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        assert "F2  Coach" in frame(app) and "m  Coach: mark lines" in frame(app)


async def test_a_lesson_is_begun_anew_after_a_yes() -> None:
    async with training((80, 24)) as (desk, app, pilot):
        for step in desk.lesson.steps:
            desk.predict(step.right)
            desk.hand_in(Confidence.UNKNOWN)
            desk.go_on()
        desk.type_field("Root Cause", "UNKNOWN")
        desk.hand_in_rca()
        await pilot.pause()
        await choose(pilot, "again")
        await pilot.press("n")
        await pilot.pause()
        assert app.then == "" and app.is_running
        await choose(pilot, "again")
        await pilot.press("y")
        await pilot.pause()
        assert app.then == "again" and not app.is_running


async def test_the_next_hint_asks_for_own_words_first() -> None:
    async with training((80, 24), finished=1) as (desk, app, pilot):
        await choose(pilot, "predict 1")
        assert "Hint:" not in frame(app)
        await choose(pilot, "hint")
        assert desk.attempt.work.hints == 1 and "Hint: where to look" in frame(app)
        await choose(pilot, "hint")
        await pilot.press("enter")
        assert desk.attempt.work.hints == 1
        await choose(pilot, "hint")
        await write(pilot, "the end of it")
        await pilot.press("escape")
        assert desk.attempt.work.hints == 1
        await choose(pilot, "hint")
        await write(pilot, "the end of it")
        await pilot.press("enter")
        await pilot.pause()
        assert desk.attempt.work.hints == 2 and desk.attempt.work.told == ("the end of it",)


async def test_marks_stand_at_their_lines_and_can_be_taken_back() -> None:
    async with training((80, 24)) as (desk, app, pilot):
        await choose(pilot, "predict 1")
        await ask(pilot, desk, "log", "log")
        await pilot.press("m")
        await pilot.pause()
        assert "> [    4.327798] CR2" in frame(app)
        await pilot.press("g", "down", "down", "space", "pagedown", "pageup", "up", "G", "space")
        await pilot.pause()
        last = len(desk.facts.evidence["log"].lines)
        assert [line.line for line in desk.marks] == [3, last]
        assert frame(app).splitlines()[-2].startswith(">*") and "2 marked" in frame(app)
        await pilot.press("space")
        assert len(desk.marks) == 1
        await pilot.press("slash")
        await write(pilot, "nowhere")
        await pilot.press("enter", "n", "N", "tab", "escape")
        await pilot.pause()
        assert isinstance(app.screen, TrainingBench)


async def test_what_is_typed_into_the_form_is_handed_in_too() -> None:
    async with training((80, 24), "quiet-node") as (desk, _, pilot):
        for step in desk.lesson.steps:
            desk.predict(step.right)
            desk.hand_in(desk.attempt.work.confidence or next(reversed(type(step.confidence))))
            desk.go_on()
        await pilot.pause()
        await choose(pilot, "form")
        bench = pilot.app.screen
        assert isinstance(bench, TrainingBench)
        bench.form.areas["Root Cause"].focus()
        await write(pilot, "sysrq by ha-fence")
        await pilot.press("f2")
        await choose(pilot, "hand in")
        assert desk.score.rca and desk.score.rca.points[0].found and desk.score.rca.points[1].found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("phase", ["predict", "prove", "mark", "review", "debrief"])
async def test_the_coach_looks_as_it_did(size: tuple[int, int], phase: str) -> None:
    async with training(size) as (desk, app, pilot):
        if phase != "predict":
            await choose(pilot, "predict 0")
            await ask(pilot, desk, "log", "log")
        if phase in ("mark", "review"):
            await pilot.press("m")
            await pilot.pause()
            await pilot.press("slash")
            await write(pilot, "BUG: k")
            await pilot.press("enter", "space")
        if phase == "review":
            await pilot.press("escape")
            await choose(pilot, "claim confirmed")
        if phase == "debrief":
            for step in desk.lesson.steps:
                if desk.attempt.phase is Phase.PREDICT:
                    desk.predict(step.right)
                desk.mark("log", 3)
                desk.hand_in(step.confidence)
                desk.go_on()
            desk.type_field("Root Cause", "NULL pointer in the NIC driver mlx5_core")
            desk.hand_in_rca()
        name = f"train-{phase}-{size[0]}x{size[1]}"
        seen = await come_to_rest(pilot, lambda: frame(app), looked_at(name))
        if WRITE:
            (SNAPSHOTS / "frames" / f"{name}.txt").write_text(seen, encoding="utf-8")
            if phase == "prove":
                draw(app, name, "panicdesk train")
    assert all(len(line) <= size[0] for line in seen.splitlines()) and seen.count("\n") == size[1]
    assert seen == looked_at(name)


async def test_the_list_opens_what_is_chosen_and_not_what_is_broken() -> None:
    broken = Path(find("quiet-node").home.parents[1] / "scenarios" / "mine")
    broken.mkdir(parents=True)
    (broken / "lesson.toml").write_text("title = [red]", encoding="utf-8")
    app = ScenarioList(rows())
    async with app.run_test(size=(80, 24)) as pilot:
        seen = frame(app)  # type: ignore[arg-type]
        assert "mlx5-napi-null" in seen and "cannot be used" in seen
        await pilot.press("G", "end", "enter")
        await pilot.pause()
        assert app.is_running
        await pilot.press("home", "j", "k", "enter")
    assert app.return_value == "mlx5-napi-null"


def test_the_list_needs_no_screen(tmp_path: Path) -> None:
    done = panicdesk("train", "--list", "--json", state=tmp_path)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(found) >= 10
    assert found[0]["name"] == "mlx5-napi-null" and {row["state"] for row in found} == {"new"}
    assert all(row["kernel"] and row["kind"] in KINDS and row["trap"] for row in found)
    told = panicdesk("train", "--list", state=tmp_path).stdout
    assert len(told.splitlines()) == len(found) and "A healthy node" in told


def test_a_hostile_name_is_inert_in_the_list(tmp_path: Path) -> None:
    hostile = tmp_path / "scenarios" / "we\x1b[31mird"
    hostile.mkdir(parents=True)
    (hostile / "lesson.toml").write_text("x =", encoding="utf-8")
    done = panicdesk("train", "--list", state=tmp_path)
    assert done.returncode == 1 and "\x1b" not in done.stdout and "ird" in done.stdout


def test_lesson_follows_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = iter([find("quiet-node"), find("first-boot"), None])
    sat: list[str] = []
    follows = iter(["again", "list", "list"])

    def sitting(scenario: Scenario, mouse: bool) -> tuple[str, str]:
        sat.append(scenario.name)
        return "", next(follows)

    monkeypatch.setattr("tui.terminal.refusal", lambda: "")
    monkeypatch.setattr("tui.trainings._chosen", lambda _: next(chosen))
    monkeypatch.setattr("tui.trainings._sitting", sitting)
    assert open_training(None, mouse=False, again=False) == 0
    assert sat == ["quiet-node", "quiet-node", "first-boot"]
    follows = iter(["list"])
    assert open_training("idle-node", mouse=False, again=False) == 0
    assert sat[3:] == ["idle-node"]


def test_the_check_names_what_is_wrong(tmp_path: Path) -> None:
    good = str(SHIPPED / "quiet-node")
    done = panicdesk("train", "--check", good, str(tmp_path), state=tmp_path)
    assert done.returncode == 1 and "earns all points" in done.stdout and "No such file" in done.stdout
    assert panicdesk("train", "--check", good, state=tmp_path).returncode == 0
    refused = panicdesk("train", "nothing", state=tmp_path)
    assert refused.returncode == 1 and "train --list" in refused.stderr


def test_record_drafts_a_lesson(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = panicdesk("record", str(SHIPPED / "quiet-node"), str(out), "--lesson", state=tmp_path / "s")
    assert done.returncode == 0 and "train --check" in done.stdout
    checked = panicdesk("train", "--check", str(out), state=tmp_path / "s")
    assert checked.returncode == 1 and "TODO" in checked.stdout


@pytest.mark.parametrize("form", ["md", "jira", "jira-cloud", "servicenow", "text", "json"])
def test_scenario_31_a_report_on_a_lesson_bears_the_word_in_every_format(form: str, tmp_path: Path) -> None:
    done = panicdesk("report", str(SHIPPED / "runbook-el8"), "--format", form, state=tmp_path)
    assert done.returncode == 0 and "TRAINING: Kernel panic" in done.stdout


def test_the_lab_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rca.lab.missing", lambda: ["kexec (package kexec-tools)"])
    assert lab("quiet-node", listed=False, opened=False, mouse=False) == 1
    assert "kexec (package kexec-tools)" in capsys.readouterr().err
    assert lab(None, listed=True, opened=False, mouse=False) == 0
    assert "quiet-node" in capsys.readouterr().out
