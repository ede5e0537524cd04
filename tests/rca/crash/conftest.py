"""A session on the stand-in crash."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rca.crash.session import CrashSession
from tests.rca.crash.standin import FAKE, Open, Recorder


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Open]:
    """Open a session on the stand-in with the given options; whatever is left is closed at the end."""
    opened: list[CrashSession] = []

    def begin(
        *options: str, safe: bool = False, first: tuple[str, ...] = ()
    ) -> tuple[CrashSession, Recorder]:
        recorder = Recorder()
        argv = (sys.executable, str(FAKE), *options)
        session = CrashSession(
            argv, tmp_path / "raw.log", recorder, "test", safe=safe, prompt="crash> ", first=first
        )
        opened.append(session)
        session.start()
        return session, recorder

    yield begin
    for session in opened:
        session.close()
