"""The RCA leaves: previewed, offered, reordered, copied where no disk takes it."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest
from textual.events import Key

from rca.changes import FormChanged
from rca.report.form import Draft
from rca.report.rendering import Rendered, Wish
from rca.report.sentences import Sentence
from rca.settings import Settings
from tests.tui.fake_desk import Fake, screen, workbench
from tests.tui.waiting import shown, until
from tui.app import Panicdesk
from tui.handout import to_terminal


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


async def test_the_preview_shows_long_lines_whole(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = json.dumps({"content": [{"text": f"word{n} [b] 字"} for n in range(9)]})
    said = {"md": " ".join(f"word{n}" for n in range(40)), "jira-cloud": cloud}
    monkeypatch.setattr(fake, "render", lambda wish: Rendered(said.get(wish.format, "{no JSON") + "\n"))
    async with workbench(fake, (80, 24)) as (bench, pilot):
        await pilot.press("p")
        await pilot.pause()
        assert all(f"word{n} " in screen(bench) for n in range(40))
        await pilot.press("f")
        await pilot.pause()
        assert "{no JSON" in screen(bench)
        await pilot.press("f")
        await pilot.pause()
        shown = screen(bench)
        assert '"text": "word0 [b] 字"' in shown and f"1 lines, {len(cloud) + 1} characters" not in shown
        await pilot.press("x")
        await pilot.pause()
        assert fake.directory and (fake.directory / "rca.jira-cloud").read_text("utf-8") == cloud + "\n"
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        assert '"text": "word0 [b] 字"' in screen(bench)


async def test_the_last_choice_of_the_preview_is_every_exports(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    def copy(text: str, *_: object) -> str:
        copied.append(text)
        return "Copied."

    monkeypatch.setattr("tui.handout.copy", copy)
    async with workbench(fake, (120, 36)) as (bench, pilot):
        await pilot.press("x")
        await pilot.pause()
        assert "not redacted, real names" in screen(bench)
        bench.app.clear_notifications()
        for key in ("p", "r", "escape", "x"):
            bench.app.post_message(Key(key, key if len(key) == 1 else None))
        await shown(pilot, "rca.md, redacted")
        assert fake.directory and "redact=True" in (fake.directory / "rca.md").read_text(encoding="utf-8")
        assert "real names" not in screen(bench)
        bench.app.clear_notifications()
        await pilot.press("y")
        await pilot.pause()
        assert "redact=True" in copied[-1] and "Copied. It is redacted." in screen(bench)
        bench.app.clear_notifications()
        await pilot.press("p", "r", "q", "y")
        await pilot.pause()
        assert "redact=True" not in copied[-1] and "not redacted, real names" in screen(bench)


async def test_what_a_person_made_of_the_file_stays(fake: Fake) -> None:
    async with workbench(fake, (120, 36)) as (bench, pilot):
        await pilot.press("x")
        assert fake.directory
        (fake.directory / "rca.md").write_text("by hand")
        await pilot.press("y")
        await pilot.pause()
        assert (fake.directory / "rca.md.1").read_text() == "by hand"
        assert "rca.md was changed after panicdesk wrote it" in screen(bench)


async def test_the_rca_is_printed_as_it_was_last_wanted(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr("builtins.print", lambda text: printed.append(text))
    monkeypatch.setattr(Panicdesk, "suspend", lambda _: nullcontext())
    monkeypatch.setattr("builtins.input", lambda: "")
    async with workbench(fake, (120, 36)) as (bench, _):
        to_terminal(bench.app, fake, Wish(redact=True))
    assert "redact=True" in printed[0] and printed[0].endswith("This is redacted. Enter returns.")


async def test_a_format_that_the_settings_redact_is_redacted(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rca.report.preferences.settings", lambda: Settings(redact=("md", "jira")))
    async with workbench(fake, (120, 36)) as (bench, pilot):
        await pilot.press("x")
        await pilot.pause()
        assert fake.directory and "redact=True" in (fake.directory / "rca.md").read_text(encoding="utf-8")
        await pilot.press("p", "r", "f")
        await pilot.pause()
        assert "jira │ full │ provenance off │ redaction on" in screen(bench)


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


async def test_two_long_lines_that_differ_at_the_end_are_offered_whole(fake: Fake) -> None:
    long = "the node went down with all of its workloads " * 3
    drafted = Draft((Sentence(f"{long}and came back"),))
    fake.form = fake.form.type("Impact", f"{long}and stayed away").drafted({"Impact": drafted}, None)
    async with workbench(fake, (80, 24)) as (bench, pilot):
        fake.on_change(FormChanged(fake.form))
        await pilot.press("f")
        bench.form.areas["Impact"].focus()
        await pilot.press("f5")
        await pilot.pause()
        assert "and stayed away" in screen(bench) and "and came back" in screen(bench)
        await pilot.press("down", "enter", "a")
        await pilot.pause()
        assert fake.calls[-1][:2] == ("changes", "Impact")


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
