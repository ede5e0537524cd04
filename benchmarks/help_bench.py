"""How fast the commands without a screen answer ``--help``, against an interpreter that only imports argparse."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks.session_bench import Ratio


def seconds(argv: list[str]) -> float:
    """One run."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *argv], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def measure(repeats: int = 15) -> tuple[Ratio, ...]:
    """The median of pairs taken in turn."""
    pairs = [
        (seconds(["-m", "tui", "triage", "--help"]), seconds(["-c", "import argparse"]))
        for _ in range(repeats)
    ]
    ours, bare = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    return (Ratio("triage --help over a bare import of argparse", ours, bare, "s", 2.0),)
