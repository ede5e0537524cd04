"""What a person at the screen feels: the flooded crash pane, its memory, and the six commands in the workbench."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import closing

from benchmarks.first_paint import BARE
from benchmarks.screen import QUIET, Screen
from benchmarks.session_bench import Ratio, batch_commands, raw_flood

LINES = 500_000
ROUNDS = 5
ANSWER = 0.25
"""Seconds within which a key must be seen to have worked."""


def _open(argv: list[str], state: str) -> closing[Screen]:
    return closing(Screen([sys.executable, *argv], 36, 120, PANICDESK_STATE=state))


def flooded(lines: int = LINES) -> tuple[float, float, list[float]]:
    """Seconds until the last of `lines` lines is on the screen, MiB resident then, and key-to-paint times meanwhile."""
    with tempfile.TemporaryDirectory() as state, _open(["-m", "benchmarks.flood"], state) as screen:
        screen.until("type a crash command")
        screen.drain(0.5)
        screen.press(f"iflood {lines}".encode())
        screen.until(f"flood {lines}")
        began = screen.press(b"\r")
        seconds = screen.until(f"some_function_{lines - 1} ", QUIET) - began
        resident = screen.resident()
        screen.press(f"flood {lines}\r".encode() * ROUNDS)
        answers, typed = [], ""
        for letter in "QXYZJ":
            typed += letter
            began = screen.press(letter.encode())
            answers.append(screen.until(typed) - began)
        return seconds, resident, answers


def bare_resident() -> float:
    """MiB of a Textual app with a footer."""
    with tempfile.TemporaryDirectory() as state, _open(["-c", BARE], state) as screen:
        screen.until("Baseline")
        screen.drain(0.5)
        return screen.resident()


def six_commands(vmlinux: str, vmcore: str) -> float:
    """Seconds from the start of the workbench until all six commands stand in it."""
    argv = ["-m", "tui", "--vmlinux", vmlinux, vmcore]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as state, _open(argv, state) as screen:
        return screen.until("6/6") - began


def measure(vmlinux: str = "", vmcore: str = "", repeats: int = 5) -> tuple[Ratio, ...]:
    """All of it, taken alternately: the medians of `repeats` pairs."""
    runs = [(raw_flood(LINES), flooded()) for _ in range(repeats)]
    raw = statistics.median(seconds for seconds, _ in runs)
    seconds = statistics.median(found[0] for _, found in runs)
    resident = statistics.median(found[1] for _, found in runs)
    slowest = max(answer for _, found in runs for answer in found[2])
    results = [
        Ratio(f"{LINES:,} lines: last one on the screen over bare read", seconds, raw, "s", 1.5),
        Ratio(
            f"{LINES:,} lines: memory over a bare Textual app", resident - bare_resident(), 0.0, "MiB", 120.0
        ),
        Ratio("slowest key-to-paint under flood", slowest, 0.0, "s", ANSWER),
    ]
    if vmcore:
        pairs = [
            (batch_commands("crash", vmlinux, vmcore), six_commands(vmlinux, vmcore)) for _ in range(repeats)
        ]
        batch, live = (
            statistics.median(pair[i] for pair in pairs) for i in (0, 1)
        )  # starts of crash vary widely
        results.append(Ratio("six commands, workbench over crash -i", live, batch, "s", 1.03))
    return tuple(results)
