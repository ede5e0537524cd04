"""How fast the commands without a screen answer ``--help``, against an interpreter that only imports argparse."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from benchmarks.session_bench import Ratio


def seconds(argv: list[str]) -> float:
    """One run."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *argv], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


@contextmanager
def installed() -> Iterator[None]:
    """Let the programs started within keep their byte code, as an installer makes it, whatever this shell says."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        with patch.dict("os.environ", kept):
            yield


def measure(repeats: int = 15) -> tuple[Ratio, ...]:
    """The median of pairs taken in turn."""
    with installed():
        pairs = [
            (seconds(["-m", "tui", "triage", "--help"]), seconds(["-c", "import argparse"]))
            for _ in range(repeats)
        ]
    ours, bare = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    return (Ratio("triage --help over a bare import of argparse", ours, bare, "s", 2.0),)
