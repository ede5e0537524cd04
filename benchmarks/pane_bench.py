"""What a person at the screen feels: the flooded crash pane, its memory, and the six commands in the workbench."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from benchmarks.first_paint import BARE
from benchmarks.session_bench import Ratio, batch_commands, raw_flood

LINES = 500_000
ROUNDS = 5
ANSWER = 0.25
"""Seconds within which a key must be seen to have worked."""


class _Screen:
    """A program on a 120x36 terminal whose drawing is read as bytes."""

    def __init__(self, argv: list[str], state: str) -> None:
        variables = {**os.environ, "TERM": "xterm-256color", "PANICDESK_STATE": state}
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            argv[0], argv[1:], dimensions=(36, 120), env=variables, timeout=120, maxread=65_536
        )
        self.child.delaybeforesend = None

    def after(self, words: str, expected: bytes) -> float:
        """Type, and tell how many seconds passed until something was drawn."""
        began = time.perf_counter()
        self.child.send(words)
        self.child.expect_exact(expected)
        return time.perf_counter() - began

    def resident(self) -> float:
        """MiB."""
        pages = int(Path(f"/proc/{self.child.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def close(self) -> None:
        """End it."""
        self.child.close(force=True)


def flooded(lines: int = LINES) -> tuple[float, float, list[float]]:
    """Seconds until the last of `lines` lines is on the screen, MiB resident then, and key-to-paint times meanwhile."""
    with tempfile.TemporaryDirectory() as state:
        screen = _Screen([sys.executable, "-m", "benchmarks.flood"], state)
        try:
            screen.child.expect_exact(b"type a crash command")
            time.sleep(0.5)
            screen.child.send("i")
            screen.after(f"flood {lines}", str(lines)[-1:].encode())
            seconds = screen.after("\r", f"some_function_{lines - 1} ".encode())
            resident = screen.resident()
            answers = []
            screen.child.send(f"flood {lines}\r" * ROUNDS)
            for letter in "QXYZJ":
                answers.append(screen.after(letter, letter.encode()))
            return seconds, resident, answers
        finally:
            screen.close()


def bare_resident() -> float:
    """MiB of a Textual app with a footer."""
    with tempfile.TemporaryDirectory() as state:
        screen = _Screen([sys.executable, "-c", BARE], state)
        try:
            screen.child.expect_exact(b"Baseline")
            time.sleep(0.5)
            return screen.resident()
        finally:
            screen.close()


def six_commands(vmlinux: str, vmcore: str) -> float:
    """Seconds from the start of the workbench until all six commands stand in it."""
    with tempfile.TemporaryDirectory() as state:
        began = time.perf_counter()
        screen = _Screen([sys.executable, "-m", "tui", "--vmlinux", vmlinux, vmcore], state)
        try:
            screen.child.expect_exact(b"6/6")
            return time.perf_counter() - began
        finally:
            screen.close()


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
