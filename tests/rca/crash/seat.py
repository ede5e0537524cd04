"""A person at a terminal of their own."""

from __future__ import annotations

import os
import pty
import select
import termios
import time

from tests.rca.crash.standin import PATIENCE


class Seat:
    """Types, and sees what comes."""

    def __init__(self) -> None:
        self.person, self.terminal = pty.openpty()
        termios.tcsetwinsize(self.terminal, (30, 90))
        os.set_blocking(self.person, True)
        self.seen = b""

    def until(self, words: bytes) -> None:
        deadline = time.monotonic() + PATIENCE
        while words not in self.seen:
            ready, _, _ = select.select([self.person], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, self.seen
            self.seen += os.read(self.person, 4096)

    def types(self, data: bytes) -> None:
        os.write(self.person, data)
