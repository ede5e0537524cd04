"""A program on a terminal: what it shows, and when each of its bytes came."""

from __future__ import annotations

import os
import pty
import re
import select
import termios
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import pyte

QUIET = 0.25
"""Seconds without a byte after which a drawing has ended."""
_PATIENCE = 120.0
_TOGETHER = 0.04
"""Seconds."""
_KEYBOARD = re.compile(rb"\x1b\[[<>]\d*u")
"""About the keyboard; the model would show its last letter."""


class Screen:
    """What it draws is read as it comes; what that shows is asked of a terminal's model."""

    def __init__(self, argv: Sequence[str], rows: int, columns: int, **variables: str) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **variables}
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.execvpe(argv[0], list(argv), environment)
        termios.tcsetwinsize(self._fd, (rows, columns))
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._new: deque[tuple[bytes, float]] = deque()
        """Bytes that were read and are not modelled yet, and when they came."""

    @property
    def rows(self) -> list[str]:
        """What it shows."""
        return self._screen.display

    def press(self, keys: bytes) -> float:
        """Type. Returns when."""
        os.write(self._fd, keys)
        return time.perf_counter()

    def until(self, words: str, quiet: float = 0.0) -> float:
        """Read until these words are shown. Returns when their last byte came.

        What is read is modelled after so many seconds without a byte: modelling takes time from what is measured.
        """
        deadline = time.monotonic() + _PATIENCE
        last = 0.0
        while not any(words in row for row in self.rows):
            if not self._new:
                self._take(max(0.0, deadline - time.monotonic()))
                while quiet and self._take(quiet):
                    pass
            if not self._new:
                raise TimeoutError("\n".join(self.rows))
            last = self._see()
        return last

    def answer(self) -> tuple[int, float]:
        """Wait until something is drawn, and for its end. Returns its bytes, and when the last one came."""
        patience = _PATIENCE
        while self._take(patience):
            patience = QUIET
        drawn, last = sum(len(data) for data, _ in self._new), self._new[-1][1]
        while self._new:
            self._see()
        return drawn, last

    def drain(self, seconds: float) -> None:
        """Read for so long."""
        deadline = time.monotonic() + seconds
        while (rest := deadline - time.monotonic()) > 0:
            self._take(rest)
            while self._new:
                self._see()

    def resident(self) -> float:
        """MiB of memory that the program holds."""
        pages = int(Path(f"/proc/{self._pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def close(self) -> None:
        """End it."""
        os.kill(self._pid, 9)
        os.close(self._fd)
        os.waitpid(self._pid, 0)

    def _take(self, patience: float) -> bool:
        """Wait so many seconds for bytes, and read what comes a little while longer.

        To model them takes longer than to draw them: it must not delay what is read.
        """
        count, ends = len(self._new), 0.0
        while select.select([self._fd], [], [], patience)[0]:
            data, now = os.read(self._fd, 65_536), time.perf_counter()
            self._new.append((data, now))
            ends = ends or now + _TOGETHER
            patience = max(0.0, ends - now)
        return len(self._new) > count

    def _see(self) -> float:
        """Model the next bytes. Returns when they came."""
        data, when = self._new.popleft()
        self._stream.feed(_KEYBOARD.sub(b"", data))
        return when
