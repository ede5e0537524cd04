"""Sentences with foreign words in them: no one of them steers the terminal, and none is read as markup."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from rca.changes import NewsCame, TroubleArose
from rca.changing.plan import Plan
from rca.doctor.judge import Check
from rca.sources.base import Dump, DumpState
from rca.verdict import Badge
from tests.tui.fake_desk import NOW, Fake, screen, workbench
from tests.tui.waiting import PATIENCE, until
from tui.app import Panicdesk
from tui.doctor import as_text
from tui.saying import complain
from tui.screens.opening import OpeningScreen
from tui.screens.training_list import ScenarioList
from tui.screens.workbench import Workbench
from tui.trainings import Row

HOSTILE = "[bold]gone[/nope] \x1b[2J\x1b]0;owned\x07\x9b31m \u202etxt"
INERT = "[bold]gone[/nope] \\x1b[2J\\x1b]0;owned\\x07\\x9b31m \\u202etxt"


async def told(bench: Workbench, pilot: Pilot[str], before: str = "") -> None:
    """The screen shows the hostile words, wrapped as they may be, and nothing in it steers a terminal."""

    def flat() -> str:
        return "".join(screen(bench).translate(dict.fromkeys(map(ord, "│┃▌▐ \n"))).split())

    wanted = (before + INERT[: INERT.index(" \\")]).replace(" ", "")
    await until(pilot, lambda: wanted in flat() and "\\x1b]0;owned\\x07\\x9b31m" in flat())
    inert(screen(bench))


def inert(seen: str) -> None:
    """There is no control and no override among these characters but the ends of lines."""
    assert {unicodedata.category(one) for one in seen.replace("\n", "")}.isdisjoint({"Cc", "Cf", "Cs"})


async def test_the_first_frame() -> None:
    stay = threading.Event()
    app = Panicdesk(lambda: "late" if stay.wait(PATIENCE) else "", HOSTILE)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, OpeningScreen)
        seen = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        stay.set()
    inert(seen)
    assert INERT in seen


@pytest.mark.parametrize("change", [NewsCame, TroubleArose])
async def test_news_and_troubles(fake: Fake, change: type[NewsCame | TroubleArose]) -> None:
    async with workbench(fake) as (bench, pilot):
        fake.on_change(change(HOSTILE))
        await told(bench, pilot)


async def test_a_widget_s_own_sentence(fake: Fake) -> None:
    async with workbench(fake) as (bench, pilot):
        bench.crash.notify(HOSTILE)
        await told(bench, pilot)


async def test_a_refusal_at_the_prompt(fake: Fake) -> None:
    fake.run_crash = lambda command: HOSTILE  # type: ignore[method-assign]
    async with workbench(fake) as (bench, pilot):
        await pilot.press("i", "x", "enter")
        await told(bench, pilot)


async def test_what_cannot_be_saved_and_the_question_about_it(fake: Fake) -> None:
    fake.unsaved = HOSTILE
    async with workbench(fake, (200, 50)) as (bench, pilot):
        await told(bench, pilot, "NOT SAVED: ")
        await pilot.press("q")
        await until(pilot, lambda: "Leave?" in screen(bench))
        await told(bench, pilot)


async def test_a_plan_is_chosen_asked_about_and_carried_out(fake: Fake) -> None:
    fake.offered = (Plan(f"Arm {HOSTILE}", ("true", HOSTILE), f"Costs {HOSTILE}", lambda _: ""),)
    fake.facts = replace(fake.facts, source_name=HOSTILE)
    async with workbench(fake, (200, 50)) as (bench, pilot):
        await pilot.press("M")
        await told(bench, pilot, "Arm ")
        await pilot.press("enter")
        await told(bench, pilot, "Costs ")
        await pilot.press("y")
        await until(pilot, lambda: "It is not there all the same" in screen(bench))
        await told(bench, pilot, "Arm ")


async def test_a_dump_is_chosen(fake: Fake) -> None:
    dumps = tuple(
        Dump(Path("/var/crash") / HOSTILE[:9], DumpState.COMPLETE, saved=NOW, reason=HOSTILE) for _ in "ab"
    )
    fake.facts = replace(fake.facts, dumps=dumps, dump=dumps[0])
    async with workbench(fake, (200, 50)) as (bench, pilot):
        await pilot.press("d")
        await told(bench, pilot)


def test_what_the_doctor_says() -> None:
    said = as_text([Check(HOSTILE, "4", Badge.FAIL, HOSTILE, HOSTILE)])
    inert(said)
    assert said.count(INERT) == 3


async def test_a_lesson_that_cannot_be_used() -> None:
    app = ScenarioList([Row(HOSTILE, problem=HOSTILE)])
    async with app.run_test(size=(120, 20), notifications=True) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: bool(app._notifications))
        await pilot.pause()
        assert [one.message for one in app._notifications] == [INERT]
        inert("\n".join(strip.text for strip in app.screen._compositor.render_strips()))


def test_a_command_s_complaint_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert complain(HOSTILE) == complain(HOSTILE + ".") == 1
    assert capsys.readouterr().err == f"panicdesk: {INERT}.\n" * 2
