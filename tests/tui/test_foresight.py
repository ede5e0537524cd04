"""What is drawn ahead of a key is what stands there afterwards; what was foreseen wrongly does not stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tui.pty_screen import PtyScreen, running
from tests.tui.wrong_foresight import WRONG

REDRAW = "\x0c"


def settled(screen: PtyScreen) -> str:
    """What stands there when nothing more comes."""
    seen = ""
    while seen != (now := screen.shows()):
        seen = now
    return seen


def in_transcript(screen: PtyScreen) -> None:
    """At the top of the demo's crash session."""
    screen.until(lambda seen: "9/9" in seen)
    screen.child.send("cg")
    screen.until(lambda seen: "crash> sys" in seen)
    settled(screen)


def drawn_whole(screen: PtyScreen) -> str:
    """The screen as Textual draws all of it."""
    before = len(screen.bytes)
    screen.child.send(REDRAW)
    screen.until(lambda _: len(screen.bytes) - before > 4_000)
    return settled(screen)


def test_pages_and_letters_stand_as_textual_draws_them(tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        in_transcript(screen)
        seen = [settled(screen)]
        for key in ("  ", " ", "\x1b[6~", "\x1b[5~", "jj ", "\x1b[5~\x1b[5~"):
            screen.child.send(key)
            screen.until(lambda now: now != seen[-1])
            seen.append(settled(screen))
            assert drawn_whole(screen) == seen[-1], key
        screen.child.send("i")
        for typed in ("b", "t ", "-", "a", " 12"):
            screen.child.send(typed)
            assert drawn_whole(screen) == settled(screen)
        screen.until(lambda now: "bt -a 12" in now)


def test_what_something_else_wrote_goes_away(tmp_path: Path) -> None:
    with running(["demo"], tmp_path) as screen:
        in_transcript(screen)
        right = settled(screen)
        screen.write_over("Broadcast message")
        assert "Broadcast message" in settled(screen)
        assert drawn_whole(screen) == right


@pytest.mark.parametrize("keys", [" ", "?", "  jj", "ihello"])
def test_what_was_foreseen_wrongly_does_not_stay(keys: str, tmp_path: Path) -> None:
    with running(["demo"], tmp_path, "tests.tui.wrong_foresight") as screen:
        in_transcript(screen)
        screen.child.send("j")  # what is foreseen is made ready when a key was handled
        settled(screen)
        for key in keys:
            screen.child.send(key)
            settled(screen)
        assert re.search(re.escape(WRONG).encode(), screen.bytes)
        screen.until(lambda seen: WRONG not in seen)
        seen = settled(screen)
        assert drawn_whole(screen) == seen
