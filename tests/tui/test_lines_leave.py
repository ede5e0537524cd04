"""Lines of the transcript and of evidence leave: copied, written, put into the form; and the form leads back."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rca.changes import CaseOpened, FormChanged, StepsJudged
from rca.crash.transcript import Block, Transcript
from rca.evidence import Citation, Evidence, Kind
from rca.report.form import Draft
from rca.report.sentences import Origin, Sentence, fact
from rca.steps.base import CrashFacts
from tests.tui.fake_desk import Fake, screen, workbench
from tests.tui.waiting import shown, until
from tui.handout import MOST_CITED
from tui.screens.workbench import Workbench

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FRAME = " #9 [ffffc90000003e20] mlx5e_poll_rx_cq at ffffffffc046d048 [mlx5_core]"
LOG = tuple(f"[   {n}.000000] line [bold]{n}" for n in range(200))


def opened(fake: Fake) -> Fake:
    """The commands `log` and `bt` have ended."""
    lines = ["crash> log", *LOG, "crash> bt", "PID: 7", FRAME, "   end"]
    blocks = [Block("log", 1, NOW, 201, 0.5, "log"), Block("bt", 202, NOW, 205, 0.1, "bt")]
    fake.transcript = Transcript(lines, blocks)
    texts = {"dmesg": ("first", "second", "third"), "log": LOG, "bt": tuple(lines[202:])}
    evidence = {id_: Evidence(id_, Kind.CRASH, id_, "here", NOW, text) for id_, text in texts.items()}
    fake.facts = replace(fake.facts, evidence=evidence, crash=CrashFacts())
    return fake


def at(bench: Workbench, line: int) -> None:
    bench.crash.reader.view.point_at(line)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_marked_lines_go_into_the_form_and_lead_back(fake: Fake, size: tuple[int, int]) -> None:
    opened(fake)
    fake.form = fake.form.drafted({"Evidence": Draft((fact("- found", (Citation("log", 1, ""),)),))}, None)
    async with workbench(fake, size) as (bench, pilot):
        fake.on_change(FormChanged(fake.form))
        await pilot.press("c")
        at(bench, 203)
        await pilot.press("S", "S")
        await shown(pilot, "bt:2 put into Evidence", "bt:2 stands in Evidence already")
        sent = fake.form["Evidence"].sentences
        assert [sentence.text for sentence in sent] == ["- found", f"- {FRAME.strip()} [bt:2]"]
        assert [sentence.origin for sentence in sent] == [Origin.FACT] * 2
        assert sent[1].citations == (Citation("bt", 2, FRAME.strip()),)
        await pilot.press("g", "underscore", "f")
        area = bench.form.areas["Evidence"]
        assert area.text == fake.form["Evidence"].text
        area.focus()
        area.cursor_location = (1, 3)
        await pilot.press("f3")
        view = bench.crash.reader.view
        await until(pilot, lambda: view.has_focus and view.here == 203)
        await shown(pilot, "mlx5e_poll_rx_cq at")
        await pilot.press("f")
        area.focus()
        area.cursor_location = (0, 0)
        await pilot.press("f3")
        await until(pilot, lambda: view.here == 1)  # each line of the field has its own proof


async def test_several_lines_at_once_and_never_over_a_person_s_words(fake: Fake) -> None:
    opened(fake).form = fake.form.type("Evidence", "mine")
    async with workbench(fake, (200, 50)) as (bench, pilot):
        fake.on_change(FormChanged(fake.form))
        area = bench.form.areas["Evidence"]
        await pilot.press("f")
        area.focus()
        area.cursor_location = (0, 4)
        await pilot.press(*" too", "escape", "c")
        at(bench, 203)
        await pilot.press("m", "j", "S")
        put = f"mine too\n- {FRAME.strip()} [bt:2]\n- end [bt:3]"
        await until(pilot, lambda: fake.form["Evidence"].text == put)
        assert not bench.crash.reader.view.marking
        area.focus()
        await pilot.press("ctrl+z")
        await until(pilot, lambda: fake.form["Evidence"].text == "mine too")
        assert all(sentence == Sentence("mine too") for sentence in fake.form["Evidence"].sentences)


async def test_what_is_no_evidence_or_too_much_is_not_cited(fake: Fake) -> None:
    async with workbench(opened(fake)) as (bench, pilot):
        await pilot.press("c", "g", "S")
        await pilot.pause()
        assert "This line is no evidence" in screen(bench)
        at(bench, 1)
        await pilot.press("m", *["j"] * MOST_CITED, "S")
        await pilot.pause()
        assert "The form takes 50 lines at a time" in screen(bench) and not fake.form["Evidence"].text


async def test_a_citation_that_a_person_typed_leads_to_its_line(fake: Fake) -> None:
    opened(fake).form = fake.form.type(
        "Root Cause", "It is the driver [qla2xxx_0_dpc:102], see [dmesg:3 bt:1]"
    )
    async with workbench(fake) as (bench, pilot):
        fake.on_change(FormChanged(fake.form))
        fake.on_change(StepsJudged(fake.verdicts))
        await pilot.press("f")
        bench.form.areas["Root Cause"].focus()
        await pilot.press("f3")
        await shown(pilot, "evidence ─ dmesg")
        assert bench.evidence.reader.view.here == 2
        await pilot.press("S")
        await until(pilot, lambda: fake.form["Evidence"].text == "- third [dmesg:3]")


@pytest.mark.parametrize("key", ["C", "X"])
async def test_a_command_leaves_whole_and_its_marked_lines_alone(fake: Fake, key: str) -> None:
    sent: list[str] = []
    async with workbench(opened(fake), (120, 36)) as (bench, pilot):
        assert fake.directory and bench.app._driver
        bench.app._driver.write = sent.append  # type: ignore[method-assign,assignment]
        await pilot.press("c")
        at(bench, 203)
        await pilot.press(key)
        await shown(pilot, "4 lines")
        path = fake.directory / "passages" / "bt.txt"
        assert path.read_text() == f"crash> bt\nPID: 7\n{FRAME}\n   end\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert any("\x1b]52;" in words for words in sent) == (key == "C")
        await pilot.press("m", "j", key)
        await shown(pilot, "2 lines")
        assert (fake.directory / "passages" / "bt_2-3.txt").read_text() == f"{FRAME}\n   end\n"


async def test_evidence_is_written_too_and_a_disk_that_refuses_is_said(fake: Fake) -> None:
    async with workbench(opened(fake)) as (bench, pilot):
        fake.on_change(CaseOpened(fake.directory, None))  # type: ignore[arg-type]
        assert fake.directory
        await pilot.press("e")
        bench.evidence.open_at(Citation("dmesg", 1, ""))
        await pilot.press("X")
        await shown(pilot, "3 lines written to")
        assert (fake.directory / "passages" / "dmesg.txt").read_text() == "first\nsecond\nthird\n"
        fake.directory = None
        await pilot.press("C")
        await shown(pilot, "there is no case directory", "Not saved")
