"""The transcript as blocks: folded, searched, walked with a cursor, asked about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

import tui.app
from rca.crash.transcript import Block, Transcript
from rca.evidence import Citation
from rca.passages import Passage
from rca.sources.base import Where
from rca.steps.base import CrashFacts, Facts
from tests.tui.waiting import drawn, shown
from tui.screens.choose import Choose
from tui.screens.reading import Reading
from tui.widgets.crash_pane import CrashPane
from tui.widgets.transcript import TranscriptView

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FRAME = " #4 [ff5ed5d040383ed0] qlt_free_session_done at ffffffffc047d0bd [qla2xxx]"


def said(*commands: tuple[str, list[str]]) -> Transcript:
    transcript = Transcript()
    for command, lines in commands:
        transcript.lines.append(f"crash> {command}")
        start = len(transcript.lines)
        transcript.lines += lines
        transcript.blocks.append(Block(command, start, NOW, len(transcript.lines), 0.25))
    return transcript


class Bench(App[None]):
    """A crash pane alone."""

    CSS_PATH = Path(tui.app.__file__).with_name("app.tcss")

    def __init__(self, transcript: Transcript) -> None:
        super().__init__()
        self.transcript = transcript
        self.asked: list[str] = []

    def compose(self) -> ComposeResult:
        yield CrashPane(lambda: self.transcript, tuple, lambda: ("schedule", "schedule_timeout"))

    def on_crash_pane_asked(self, event: CrashPane.Asked) -> None:
        self.asked.append(event.command)


@asynccontextmanager
async def pane(
    transcript: Transcript, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Bench, TranscriptView, Pilot[None]]]:
    app = Bench(transcript)
    async with app.run_test(size=size, notifications=True) as pilot:
        view = app.query_one(CrashPane).reader.view
        view.focus()
        view.grown()
        await pilot.pause()
        yield app, view, pilot


THREE = (("log", [f"log {n}" for n in range(5)]), ("bt", [FRAME, "RSI: dead000000000108"]), ("set", ["done"]))


async def test_a_heading_says_how_long_it_took_and_folds() -> None:
    async with pane(said(*THREE)) as (app, view, pilot):
        assert "5 lines  0.2 s  03:04:05Z  [-]" in drawn(app) and "log 3" in drawn(app)
        await pilot.press("g", "enter")
        await pilot.pause()
        assert "log 3" not in drawn(app) and "5 lines  0.2 s  03:04:05Z  [+]" in drawn(app)
        assert view.virtual_size.height == 5 + 1
        await pilot.press("j")
        assert view.here == 6  # the folded lines are passed over
        await pilot.press("k", "plus")
        await pilot.pause()
        assert "log 3" in drawn(app) and view.here == 0
        await pilot.press("underscore")
        await pilot.pause()
        assert drawn(app).count("[+]") == 3 and FRAME not in drawn(app)
        await pilot.press("underscore")
        await pilot.pause()
        assert drawn(app).count("[+]") == 0


async def test_enter_is_the_panes_off_a_heading() -> None:
    async with pane(said(*THREE)) as (_, view, pilot):
        await pilot.press("g", "j")
        assert view.check_action("fold_here", ()) is False
        await pilot.press("k")
        assert view.check_action("fold_here", ()) is True


async def test_search_opens_what_is_folded() -> None:
    async with pane(said(*THREE)) as (app, view, pilot):
        await pilot.press("underscore")
        assert view.search("LOG 3")
        await pilot.pause()
        assert view.hit == 4 and "log 3" in drawn(app) and FRAME.strip() not in drawn(app)
        assert view.step(1) and view.hit == 4
        assert not view.search("nowhere")


async def test_folding_holds_while_output_arrives() -> None:
    transcript = said(*THREE)
    async with pane(transcript) as (app, view, pilot):
        await pilot.press("g", "minus")
        transcript.lines += ["crash> flood", *(f"line {n}" for n in range(100))]
        transcript.blocks.append(Block("flood", len(transcript.lines) - 100, NOW))
        view.grown()
        await pilot.pause()
        assert "log 3" not in drawn(app) and "crash> log" in drawn(app)
        await pilot.press("G")
        await pilot.pause()
        assert "line 99" in drawn(app)
        view.to_top(view.here)
        await pilot.press("minus")  # it still runs
        await pilot.pause()
        assert "line 99" in drawn(app)


async def test_another_transcript_is_not_folded() -> None:
    async with pane(said(*THREE)) as (app, view, pilot):
        await pilot.press("underscore")
        app.transcript = said(("bt", ["fresh"]), *THREE)
        view.grown()
        await pilot.pause()
        assert "fresh" in drawn(app) and "log 4" in drawn(app)


async def test_the_cursor_goes_from_word_to_word_and_offers_commands() -> None:
    async with pane(said(*THREE)) as (app, view, pilot):
        view.point_at(7)
        await pilot.pause()
        assert view.text_here[0] == FRAME
        await pilot.press("w", "w", "a")
        await pilot.pause()
        assert isinstance(app.screen, Choose)
        assert "dis -rl ffffffffc047d0bd" in drawn(app)
        await pilot.press("j", "enter")
        await pilot.pause()
        assert app.asked == ["dis -l qlt_free_session_done"]
        view.point_at(7)
        await pilot.press("w", "w", "b", "a", "escape")
        await pilot.pause()
        assert len(app.asked) == 1 and view.has_focus
        await pilot.press("j", "j", "j", "a")
        await pilot.pause()
        assert not isinstance(app.screen, Choose)


async def test_remarks_and_marked_lines() -> None:
    async with pane(said(*THREE), (110, 24)) as (app, view, pilot):
        assert "◀ RSI: LIST_POISON1" in drawn(app)
        view.point_at(7)
        await pilot.press("m", "j")
        assert view.marked == range(7, 9)
        await pilot.press("m")
        assert view.marked == range(8, 9)


async def test_an_alternate_stack_is_ruled_off() -> None:
    async with pane(said(("bt", [FRAME, "--- <NMI exception stack> ---", FRAME]))) as (app, _, _):
        assert "--- <NMI exception stack> --- ──────" in drawn(app)


async def test_a_click_puts_the_cursor_there_and_folds_on_a_heading() -> None:
    async with pane(said(*THREE)) as (app, view, pilot):
        await pilot.click(TranscriptView, offset=(30, 7))
        await pilot.pause()
        assert view.here == 7
        await pilot.click(TranscriptView, offset=(2, 0))
        await pilot.pause()
        assert "log 3" not in drawn(app)


async def test_many_backtraces_fold_into_few_stacks() -> None:
    traces = [
        line
        for pid in (7, 8)
        for line in (f'PID: {pid}  TASK: ff193c612ff1800{pid}  CPU: 0  COMMAND: "x"', FRAME)
    ]
    async with pane(said(("foreach bt", traces), ("log", ["x"]))) as (app, view, pilot):
        await pilot.press("v")
        await shown(pilot, "put the cursor on bt -a")
        view.point_at(2)
        await pilot.press("v")
        await shown(pilot, "2 tasks on 1 stack", "2 tasks: x:7 on CPU 0, x:8 on CPU 0")
        await pilot.press("slash", *"x:8", "enter", "n")
        await pilot.pause()
        reading = app.screen
        assert isinstance(reading, Reading) and reading.reader.view.hit == 2
        await pilot.press("slash", "escape", "escape")
        await pilot.pause()
        assert view.has_focus


async def test_the_prompt_goes_on_by_itself_and_explains() -> None:
    async with pane(said(*THREE), (120, 24)) as (app, _, pilot):
        crash = app.query_one(CrashPane)
        crash.show(Facts(Where.NODE, "here", crash=CrashFacts(vmlinux="/usr/lib/debug/vmlinux")))
        await app.workers.wait_for_complete()
        crash.prompt.focus()
        await pilot.press(*"dis -rl sche")
        await shown(pilot, "dis: instructions of a function")
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert app.asked == ["dis -rl schedule"]
        await pilot.press(*"bt", "f1")
        await pilot.pause()
        assert app.asked[1:] == ["help bt"]


async def test_a_long_command_line_leaves_room_for_its_heading() -> None:
    long = "$ crash -s --no_scroll " + "--option " * 20 + "/boot/vmlinux /var/crash/vmcore"
    transcript = said(("crash", ["WARNING: x"]), ("bt", [FRAME]))
    transcript.lines[0] = long
    async with pane(transcript) as (app, _, pilot):
        heading = drawn(app).splitlines()[1]
        assert heading.startswith("│$ crash -s --no") and "…" in heading
        assert "/var/crash/vmcore  1 line  0.2 s  03:04:05Z  [-]" in heading
        await pilot.press("g")
        assert long[:70] in drawn(app), "what is being read is shown whole"
        await pilot.press("j", "right", "right", "right", "left")
        assert "…" not in drawn(app) and long[20:80] in drawn(app)
        crash = app.query_one(CrashPane)
        await pilot.press("g")
        passage = crash.passage()
        assert passage and passage.lines[0] == long


async def test_every_cell_has_the_pane_s_own_background() -> None:
    async with pane(said(("log", ["plain words", "", FRAME, "RSI: dead000000000108"]))) as (_, view, pilot):
        await pilot.press("G")
        strips = view.render_lines(Region(0, 0, *view.size))
        colours = {segment.style.bgcolor for strip in strips[1:3] for segment in strip if segment.style}
        assert colours == {view.rich_style.bgcolor}
        assert all(segment.style for strip in strips for segment in strip)


async def test_marked_lines_are_citations_and_citations_are_found_again() -> None:
    transcript = said(*THREE)
    for block in transcript.blocks:
        block.evidence = block.command
    async with pane(transcript) as (app, view, pilot):
        crash = app.query_one(CrashPane)
        view.point_at(2)
        await pilot.press("m", "j", "j")
        assert [str(one) for one in crash.marked()] == ["log:2", "log:3", "log:4"]
        assert crash.marked()[0].text == "log 1"
        assert crash.passage() == Passage("log_2-4", ["log 1", "log 2", "log 3"])
        await pilot.press("m", "g", "underscore")
        assert crash.marked() == ()
        assert crash.passage() == Passage("log", ["crash> log", *(f"log {n}" for n in range(5))])
        assert crash.show_citation(Citation("bt", 1, ""))
        await pilot.pause()
        assert view.hit == 7 and FRAME in drawn(app)
        assert not crash.show_citation(Citation("bt", 9, "")) and not crash.show_citation(
            Citation("mod", 1, "")
        )
