"""The installed program on a terminal of its own, with a screen that understands what it draws."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte

PATIENCE = 60.0
"""Seconds; only ever reached by a failure."""


class PtyScreen:
    """One run of the workbench, on a terminal of 120x36."""

    def __init__(self, child: pexpect.spawn[bytes]) -> None:
        self.child = child
        self.bytes = b""
        self.gone = False
        self._screen = pyte.Screen(120, 36)
        self._stream = pyte.ByteStream(self._screen)

    def shows(self) -> str:
        """What stands on the screen now."""
        try:
            while True:
                got = self.child.read_nonblocking(65_536, timeout=0.05)
                self.bytes += got
                self._stream.feed(got.replace(b"\x1b[>1u", b"").replace(b"\x1b[<u", b""))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return "\n".join(self._screen.display)

    def write_over(self, words: str) -> None:
        """Something else writes on the terminal."""
        self._stream.feed(f"\x1b[10;10H{words}".encode())

    def hang_up(self) -> None:
        """Close the terminal under the program, as a dropped link does, and wait for the program's end.

        Through its own file object: a number closed behind its back would be closed again, whoever has it then.
        """
        self.child.ptyproc.fileobj.close()  # type: ignore[attr-defined]
        self.gone = True
        deadline = time.monotonic() + PATIENCE
        while os.waitpid(self.child.pid or 0, os.WNOHANG) == (0, 0):
            assert time.monotonic() < deadline, "it lives on without a terminal"
            time.sleep(0.05)

    def until(self, condition: Callable[[str], bool]) -> str:
        """Wait for the screen to be so."""
        deadline = time.monotonic() + PATIENCE
        while not condition(seen := self.shows()):
            assert time.monotonic() < deadline, seen
        return seen


@contextmanager
def running(words: list[str], state: Path, module: str = "tui", **variables: str) -> Iterator[PtyScreen]:
    """A run that is over afterwards, whatever happened."""
    environment = {**os.environ, "PANICDESK_STATE": str(state), "TERM": "xterm-256color", **variables}
    screen = PtyScreen(
        pexpect.spawn(
            sys.executable, ["-m", module, *words], dimensions=(36, 120), env=environment, timeout=PATIENCE
        )
    )
    try:
        yield screen
    finally:
        if not screen.gone:
            screen.child.close(force=True)
