"""What comes out of crash: raw bytes onto the disk first, then clean lines, without the echo of what was typed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from rca.crash.stream import LineStream

_BURST = 1 << 18
"""Bytes after which reading pauses, so that an interrupt is heard in a flood."""


INTERRUPT = b"\x03"


class Intake:
    """The raw log, the line stream and the echo check of one session. Used by one thread only."""

    def __init__(self, raw_log: Path, prompt: str) -> None:
        """`raw_log` is opened by `open()`; `prompt` includes its trailing blank."""
        self.stream = LineStream()
        self.problem = ""
        """Why the raw log is not complete."""
        self.interrupted = False
        """Whether Ctrl+C was sent: the terminal repeats that too, in the middle of anything."""
        self.tap: Callable[[bytes], None] | None = None
        """Who sees the bytes too, as they come."""
        self._raw_log = raw_log
        self._fd = -1
        self._prompt = prompt
        self._blank = ("", prompt.strip())
        self._echo = ""
        self._held: list[str] = []

    def open(self) -> None:
        """Create the raw log, 0600, or append to it. Raises OSError."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._fd = os.open(self._raw_log, flags, 0o600)

    def close(self) -> None:
        """Close the raw log."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def read(self, source: Callable[[], bytes | None]) -> tuple[bool, list[str] | None]:
        """Read until nothing is left or a burst is full.

        Returns whether the source lives on, and the lines that were finished (None when nothing came at all).
        """
        chunks: list[bytes] = []
        size = 0
        alive = True
        while size < _BURST:
            data = source()
            if data is None:
                break
            if not data:
                alive = False
                break
            if self.tap:
                self.tap(data)
            chunks.append(data)
            size += len(data)
        if not chunks:
            return alive, None
        data = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        self._keep(data)
        lines = self.stream.feed(data.replace(INTERRUPT, b"") if self.interrupted else data)
        return alive, self._without_echo(lines) if self._echo and lines else lines

    def expect_echo(self, command: str) -> None:
        """The next line should be this command, as the terminal repeats it."""
        self._echo, self._held = command, []
        self.interrupted = False

    @property
    def awaits_echo(self) -> bool:
        """Whether the command that was sent has not been repeated yet."""
        return bool(self._echo)

    def settle(self) -> list[str]:
        """The command has ended: give back what was held while its echo was awaited."""
        held, self._held, self._echo = self._held, [], ""
        return held

    def _without_echo(self, lines: list[str]) -> list[str]:
        """Drop the echo, and the prompts and blank lines that a late interrupt may have left before it."""
        for index, line in enumerate(lines):
            if line in (self._echo, self._prompt + self._echo):
                self.settle()
                return lines[index + 1 :]
            if line.strip() not in self._blank:
                return self.settle() + lines
        self._held += lines
        return []

    def _keep(self, data: bytes) -> None:
        if self._fd < 0:
            return
        try:
            os.write(self._fd, data)
        except OSError as error:  # a full disk must not stop the analysis
            self.problem = f"{self._raw_log.name} is incomplete: {error.strerror}"
            with contextlib.suppress(OSError):
                self.close()
