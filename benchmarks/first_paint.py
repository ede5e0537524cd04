"""Time from the start of the process to the first painted frame: the demo against a bare Textual app with a footer."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time

import pexpect

from benchmarks.session_bench import Ratio

BARE = """
from textual.app import App
from textual.widgets import Footer, Static
class Bare(App):
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Static("Baseline")
        yield Footer()
Bare().run()
"""


def painted(argv: list[str], words: str = "Baseline") -> float:
    """Seconds until these words have reached a 120x36 terminal."""
    with tempfile.TemporaryDirectory() as state:
        variables = {
            **os.environ,
            "TERM": "xterm-256color",
            "PANICDESK_STATE": state,
            "TEXTUAL_ANIMATIONS": "none",
        }
        began = time.perf_counter()
        child = pexpect.spawn(argv[0], argv[1:], dimensions=(36, 120), env=variables, timeout=30)
        child.expect_exact(words.encode())
        seconds = time.perf_counter() - began
        child.close(force=True)
        return seconds


def measure(repeats: int = 5) -> tuple[Ratio, ...]:
    """The median of pairs taken in turn."""
    pairs = [
        (painted([sys.executable, "-m", "tui", "demo"]), painted([sys.executable, "-c", BARE]))
        for _ in range(repeats)
    ]
    ours, bare = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    return (Ratio("first frame, workbench over a bare Textual app", ours, bare, "s", 1.5),)
