"""What the tests of the screen share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.fake_desk import Fake
from tests.tui.waiting import at_rest


@pytest.fixture(autouse=True)
def pilots_wait_for_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressing a key and `pilot.pause()` end when the app is at rest, however busy the machine is."""
    monkeypatch.setattr("textual.app.wait_for_idle", at_rest)
    monkeypatch.setattr("textual.pilot.wait_for_idle", at_rest)


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """A desk that only writes down what it is asked."""
    return Fake(tmp_path)
