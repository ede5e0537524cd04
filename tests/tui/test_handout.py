"""The RCA leaves: previewed, offered, reordered, copied where no disk takes it."""

from __future__ import annotations

from rca.changes import FormChanged
from rca.report.form import Draft
from rca.report.sentences import Sentence
from tests.tui.fake_desk import Fake, workbench
from tests.tui.waiting import shown, until


async def test_the_preview_shows_every_format_and_keeps_the_choice(fake: Fake) -> None:
    async with workbench(fake, (80, 24)) as (_, pilot):
        await pilot.press("p")
        await shown(pilot, "md │ full │ provenance off │ redaction off", "# RCA")
        await pilot.press("f", "s", "r")
        await shown(pilot, "jira │ short │ provenance off │ redaction on, 0 replaced", "[bold]line")
        await pilot.press("x")
        await shown(pilot, "Written to")
        assert fake.directory and (fake.directory / "rca.jira").is_file()
        await pilot.press("escape", "p")
        await shown(pilot, "jira │ short")


async def test_some_of_what_the_evidence_offers_is_taken(fake: Fake) -> None:
    drafted = Draft((Sentence("one"), Sentence("two"), Sentence("three")))
    fake.form = fake.form.type("Impact", "one\nmine").drafted({"Impact": drafted}, None)
    async with workbench(fake, (120, 36)) as (bench, pilot):
        fake.on_change(FormChanged(fake.form))
        await pilot.press("f")
        bench.form.areas["Impact"].focus()
        await shown(pilot, "F5 shows what the evidence offers")
        await pilot.press("f5")
        await shown(pilot, "- mine", "+ two", "+ three")
        await pilot.press("down", "down", "enter", "a")
        await until(pilot, lambda: fake.calls[-1][:2] == ("changes", "Impact"))
        await pilot.pause()
        assert fake.form["Impact"].text == "one\nmine\nthree"
        assert bench.form.areas["Impact"].text == "one\nmine\nthree"


async def test_lines_are_reordered_and_undone(fake: Fake) -> None:
    fake.form = fake.form.type("Fix", "first\nsecond\nthird")
    async with workbench(fake, (200, 50)) as (bench, pilot):
        area = bench.form.areas["Fix"]
        area.focus()
        area.cursor_location = (2, 1)
        await pilot.press("ctrl+up")
        await until(pilot, lambda: fake.form["Fix"].text == "first\nthird\nsecond")
        assert area.text == fake.form["Fix"].text
        await pilot.press("ctrl+z")
        await until(pilot, lambda: fake.form["Fix"].text == "first\nsecond\nthird")
        assert area.text == fake.form["Fix"].text
        await pilot.press("ctrl+down")
        assert area.text == "first\nsecond\nthird"


async def test_copying_needs_no_disk(fake: Fake) -> None:
    def refuses(*_: object) -> object:
        raise OSError(28, "No space left on device")

    fake.export = refuses  # type: ignore[method-assign,assignment]
    async with workbench(fake, (120, 36)) as (_, pilot):
        await pilot.press("y")
        await shown(pilot, "Not exported: No space left on device", "Not saved;")
