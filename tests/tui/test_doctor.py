"""The doctor on this machine, and in the workbench of a node without a dump."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rca.doctor.machine import look
from rca.investigation import Investigation
from rca.opening import open_demo
from rca.settings import Settings
from tests.tui.waiting import shown
from tui import doctor
from tui.app import Panicdesk
from tui.clipboard import way
from tui.screens.doctor import DoctorScreen


def test_it_looks_at_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path / "a" / "b"))
    found = look()
    assert found.release and found.kdump and found.crash and found.vmlinux
    assert found.writable and not (tmp_path / "a").exists(), "the doctor makes nothing"
    (tmp_path / "a").touch()
    assert not look().writable


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    status = doctor.doctor(True)
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1 and {"name", "steps", "badge", "summary", "remedy"} == set(found["checks"][0])
    assert status == any(check["badge"] == "FAIL" for check in found["checks"])
    assert {"crash", "kdump", "clipboard"} <= {check["name"] for check in found["checks"]}


def test_settings_that_were_passed_over_are_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "settings", lambda: Settings(problems=("display.x: no such setting.",)))
    (check,) = doctor.judge_settings()
    assert check.summary == "display.x: no such setting" and "--example" in check.remedy


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"TMUX": "x", "DISPLAY": ":0"}, "tmux"),
        ({"DISPLAY": ":0", "TERM": "xterm"}, "display"),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "x", "TERM": "xterm"}, "OSC 52"),
    ],
)
def test_the_way_of_a_copy(environ: dict[str, str], words: str) -> None:
    assert words in way(environ) and way({"TERM": "linux"}) == ""


@pytest.mark.parametrize(("key", "demo"), [("d", True), ("escape", False)])
async def test_the_workbench_shows_it_and_offers_the_demo(key: str, demo: bool) -> None:
    desk = Investigation(open_demo())
    app = Panicdesk(lambda: desk, "this node", advise=lambda: "FAIL  crash [step] 4")
    try:
        async with app.run_test(size=(60, 15)) as pilot:
            await shown(pilot, "FAIL  crash [step] 4", "open the demo")
            await pilot.press(key)
            await pilot.pause()
            assert app.wants_demo is demo
            assert demo or not isinstance(app.screen, DoctorScreen)
    finally:
        desk.close()
