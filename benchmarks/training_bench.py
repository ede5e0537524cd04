"""Opening a scenario with its coach against opening the same recorded case at the workbench."""

from __future__ import annotations

import statistics
import sys

from benchmarks.first_paint import painted
from benchmarks.session_bench import Ratio
from rca.training.scenario import SHIPPED

NAME = "mlx5-napi-null"
ASKED = "Predict before you look"
"""What the coach says once one can work."""
OPEN = "6.1.0-56-cloud-amd64"
"""What the header says once the case is open."""


def measure(repeats: int = 5) -> tuple[Ratio, ...]:
    """The median of pairs taken in turn."""
    command = [sys.executable, "-m", "tui"]
    pairs = [
        (painted([*command, "train", NAME], ASKED), painted([*command, str(SHIPPED / NAME)], OPEN))
        for _ in range(repeats)
    ]
    training, case = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    return (Ratio("opening a scenario over opening its case", training, case, "s", 1.2),)
