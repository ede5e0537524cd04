"""The form tells of every line where it comes from, and takes whatever is typed or pasted."""

from __future__ import annotations

import pytest
from textual.events import Paste

from rca.audit import Audit
from rca.changes import FormChanged
from rca.evidence import Citation
from rca.report.form import Draft
from rca.report.sentences import fact, inference
from rca.sources.base import Command
from rca.sources.node import NodeSource
from tests.tui.fake_desk import Fake, screen, workbench
from tests.tui.waiting import shown, until

PROOF = (Citation("log", 12, "BUG: soft lockup"),)
CAUSE = Draft(
    (fact("Two CPUs wait", PROOF), inference("They wait for each other", "both hold a lock", PROOF))
)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_each_line_says_where_it_comes_from(
    fake: Fake, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fake.form = fake.form.drafted({"Root Cause": CAUSE}, None)
    async with workbench(fake, size) as (bench, pilot):
        fake.on_change(FormChanged(fake.form))
        await pilot.press("f")
        area = bench.form.areas["Root Cause"]
        area.focus()
        await shown(pilot, "F Two CPUs wait", "I They wait for each other", "FACT (line 1 of 2)")
        assert area.provenance == "FACT (line 1 of 2): read off the lines cited; cites log:12"
        await pilot.press("down")
        await shown(pilot, "INFERENCE (line 2 of 2)")
        assert area.provenance == "INFERENCE (line 2 of 2): concluded, because both hold a lock; cites log:12"
        assert bench.form.focused_citations() == PROOF
        await pilot.press("end", "x")
        seen = screen(bench)
        assert "A They wait for each otherx" in seen and "F Two CPUs wait" in seen, "at once, not when saved"
        assert "AUTHOR (line 2 of 2)" in seen
        await pilot.press("backspace")
        await until(pilot, lambda: not fake.form["Root Cause"].by_person)
        await shown(pilot, "I They wait for each other")
        await pilot.press("escape")
        await pilot.pause()
        assert "INFERENCE" not in screen(bench)


async def test_a_wrapped_line_has_one_letter(fake: Fake) -> None:
    fake.form = fake.form.type("Root Cause", "word " * 40)
    async with workbench(fake, (80, 24)) as (bench, pilot):
        await pilot.press("f")
        bench.form.areas["Root Cause"].focus()

        def rows() -> list[str]:
            return [row for row in screen(bench).splitlines() if "word word" in row]

        await until(pilot, lambda: len(rows()) > 2)
        assert sum("A word" in row for row in rows()) == 1


async def test_a_paste_of_a_megabyte_is_kept_and_the_screen_answers(fake: Fake) -> None:
    paste = "".join(f"[{n:12}] a line of a log that somebody pasted whole\n" for n in range(17_500))
    assert len(paste) > 1_000_000
    async with workbench(fake, (80, 24)) as (bench, pilot):
        await pilot.press("f")
        area = bench.form.areas["Impact"]
        area.focus()
        await pilot.pause()
        bench.app.post_message(Paste(paste))
        await until(pilot, lambda: fake.form["Impact"].text == paste)
        await pilot.press("end", "!")
        assert area.text == f"{paste}!" and bench.app.is_running
        await until(pilot, lambda: fake.form["Impact"].text == f"{paste}!")


async def test_controls_typed_or_pasted_become_visible(fake: Fake) -> None:
    async with workbench(fake, (80, 24)) as (bench, pilot):
        await pilot.press("f")
        area = bench.form.areas["Impact"]
        area.focus()
        await pilot.pause()
        bench.app.post_message(Paste("a\x1b]52;c;eA==\x07b\u202ec"))
        await until(pilot, lambda: fake.form["Impact"].text == "a\\x1b]52;c;eA==\\x07b\\u202ec")
        await shown(pilot, "a\\x1b]52;c;eA==\\x07b")
        assert "\x1b" not in screen(bench)


async def test_what_an_author_cites_is_shown(fake: Fake) -> None:
    assert fake.directory
    Audit(fake.directory).record(NodeSource().collect(Command("true", ("true",))))
    fake.form = fake.form.type("Impact", "nothing else was run [audit:1]")
    async with workbench(fake, (120, 36)) as (bench, pilot):
        await pilot.press("f")
        bench.form.areas["Impact"].focus()
        await shown(pilot, "AUTHOR (line 1 of 1): the author's own words; cites audit:1")
        await pilot.press("f3")
        await shown(pilot, "evidence ─ audit", " true on ", "exit 0")
