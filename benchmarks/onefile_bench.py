"""From the start to the first verdict on a crash directory: the one file in a bare Python against the tree."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.help_bench import installed, seconds
from benchmarks.session_bench import Ratio
from rca.opening import DEMO
from release.onefile import build


def measure(repeats: int = 15) -> tuple[Ratio, ...]:
    """The median of pairs taken in turn."""
    with tempfile.TemporaryDirectory() as folder, installed():
        pyz = str(build(Path(folder) / "panicdesk.pyz"))
        pairs = [
            (seconds(["-I", "-S", pyz, "triage", str(DEMO)]), seconds(["-m", "tui", "triage", str(DEMO)]))
            for _ in range(repeats)
        ]
    one, tree = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    return (Ratio("triage from the one file over the installed tree", one, tree, "s", 1.5),)
