"""A terminal of its own for a test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.rca.crash.seat import Seat


@pytest.fixture
def seat() -> Iterator[Seat]:
    """A person at a terminal that is closed at the end."""
    seat = Seat()
    yield seat
    for fd in (seat.person, seat.terminal):
        os.close(fd)
