"""What the tests of the screen share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.fake_desk import Fake


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """A desk that only writes down what it is asked."""
    return Fake(tmp_path)
