"""Waiting for a screen that will be so: the one way in which tests of the screen wait."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.pilot import Pilot

PATIENCE = 60.0
"""Seconds; only ever reached by a failure."""


async def until(pilot: Pilot[str], condition: Callable[[], object], seen: Callable[[], object] = str) -> None:
    """Wait until `condition` holds; where it never does, fail with what is `seen` instead."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, seen()
        await pilot.pause(0.01)
