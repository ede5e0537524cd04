"""An investigation for tests: opened, waited for and closed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rca.changes import Change
from rca.investigation import Investigation
from rca.opening import open_path


@contextmanager
def investigation(
    path: Path, changes: list[Change] | None = None, *, rests: bool = True
) -> Iterator[Investigation]:
    """Open a path and wait until nothing runs by itself any more, unless it never `rests`."""
    told = [] if changes is None else changes
    desk = Investigation(open_path(path), told.append)
    desk.start()
    assert not rests or desk.wait(60), "the investigation does not come to rest"
    try:
        yield desk
    finally:
        desk.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that will be so."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
