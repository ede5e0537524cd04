"""Acceptance scenarios of the workbench and of what leaves it: hostile text, refused commands, size, export."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest

from rca.audit import broken_at, read_audit
from rca.changes import OutputArrived
from rca.crash.base import SessionState
from rca.crash.transcript import Transcript
from rca.investigation import Investigation
from rca.opening import DEMO, open_path
from rca.report.export import NAMES
from rca.report.form import FIELDS
from rca.report.rendering import Wish
from rca.steps.base import CrashFacts
from tests.rca.crash.standin import FAKE
from tests.rca.desk import investigation, until
from tests.tui.fake_desk import Fake, screen, workbench
from tui.app import Panicdesk
from tui.clipboard import copy

PWN = b"\x1b]52;c;cHdu\x07\x1b[2J[bold red]\xe2\x80\xaeevil[/] <img src=x>"
"""A process name as any user may set one: a clipboard write, a cleared screen, markup, reversed text."""


def crash_directory(folder: Path, log: bytes) -> Path:
    """A directory with a log and the beginning of a dump that the real makedumpfile wrote."""
    directory = folder / "127.0.0.1-2025-12-22-09:02:31"
    directory.mkdir(parents=True)
    (directory / "vmcore-dmesg.txt").write_bytes(log)
    head = Path(__file__).parents[1] / "parsers" / "dumps" / "kdump-lzo.head"
    (directory / "vmcore").write_bytes(head.read_bytes())
    return directory


LOG = (
    b"[    1.0] BUG: unable to handle kernel NULL pointer dereference at 0000000000000028\n"
    b"[    1.0] CPU: 0 PID: 9 Comm: %b Kdump: loaded Not tainted 4.18.0-553.el8_10.x86_64 #1\n"
    b"[    1.0] RIP: 0010:acme_poll+0x1/0x10 [acme]\n"
)


def inert(text: str) -> bool:
    """Whether nothing in a text steers a terminal or turns its direction."""
    return not [c for c in text if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf")]


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_scenario_23_a_hostile_process_name_is_shown_inert(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    directory = crash_directory(tmp_path, LOG % PWN)
    app = Panicdesk(lambda: Investigation(open_path(directory)), "")
    async with app.run_test(size=size) as pilot:
        while app.workbench is None or "acme_poll" not in screen(app.workbench):
            await pilot.pause(0.05)
        for key in ("8", "c", "f", "escape", "e"):
            await pilot.press(key)
            await pilot.pause()
            assert inert(screen(app.workbench)), key


@pytest.mark.parametrize("name", NAMES)
def test_scenario_23_a_hostile_process_name_leaves_inert(name: str, tmp_path: Path) -> None:
    with investigation(crash_directory(tmp_path, LOG % PWN)) as desk:
        for short in (True, False):
            text = desk.render(Wish(name, short)).text
            assert inert(text) and (short or "evil" in text)
            assert name != "servicenow" or "<img" not in text


def test_scenario_24_what_reaches_a_shell_is_refused_and_audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a live session, whose crash would have done it."""
    program = tmp_path / "crash"
    start = f"import runpy, sys\nsys.argv[1:] = []\nrunpy.run_path({str(FAKE)!r}, run_name='__main__')\n"
    program.write_text(f"#!{sys.executable}\n{start}")
    program.chmod(0o700)
    found = CrashFacts(str(program), str(program))
    monkeypatch.setattr("rca.scout.look_for_crash", lambda *_: found)
    bad = ("!sh", "bt | tee x", "extend x.so")
    with investigation(crash_directory(tmp_path, LOG % b"cat")) as desk:
        until(lambda: desk.facts.crash.state is SessionState.READY)
        before = len(desk.transcript.lines)
        for command in bad:
            assert desk.run_crash(command).endswith(".")
        assert desk.wait(30) and desk.directory
        refused = [
            entry.data
            for entry in read_audit(desk.directory)
            if entry.data["problem"].startswith("refused: ")
        ]
        assert [entry["what"] for entry in refused] == list(bad) and all(entry["user"] for entry in refused)
        assert len(desk.transcript.lines) == before and broken_at(desk.directory) == 0


FRAMES = 30
STACKS = "".join(
    f'PID: {cpu}      TASK: ff11000100{cpu:06x}  CPU: {cpu}    COMMAND: "worker/{cpu}"\n'
    + "".join(
        f" #{n} [ff5ed5d04038{n:04x}] function_{cpu}_{n} at ffffffff9bc1{n:04x}\n" for n in range(FRAMES)
    )
    for cpu in range(200)
)


async def test_scenario_28_two_hundred_stacks_and_a_megabyte_of_log_on_a_small_screen(fake: Fake) -> None:
    log = "".join(f"[{n:12.6f}] eth0: link is up at 1000 Mbps, message {n}\n" for n in range(18_000))
    assert len(log) > 1_000_000
    lines = ["crash> log", *log.splitlines(), "crash> bt -a", *STACKS.splitlines()]
    async with workbench(fake, (80, 24)) as (bench, pilot):
        fake.transcript = Transcript(lines=lines)
        fake.on_change(OutputArrived(len(lines)))
        await pilot.press("c", "slash", *"function_150_7", "enter")
        await pilot.pause()
        assert "function_150_7" in screen(bench)
        await pilot.press("question_mark")
        await pilot.pause()
        assert len(bench.app.screen_stack) > 1, "the screen still answers"


def test_scenario_29_the_export_has_the_runbooks_headings_and_fits_jira() -> None:
    with investigation(DEMO) as desk:
        text = desk.render(Wish("md", short=True)).text
        places = [text.index(f"**{name}:**") for name in FIELDS]
        assert len(FIELDS) == 9 and places == sorted(places)
        assert "probable" in text.lower() or "confirmed" in text.lower()
        redacted = desk.render(Wish("jira", redact=True))
        assert redacted.replacements and len(redacted.text) <= 32_767
        hidden = {item.original for item in redacted.replacements}
        assert "worker-07" in hidden and "worker-07" not in redacted.text


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_scenario_30_without_a_clipboard_the_path_is_told(term: str, tmp_path: Path) -> None:
    said = copy("text", tmp_path / "rca.md", lambda _: None, {"TERM": term, "SSH_CONNECTION": "x"})
    assert f"Saved in {tmp_path / 'rca.md'}" in said and "unconfirmed" in said
