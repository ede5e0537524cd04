"""The settings' keys and colours, as far as the workbench takes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widget import Widget

from rca.investigation import Investigation
from rca.opening import open_demo
from rca.settings import Settings, parse_settings
from tests.tui.test_snapshots import frame
from tests.tui.waiting import until
from tui.app import Panicdesk
from tui.coach_keys import training_footer
from tui.commands import COMMANDS, footer, with_keys
from tui.configure import configure, example
from tui.screens.help import HelpScreen
from tui.widgets.crash_pane import Prompt
from tui.widgets.field_area import FieldArea
from tui.widgets.footer_line import typing_line
from tui.widgets.reader import SearchLine


def test_every_command_has_a_name_of_its_own() -> None:
    names = [command.name for command in COMMANDS if not command.priority]
    assert len(set(names)) == len(names)


def test_keys_are_given_and_shown() -> None:
    commands, problems = with_keys({"export": "E", "search": "F"})
    assert problems == () and {c.key for c in commands if c.name in ("export", "search")} == {"E", "F"}
    assert "E export" in footer(200, commands) and "F search" in footer(200, commands)
    assert "x export" in footer(200)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"dance": "d"}, "no such command"),
        ({"export": "q"}, "the key of another command"),
        ({"export": "/"}, "the key of another command"),
        ({"export": "m"}, "no key that can be given"),
        ({"export": "F2"}, "no key that can be given"),
        ({"export": "escape"}, "no key that can be given"),
        ({"export": "x,y"}, "no key that can be given"),
        ({"interrupt": "I"}, "no such command"),
    ],
)
def test_a_wish_that_cannot_be_met_is_named(wanted: dict[str, str], said: str) -> None:
    commands, (problem,) = with_keys(wanted)
    assert said in problem and commands == COMMANDS


def test_two_commands_can_change_places() -> None:
    commands, problems = with_keys({"export": "y", "copy-the-rca": "x"})
    assert not problems and [c.key for c in commands if c.name in ("export", "copy-the-rca")] == ["y", "x"]


async def test_the_workbench_obeys() -> None:
    desk = Investigation(open_demo())
    wishes = Settings(
        theme="light",
        keys={"rca-form": "F", "zoom": "?", "help": "Z", "nothing": "X"},
        problems=("A sentence.",),
    )
    app = Panicdesk(lambda: desk, "demo", wishes)
    try:
        async with app.run_test(size=(120, 60)) as pilot:
            await until(pilot, lambda: app.workbench and desk.wait(0))
            await pilot.pause()
            assert app.workbench
            assert app.theme == "panicdesk-light"
            said = [notification.message for notification in app._notifications]
            assert "A sentence." in said and any("keys.nothing" in line for line in said)
            assert "F form" in frame(app).splitlines()[-1] and "f form" not in frame(app)
            await pilot.press("f")
            assert app.workbench.form.display is False
            await pilot.press("F")
            assert app.workbench.form.display is True
            await pilot.press("escape", "Z")
            await pilot.pause()
            told = {command.title: command.help for command in app.get_system_commands(app.workbench)}
            assert told["RCA form"] == "F  Go to the RCA form" and isinstance(app.screen, HelpScreen)
            await until(pilot, lambda: re.search(r"\bZ +Show all keys", frame(app)))
            assert re.search(r"\bF +Go to the RCA form", frame(app))
    finally:
        desk.close()


def test_the_example_names_every_key_and_is_accepted() -> None:
    lines = [line.removeprefix("# ") for line in example().partition("[keys]")[2].splitlines()[2:]]
    found = parse_settings("[keys]\n" + "\n".join(lines))
    assert not found.problems and with_keys(found.keys) == (with_keys({})[0], ())
    assert len(found.keys) == len([command for command in COMMANDS if not command.priority])


def test_config_says_what_applies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PANICDESK_CONFIG", str(tmp_path))
    (tmp_path / "config.toml").write_text("[display]\ntheme = 'light'\n[keys]\nexport = 'q'\n")
    assert configure(False) == 1
    said = capsys.readouterr()
    assert "light" in said.out and "keys.export" in said.err


@pytest.mark.parametrize("pane", ["coach", "crash", "form", "evidence", "page"])
def test_a_trainings_footer_fits_and_obeys(pane: str) -> None:
    assert len(training_footer(pane)) <= 80
    mine, _ = with_keys({"help": "H", "evidence": "E"})
    assert (" H help" in training_footer(pane, mine)) is (" ? help" in training_footer(pane))


@pytest.mark.parametrize("place", [FieldArea, Prompt, SearchLine])
def test_what_works_while_typing_fits_beside_the_coach(place: type[Widget]) -> None:
    line = typing_line(place, COMMANDS, ("F2 coach",))
    assert len(line) <= 80 and "Esc leaves" in line and line.endswith("F2 coach")


def test_a_key_that_would_be_typed_is_not_offered_while_typing() -> None:
    mine, problems = with_keys({"proof": "ctrl+g", "offer": "O", "take-the-draft": "~"})
    assert not problems
    line = typing_line(FieldArea, mine)
    assert "ctrl+g proof" in line and "offer" not in line and "draft" not in line
