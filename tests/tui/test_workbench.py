"""The workbench, driven by keys at three sizes, on a fake investigation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from rca.changes import Change, Diagnosed, FormChanged, OutputArrived, SessionChanged, StepsJudged
from rca.crash.base import SessionState
from rca.crash.transcript import Transcript
from rca.diagnosis.model import Confidence, Diagnosis, Guilty
from rca.evidence import Citation
from rca.report.form import Draft, Form
from rca.report.sentences import Sentence
from rca.sources.base import Where
from rca.steps.base import CrashFacts, Facts
from rca.verdict import Badge, Verdict
from tui.app import Workbench
from tui.clipboard import copy
from tui.commands import COMMANDS
from tui.screens.help import Confirm, HelpScreen, help_text

SIZES = [(80, 24), (120, 36), (200, 50)]
HOSTILE = "[bold red]x[/] [mlx5_core] [/nope] \tend " + "long " * 200
PROOF = Citation("log", 7, HOSTILE)
DIAGNOSIS = Diagnosis(
    title="NULL pointer read [bold]in mlx5_core",
    guilty=Guilty("mlx5e_poll_rx_cq", "mlx5_core"),
    confidence=Confidence.PROBABLE,
    citations=(PROOF,),
    next_checks=("dis -rl the RIP",),
    node="worker-07",
    kernel_release="4.18.0-553.el8_10.x86_64",
)


class Fake:
    """An investigation in which everything asked is only written down."""

    def __init__(self, directory: Path) -> None:
        self.on_change: Callable[[Change], None] = lambda _: None
        self.verdicts: Mapping[int, Verdict] = {
            n: Verdict(badge, HOSTILE[:60], (PROOF,), HOSTILE, (HOSTILE,))
            for n, badge in enumerate([*Badge, *Badge][:11])
        }
        self.facts = Facts(
            Where.FOLDER,
            HOSTILE,
            crash=CrashFacts(state=SessionState.BUSY, running="bt -a [x]"),
            diagnosis=DIAGNOSIS,
        )
        self.form = Form()
        self.transcript = Transcript(
            lines=["crash> bt", HOSTILE, "RIP: 0010:mlx5e_poll_rx_cq+0x5/0x9 [mlx5_core]"]
        )
        self.history: tuple[str, ...] = ("bt", "log")
        self.directory: Path | None = directory
        self.running_session = False
        self.calls: list[object] = []

    def start(self) -> None:
        self.calls.append(("start",))

    def type_field(self, name: str, text: str) -> None:
        self.calls.append(("type", name, text))
        self.form = self.form.type(name, text)
        self.on_change(FormChanged(self.form))

    def take_draft(self, name: str) -> None:
        self.calls.append(("take", name))
        self.form = self.form.take_draft(name)
        self.on_change(FormChanged(self.form))

    def rerun(self, number: int) -> None:
        self.calls.append(("rerun", number))

    def run_crash(self, command: str) -> str:
        self.calls.append(("crash", command))
        return "[refused] " + HOSTILE[:60] if command.startswith("!") else ""

    def interrupt(self) -> str:
        self.calls.append(("interrupt",))
        return "Nothing runs"

    def restart_crash(self) -> None:
        self.calls.append(("restart",))

    def export(self) -> Path:
        assert self.directory
        path = self.directory / "rca.md"
        path.write_text(self.markdown(), encoding="utf-8")
        return path

    def markdown(self) -> str:
        return "# RCA\n"


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


def screen(app: Workbench) -> str:
    """What the screen shows, as plain lines."""
    strips = app.screen_stack[-1]._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


@pytest.mark.parametrize("size", SIZES)
async def test_badges_panes_and_hostile_text(fake: Fake, size: tuple[int, int]) -> None:
    app = Workbench(fake)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        shown = screen(app)
        assert "FAIL  4" in shown and "Baseline" in shown
        assert ("0 WAIT 1 RUN" in shown) == (size[0] < 120)
        assert "Probable: NULL pointer read [bold]in mlx5_core" in shown
        assert "worker-07" in shown and "q quit" in shown
        assert ("RCA form" in shown) == (size[0] >= 180)
        await pilot.press("c")
        await pilot.pause()
        shown = screen(app)
        assert "[bold red]x[/] [mlx5_core] [/nope]" in shown and "crash> bt" in shown
        assert "running bt -a [x]" in shown
        await pilot.press("4")
        await pilot.pause()
        shown = screen(app)
        assert app.checklist.selected == 4 and "log:7" in shown and "[bold red]x[/]" in shown
        await pilot.press("f")
        await pilot.pause()
        assert "RCA form" in screen(app) and "Root Cause" in screen(app)
        assert fake.calls == [("start",)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_prompt(fake: Fake, size: tuple[int, int]) -> None:
    app = Workbench(fake)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("i", *"bt -a", "enter")
        assert ("crash", "bt -a") in fake.calls
        await pilot.press("ctrl+c", "up", "up", "down", "enter")
        assert fake.calls[-2:] == [("interrupt",), ("crash", "log")]
        await pilot.press(*"!q", "enter")
        await pilot.pause(0.3)
        assert app.is_running and "[refused]" in screen(app)
        await pilot.press("escape")
        assert app.crash.view.has_focus
        await pilot.press("enter")
        assert app.crash.prompt.has_focus


@pytest.mark.parametrize("size", SIZES)
async def test_the_form(fake: Fake, size: tuple[int, int]) -> None:
    app = Workbench(fake)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("f", *"q1")
        await pilot.pause(0.5)
        assert fake.calls[1:] == [("type", "Incident", "q1")]
        fake.form = fake.form.drafted(
            {"Incident": Draft((Sentence("drafted"),)), "OS": Draft((Sentence("Rocky [8]"),))}, None
        )
        fake.on_change(FormChanged(fake.form))
        await pilot.pause()
        assert app.form.areas["Incident"].text == "q1"
        assert app.form.areas["OS"].text == "Rocky [8]"
        await pilot.press("f4")
        await pilot.pause()
        assert app.form.areas["Incident"].text == "drafted" and fake.calls[-1] == ("take", "Incident")
        await pilot.press("end", "!", "escape")
        await pilot.pause()
        assert ("type", "Incident", "drafted!") in fake.calls


async def test_output_is_followed_until_one_scrolls_up(fake: Fake) -> None:
    app = Workbench(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c")
        fake.transcript.lines += [f"line {n}" for n in range(500)]
        fake.on_change(OutputArrived(503))
        await pilot.pause(0.3)
        assert "line 499" in screen(app)
        await pilot.press("g")
        await pilot.pause()
        fake.transcript.lines.append("newest")
        fake.on_change(OutputArrived(504))
        await pilot.pause(0.3)
        assert "crash> bt" in screen(app) and "newest" not in screen(app)
        await pilot.press("slash", *"line 2", "enter")
        await pilot.pause()
        assert app.crash.view.hit == 3 + 2
        await pilot.press("n", "n", "N", "N", "N")
        await pilot.pause()
        assert app.crash.view.hit == 3 + 299 and "line 299" in screen(app)
        await pilot.press("G")
        await pilot.pause()
        assert "newest" in screen(app)
        fake.transcript = Transcript(lines=["fresh"])
        fake.on_change(SessionChanged(SessionState.STARTING, "reading symbols"))
        await pilot.pause()
        assert "fresh" in screen(app) and "newest" not in screen(app)


async def test_changes_are_drawn(fake: Fake) -> None:
    app = Workbench(fake)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        fake.verdicts = {n: Verdict(Badge.PASS, "done") for n in range(11)}
        fake.facts = replace(fake.facts, diagnosis=replace(DIAGNOSIS, confidence=Confidence.CONFIRMED))
        await asyncio.to_thread(fake.on_change, StepsJudged(fake.verdicts))
        await asyncio.to_thread(fake.on_change, Diagnosed(DIAGNOSIS))
        await pilot.pause()
        assert screen(app).count("PASS") >= 11 and "Confirmed: " in screen(app)


async def test_export_copy_and_rerun(fake: Fake, tmp_path: Path) -> None:
    app = Workbench(fake)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("j", "r", "x", "R")
        await pilot.pause(0.3)
        assert fake.calls[1:] == [("rerun", 1), ("restart",)]
        assert (tmp_path / "rca.md").read_text() == "# RCA\n" and "Written to" in screen(app)


async def test_quitting_asks_while_crash_runs(fake: Fake) -> None:
    fake.running_session = True
    app = Workbench(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape", "q")
        assert isinstance(app.screen, Confirm)
        fake.on_change(StepsJudged(fake.verdicts))
        await pilot.press("n")
        assert app.is_running and not isinstance(app.screen, Confirm)
        await pilot.press("i", "ctrl+q", "y")
        await pilot.pause()
    assert not app.is_running


def test_copying_says_what_it_did(tmp_path: Path) -> None:
    sent: list[str] = []
    said = copy("text", tmp_path / "rca.md", sent.append, {})
    assert sent == ["\x1b]52;c;dGV4dA==\x07"] and "unconfirmed" in said and "rca.md" in said
    assert "too long" in copy("x" * 80_000, tmp_path, sent.append, {}) and len(sent) == 1


def test_every_command_is_in_the_help() -> None:
    text = help_text().plain
    assert all(command.help in text for command in COMMANDS)
    assert all(hasattr(Workbench, "action_" + c.id.partition("(")[0]) for c in COMMANDS)
