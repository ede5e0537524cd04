"""The program on a real pseudo-terminal: odd encodings, bad bytes, dropped links and kills."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest

from rca.case import Case
from tests.tui.pty_screen import PATIENCE, PtyScreen, running


def case(state: Path) -> Case:
    """The only case of this state directory."""
    (directory,) = (state / "cases").iterdir()
    return Case.load(directory)


def type_into_form(screen: PtyScreen, words: str) -> None:
    """Go to the form once the demo has come to rest, and type."""
    screen.until(lambda seen: "9/9" in seen)
    screen.child.send("f")
    screen.until(lambda seen: "RCA form" in seen)
    screen.child.send(words)


@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_what_was_half_typed_survives_the_end(how: signal.Signals, tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        type_into_form(screen, "half a sen")
        screen.until(lambda seen: "half a sen" in seen)
        if how is signal.SIGKILL:  # it leaves no time to save: what is lost is what the last moment brought
            screen.until(lambda _: case(tmp_path).form["Incident"].by_person)
        screen.child.kill(how)
        deadline = time.monotonic() + PATIENCE
        while screen.child.isalive() and time.monotonic() < deadline:
            screen.shows()
    assert case(tmp_path).form["Incident"].text.startswith("half a sen")
    with running(["demo"], tmp_path) as screen:
        screen.until(lambda seen: "half a sen" in seen and "yours" in seen)


def test_what_was_typed_stands_there_after_leaving_the_field(tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        type_into_form(screen, "ZZZ ")
        screen.until(lambda seen: "ZZZ Kernel" in seen and "yours" in seen)
        screen.child.send("\x1b")
        time.sleep(0.5)
        screen.child.send("f")
        screen.until(lambda seen: "ZZZ Kernel" in seen)
        screen.child.send("Y")
        screen.until(lambda seen: "YZZZ" in seen or "ZZZ Y" in seen)
        screen.until(lambda _: "Y" in (case(tmp_path).form["Incident"].typed or ""))
    assert "ZZZ" in case(tmp_path).form["Incident"].text


def test_scenario_32_a_link_that_drops_loses_nothing(tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        type_into_form(screen, "the link drops")
        screen.until(lambda seen: "the link drops" in seen)
        screen.hang_up()
    assert case(tmp_path).form["Incident"].text.startswith("the link drops")


def test_a_byte_that_is_no_utf8_ends_nothing(tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        screen.until(lambda seen: "9/9" in seen)
        screen.child.send(b"\xe9\xff")
        screen.child.send("7")
        screen.until(lambda seen: "Step 7" in seen)


def test_a_paste_with_escapes_presses_no_key(tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        screen.until(lambda seen: "9/9" in seen)
        screen.child.send("f")
        screen.until(lambda seen: "by evidence" in seen)
        screen.child.send("\x1b[200~AAA \x1b\x1b!yi!id >BBB\nred \x1b[31mtext\x1b[0m ZZZ\x1b[201~")
        screen.until(lambda seen: "AAA \\x1b\\x1b!yi!id >BBB" in seen and "SAFE MODE OFF" not in seen)
        assert "\\x1b[31mtext\\x1b[0m ZZZ" in screen.shows()


def test_a_terminal_without_utf8_gets_ascii_of_the_same_width(tmp_path: Path) -> None:
    with running(
        ["demo"], tmp_path, PYTHONUTF8="0", LC_ALL="en_US.ISO-8859-1", PYTHONIOENCODING="latin-1"
    ) as screen:
        seen = screen.until(lambda seen: "9/9" in seen)
        assert "+- Checklist ---" in seen and "\\u25" not in seen
        assert all(byte < 0x80 for byte in screen.bytes)


def test_no_color_sends_no_colour(tmp_path: Path) -> None:
    with running(["demo"], tmp_path, NO_COLOR="1") as screen:
        screen.until(lambda seen: "9/9" in seen)
        assert not re.search(rb"\x1b\[[\d;]*[34]8;[25];", screen.bytes)


def test_the_whole_rca_is_printed_plainly(tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        screen.until(lambda seen: "9/9" in seen)
        screen.child.send("Y")
        screen.until(lambda seen: "Enter returns." in seen)
        screen.child.send("\r")
        screen.until(lambda seen: "Checklist" in seen)


def test_the_terminals_true_size_counts(tmp_path: Path) -> None:
    with running(["demo"], tmp_path, COLUMNS="80", LINES="24") as screen:
        screen.until(
            lambda seen: "9/9" in seen and "crash session" in seen and len(seen.splitlines()[0].rstrip()) > 60
        )
        assert screen.shows().splitlines()[-1].startswith(" 0-9 s step")


def test_ctrl_c_never_ends_it(tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        screen.until(lambda seen: "9/9" in seen)
        for place in ("", "f", "\x1bi", "\x1b?", "\x1bq"):
            screen.child.send(place)
            screen.child.send("\x03")
        time.sleep(0.5)
        assert screen.child.isalive()


def test_a_path_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with running([str(tmp_path / "nothing")], tmp_path) as screen:
        screen.until(lambda seen: "No such file" in seen)
        assert "Traceback" not in screen.shows() and b"\x1b[?1049h" not in screen.bytes


def test_a_case_that_is_damaged_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "case.json").write_text(json.dumps({"schema": 99}))
    with running([str(broken)], tmp_path) as screen:
        screen.until(lambda seen: "newer panicdesk" in seen)
        assert "Traceback" not in screen.shows()
