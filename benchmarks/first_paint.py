"""Time from the start of the process to the first painted frame: the demo against a bare Textual app with a footer."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import closing

from benchmarks.screen import Screen
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
    """Seconds until these words stand on a 120x36 terminal."""
    with tempfile.TemporaryDirectory() as state:
        began = time.perf_counter()
        screen = Screen(argv, 36, 120, PANICDESK_STATE=state, TEXTUAL_ANIMATIONS="none")
        with closing(screen):
            return screen.until(words) - began


def measure(repeats: int = 5) -> tuple[Ratio, ...]:
    """The median of pairs taken in turn."""
    pairs = [
        (painted([sys.executable, "-m", "tui", "demo"]), painted([sys.executable, "-c", BARE]))
        for _ in range(repeats)
    ]
    ours, bare = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    return (Ratio("first frame, workbench over a bare Textual app", ours, bare, "s", 1.5),)
