"""A real terminal: one window of a tmux server of its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
"""Seconds for the real crash on a slow and busy machine: only ever reached by a failure."""


class Terminal:
    """A tmux server of its own with one window."""

    def __init__(self, socket: Path, columns: int, rows: int) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
        self._size = ["-x", str(columns), "-y", str(rows)]

    def start(self, argv: list[str], state: Path) -> None:
        """Begin; the server of a window whose program was killed may take a moment to go."""
        words = ("new-session", "-d", *self._size, "-e", f"PANICDESK_STATE={state}", "-c", str(ROOT), *argv)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.tmux(*words)
                return
            except subprocess.CalledProcessError:
                assert time.monotonic() < deadline
                time.sleep(0.2)

    def tmux(self, *words: str) -> str:
        done = subprocess.run([*self._tmux, *words], capture_output=True, text=True, timeout=30, check=True)
        return done.stdout

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def leave(self) -> None:
        """Esc, by itself: with a key right behind it a terminal says Alt and that key."""
        self.tmux("send-keys", "Escape")
        time.sleep(0.5)

    def until(self, condition: Callable[[str], bool]) -> str:
        deadline = time.monotonic() + PATIENCE
        while not condition(seen := self.screen()):
            assert time.monotonic() < deadline, seen
            time.sleep(0.2)
        return seen
