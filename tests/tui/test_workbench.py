"""The workbench, driven by keys at three sizes, on a fake investigation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import TextArea

from rca.changes import CaseOpened, Diagnosed, FormChanged, OutputArrived, SessionChanged, StepsJudged
from rca.crash.base import MANDATORY, SessionState, evidence_id
from rca.crash.recall import recalled
from rca.crash.transcript import Transcript
from rca.diagnosis.model import Confidence
from rca.evidence import Evidence, Kind
from rca.report.form import Draft, Form
from rca.report.sentences import Sentence
from rca.verdict import Badge, Verdict
from tests.tui.fake_desk import DIAGNOSIS, NOW, PROOF, SIZES, Fake, screen, workbench
from tests.tui.waiting import shown, until
from tui import theme
from tui.app import Panicdesk
from tui.clipboard import copy
from tui.commands import COMMANDS
from tui.screens.confirm import Confirm
from tui.screens.help import HelpScreen, rows
from tui.screens.workbench import Workbench


@pytest.mark.parametrize("size", SIZES)
async def test_badges_panes_and_hostile_text(fake: Fake, size: tuple[int, int]) -> None:
    async with workbench(fake, size) as (bench, pilot):
        await pilot.pause()
        shown = screen(bench)
        assert "FAIL  4" in shown and "Baseline" in shown
        assert ("0 WAIT 1 RUN" in shown) == (size[0] < 120)
        assert "Probable: NULL pointer read [bold]in mlx5_core" in shown
        assert "worker-07" in shown and "q quit" in shown
        assert ("RCA form" in shown) == (size[0] >= 180)
        await pilot.press("c")
        await pilot.pause()
        shown = screen(bench)
        assert "[bold red]x[/] [mlx5_core] [/nope]" in shown and "crash> bt" in shown
        assert "running bt -a [x]" in shown
        await pilot.press("4")
        await pilot.pause()
        shown = screen(bench)
        assert bench.checklist.selected == 4 and "log:7" in shown and "[bold red]x[/]" in shown
        await pilot.press("f")
        await pilot.pause()
        assert "RCA form" in screen(bench) and "Root Cause" in screen(bench)
        assert fake.calls == [("start",)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_prompt(fake: Fake, size: tuple[int, int]) -> None:
    async with workbench(fake, size) as (bench, pilot):
        await pilot.press("i", *"bt -a", "enter")
        assert ("crash", "bt -a") in fake.calls
        await pilot.press("ctrl+c", "up", "up", "down", "enter")
        assert fake.calls[-2:] == [("interrupt",), ("crash", "log")]
        await pilot.press(*"!q", "enter")
        await shown(pilot, "[refused]")
        assert bench.app.is_running
        assert bench.crash.prompt.value == "!q", "to be mended, not typed again"
        await pilot.press("escape")
        assert bench.crash.reader.view.has_focus
        await pilot.press("enter")
        assert bench.crash.prompt.has_focus


async def test_keys_that_come_in_one_packet_go_where_the_focus_went(fake: Fake) -> None:
    async with workbench(fake, (80, 24)) as (bench, pilot):
        for key in ("i", *"sym", "enter", "escape", "f", *"qR"):
            bench.app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: bench.form.areas["Incident"].text == "qR")
        assert ("crash", "sym") in fake.calls and bench.app.is_running
        assert ("restart",) not in fake.calls


@pytest.mark.parametrize("size", SIZES)
async def test_the_form(fake: Fake, size: tuple[int, int]) -> None:
    async with workbench(fake, size) as (bench, pilot):
        await pilot.press("f", *"q1")
        await until(pilot, lambda: fake.calls[-1] == ("type", "Incident", "q1"))
        fake.form = fake.form.drafted(
            {"Incident": Draft((Sentence("drafted"),)), "OS": Draft((Sentence("Rocky [8]"),))}, None
        )
        fake.on_change(FormChanged(fake.form))
        await pilot.pause()
        assert bench.form.areas["Incident"].text == "q1"
        assert bench.form.areas["OS"].text == "Rocky [8]"
        await pilot.press("f4")
        await pilot.pause()
        assert bench.form.areas["Incident"].text == "drafted" and fake.calls[-1] == ("take", "Incident")
        await pilot.press("end", "!", "escape")
        await pilot.pause()
        assert ("type", "Incident", "drafted!") in fake.calls


async def test_the_footer_offers_what_works_where_the_focus_is(fake: Fake) -> None:
    async with workbench(fake, (80, 24)) as (bench, pilot):
        for keys, said in (
            ("", "q quit"),
            ("f", "Tab next field  F3 proof  F4 draft  F5 offer  ^q quit"),
            ("\x1b", "x export"),
            ("i", "Tab completes  F1 help"),
            ("\x1b/", "Enter finds  Esc leaves"),
            ("\x1b", "x export"),
        ):
            await pilot.press(*("escape" if key == "\x1b" else key for key in keys))
            await pilot.pause()
            last = screen(bench).splitlines()[-1]
            assert said in last and ("x export" in last) is ("x export" in said or said == "q quit"), keys


async def test_output_is_followed_until_one_scrolls_up(fake: Fake) -> None:
    async with workbench(fake, (80, 24)) as (bench, pilot):
        await pilot.press("c")
        fake.transcript.lines += [f"line {n}" for n in range(500)]
        fake.on_change(OutputArrived(503))
        await shown(pilot, "line 499")
        await pilot.press("g")
        await pilot.pause()
        fake.transcript.lines.append("newest")
        fake.on_change(OutputArrived(504))
        await until(pilot, lambda: bench.crash.reader.view.virtual_size.height == 504)
        assert "crash> bt" in screen(bench) and "newest" not in screen(bench)
        await pilot.press("slash", *"line 2", "enter")
        await pilot.pause()
        assert bench.crash.reader.view.hit == 3 + 2
        await pilot.press("n", "n", "N", "N", "N")
        await pilot.pause()
        assert bench.crash.reader.view.hit == 3 + 299 and "line 299" in screen(bench)
        await pilot.press("G")
        await pilot.pause()
        assert "newest" in screen(bench)
        fake.transcript = Transcript(lines=["fresh"])
        fake.on_change(SessionChanged(SessionState.STARTING, "reading symbols"))
        await pilot.pause()
        assert "fresh" in screen(bench) and "newest" not in screen(bench)


async def test_changes_are_drawn(fake: Fake) -> None:
    async with workbench(fake, (120, 36)) as (bench, pilot):
        fake.verdicts = {n: Verdict(Badge.PASS, "done") for n in range(11)}
        fake.facts = replace(fake.facts, diagnosis=replace(DIAGNOSIS, confidence=Confidence.CONFIRMED))
        await asyncio.to_thread(fake.on_change, StepsJudged(fake.verdicts))
        await asyncio.to_thread(fake.on_change, Diagnosed(DIAGNOSIS))
        await pilot.pause()
        assert screen(bench).count("PASS") >= 11 and "Confirmed: " in screen(bench)


async def test_export_copy_and_rerun(fake: Fake, tmp_path: Path) -> None:
    async with workbench(fake, (120, 36)) as (_, pilot):
        await pilot.press("j", "r", "x", "R")
        await shown(pilot, "Written to")
        assert fake.calls[1:] == [("rerun", 1), ("restart",)]
        assert (tmp_path / "rca.md").read_text() == "# RCA\n"


async def test_evidence_is_listed_read_and_searched(fake: Fake) -> None:
    log = Evidence("log", Kind.CRASH, "log", "[here]", NOW, tuple(f"[bold]line {n}" for n in range(90)))
    none = Evidence("journal", Kind.COMMAND, "journalctl", "here", NOW, problem="not [installed]")
    fake.facts = replace(fake.facts, evidence={"log": log, "journal": none})
    async with workbench(fake) as (bench, pilot):
        await pilot.press("e")
        await pilot.pause()
        shown = screen(bench)
        assert "90 lines" in shown and "not [installed]" in shown
        await pilot.press("down", "slash", *"line 77", "enter")
        await pilot.pause()
        assert "No line holds line 77; log does" in screen(bench)
        await pilot.press("e", "up", "enter", "slash", *"line 77", "enter")
        await pilot.pause()
        assert bench.evidence.reader.view.hit == 77 and "[bold]line 77" in screen(bench)
        await pilot.press("0", "enter")
        await pilot.pause()
        assert bench.evidence.reader.view.hit == PROOF.line - 1 and bench.evidence.reader.view.has_focus


async def test_the_transcript_goes_from_command_to_command(fake: Fake) -> None:
    fake.transcript = recalled(
        Evidence(name, Kind.CRASH, name, "", NOW, tuple(f"{name} {n}" for n in range(80)))
        for name in ("log", "bt")
    )
    async with workbench(fake, (80, 24)) as (bench, pilot):
        await pilot.press("c", "g", "right_square_bracket")
        await pilot.pause()
        assert bench.crash.reader.view.scroll_offset.y == 81 and "crash> bt" in screen(bench)
        await pilot.press("left_square_bracket")
        assert bench.crash.reader.view.scroll_offset.y == 0


async def test_a_person_states_the_confidence(fake: Fake) -> None:
    async with workbench(fake, (200, 50)) as (bench, pilot):
        bench.form.confidence.focus()
        await pilot.press("right", "right")
        await pilot.pause()
        levels = [Confidence.CONFIRMED, Confidence.PROBABLE]
        assert [call for call in fake.calls if call[0] == "confidence"] == [("confidence", c) for c in levels]
        assert "< probable >  yours" in screen(bench)


@pytest.mark.parametrize("size", SIZES)
async def test_a_zoomed_pane_has_the_screen_for_itself(fake: Fake, size: tuple[int, int]) -> None:
    async with workbench(fake, size) as (bench, pilot):
        await pilot.press("c", "z")
        await pilot.pause()
        assert bench.crash.region.width == size[0] and not bench.checklist.display
        await pilot.press("f")
        await pilot.pause()
        assert bench.form.region.width == size[0]
        await pilot.press("escape", "z")
        await pilot.pause()
        assert bench.checklist.display


@pytest.mark.parametrize("size", SIZES)
async def test_the_case_opens_where_it_was_left_but_not_in_a_field(fake: Fake, size: tuple[int, int]) -> None:
    async with workbench(fake, size) as (bench, pilot):
        await pilot.press("7", "f", "q")
        assert bench.form.areas["Incident"].has_focus
    assert fake.place == {"step": 7, "pane": "form"}
    fake.form, fake.calls = Form(), []
    async with workbench(fake, size) as (bench, pilot):
        assert bench.checklist.selected == 7 and bench.form.display and bench.form.has_focus
        await pilot.press("j", "8", "f", "j")
        await until(pilot, lambda: fake.calls[1:])
        assert bench.checklist.selected == 8
        assert fake.calls[1:] == [("type", "Incident", "j")]
        await pilot.press("escape", "question_mark", "escape")
        assert not isinstance(bench.focused, TextArea)


@pytest.mark.parametrize(("pane", "revealed"), [("form", False), ("crash", True)])
async def test_a_pane_that_is_not_seen_stays_at_its_end(fake: Fake, pane: str, revealed: bool) -> None:
    fake.transcript = recalled(
        Evidence(evidence_id(name), Kind.CRASH, name, "", NOW, tuple(f"{name} {n}" for n in range(80)))
        for name in MANDATORY
    )
    fake.place, begin = {"step": 0, "pane": pane}, fake.start

    def start() -> None:
        begin()
        fake.on_change(Diagnosed(DIAGNOSIS))

    fake.start = start  # type: ignore[method-assign]
    async with workbench(fake, (120, 36)) as (bench, pilot):
        view = bench.crash.reader.view
        await pilot.press("escape", "c")
        await pilot.pause()
        assert bool(view.scroll_y < view.max_scroll_y) is revealed


async def test_no_key_lands_in_a_field_before_the_case_is_there(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "start", lambda: None)
    fake.place = {"pane": "form"}
    async with workbench(fake, (200, 50)) as (bench, pilot):
        await pilot.press("f", *"jk", *["tab", "j"] * 16)
        await pilot.click(bench.form.areas["Incident"])
        await pilot.press("j")
        fake.on_change(CaseOpened(Path("case"), None))
        await pilot.press("j")
        await pilot.pause()
        assert fake.calls == [] and not any(area.text for area in bench.form.areas.values())
        await pilot.press("f", "j")
        await until(pilot, lambda: fake.calls)
        assert fake.calls == [("type", "Incident", "j")]


async def test_the_palette_holds_every_command(fake: Fake) -> None:
    async with workbench(fake) as (bench, pilot):
        await pilot.press("ctrl+p", *"evidence")
        await shown(pilot, "Go to the list of all evidence")
        await pilot.press("enter")
        await until(pilot, lambda: bench.evidence.names.has_focus)


async def test_no_color_keeps_to_the_terminals_own(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    async with workbench(fake) as (bench, pilot):
        assert bench.app.theme == theme.DARK.name
        await pilot.press("t")
        assert bench.app.theme == theme.LIGHT.name
    monkeypatch.setenv("NO_COLOR", "1")
    async with workbench(fake) as (bench, pilot):
        assert bench.app.theme == theme.OWN


@pytest.mark.parametrize(
    ("open_desk", "said"),
    [(lambda: "It is no dump.", "It is no dump."), (lambda: 1 // 0, "ZeroDivisionError")],
)
async def test_what_cannot_be_opened_ends_in_one_sentence(open_desk: Callable[[], str], said: str) -> None:
    app = Panicdesk(open_desk, "")
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.return_code is not None)
    assert said in str(app.return_value) and app.return_code == 1


async def test_a_disk_that_refuses_stays_in_sight(fake: Fake) -> None:
    fake.unsaved = "The form cannot be kept on disk: No space left on device"
    async with workbench(fake, (80, 24)) as (bench, pilot):
        assert "NOT SAVED: The form cannot be kept" in screen(bench)
        await pilot.press("q")
        assert isinstance(bench.app.screen, Confirm) and "No space left" in screen(bench)
        await pilot.press("n")
        assert bench.app.is_running


async def test_quitting_asks_while_crash_runs(fake: Fake) -> None:
    fake.running_session = True
    async with workbench(fake, (80, 24)) as (bench, pilot):
        await pilot.press("question_mark")
        assert isinstance(bench.app.screen, HelpScreen)
        await pilot.press("escape", "q")
        assert isinstance(bench.app.screen, Confirm)
        fake.on_change(StepsJudged(fake.verdicts))
        await pilot.press("n")
        assert bench.app.is_running and not isinstance(bench.app.screen, Confirm)
        await pilot.press("i", "ctrl+q", "y")
        await pilot.pause()
    assert pilot.app.return_code == 0 and not pilot.app.is_running


def test_copying_says_what_it_did(tmp_path: Path) -> None:
    sent: list[str] = []
    said = copy("text", tmp_path / "rca.md", sent.append, {})
    assert sent == ["\x1b]52;c;dGV4dA==\x07"] and "unconfirmed" in said and "rca.md" in said
    assert "too long" in copy("x" * 80_000, tmp_path, sent.append, {}) and len(sent) == 1


def test_every_command_is_in_the_help() -> None:
    told = {line for _, line in rows()}
    assert all(command.help in told or command.key.isdigit() for command in COMMANDS)
    for command in COMMANDS:
        owner, name = (
            (Panicdesk, command.id[4:]) if command.id.startswith("app.") else (Workbench, command.id)
        )
        assert hasattr(owner, "action_" + name.partition("(")[0]), command
