"""Textual's driver of a terminal, writing less, and drawing what a key is known to show before the key is handled.

A key goes a long way through Textual, and while crash's output floods the same interpreter that takes a while. What it
will show is often known before: the next page, the letter at the prompt. The thread that reads the keys draws it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, MouseEvent, MouseMove, Paste
from textual.message import Message

from tui.shown import LETTER, Prepared, Shown
from tui.sparing import sparing

_BUSY = 0.02
"""Seconds that a key waits for a frame that is being written; a terminal that has stalled takes longer."""
_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Frames that the next key shows."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """By the names of keys."""
    typed: str = ""
    """For any letter: one with `LETTER` in its place."""

    def has(self, key: str) -> bool:
        """Whether there is one for this key."""
        return key in self.keys or (bool(self.typed) and len(key) == 1)


class _Written:
    """A stream that counts what was handed on to be written to it and is not written yet."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._written = 0
        self.waiting = 0

    def expect(self) -> None:
        """Something was handed on."""
        with self._lock:
            self.waiting += 1

    def write(self, text: str) -> None:
        """As a stream does."""
        self._stream.write(text)
        self._written += 1

    def flush(self) -> None:
        """As a stream does."""
        self._stream.flush()
        with self._lock:
            self.waiting -= self._written
        self._written = 0

    def at_once(self, text: str) -> None:
        """Write past the thread that writes; only while nothing waits for it."""
        self._stream.write(text)
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class SparingDriver(LinuxDriver):
    """Keys are read by a thread of their own; all else is the main thread's."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """As Textual makes it."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._out = _Written(self._file)  # type: ignore[arg-type]
        self._file = self._out  # type: ignore[assignment]
        self._lock = threading.RLock()  # a signal's handler may write while its thread is writing
        self._shown = Shown()
        self._sync = ""
        self._input = threading.Lock()
        self._ready: Mapping[str, Prepared] = {}
        """By the names of keys, and `LETTER` for any letter; for the next key alone."""
        self.keys = 0
        """How many keys and pastes came in so far."""

    def start_application_mode(self) -> None:
        """Take the terminal, whatever it shows."""
        self.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def forget(self) -> None:
        """The terminal may show anything; the next frame is drawn whole."""
        with self._lock:
            self._shown.forget()

    def write(self, data: str) -> None:
        """Show a frame, or write anything else as it is."""
        with self._lock:
            if data == _SYNC_START:
                self._sync = data
            elif data == _SYNC_END and self._sync:
                self._sync = ""  # there was nothing between them
            else:
                self._hand_on(self._shown.take(data, self._terminal_size()))

    @property
    def ahead(self) -> bool:
        """Whether something foreseen is seen that Textual may not have drawn yet."""
        return self._shown.ahead

    def settle(self) -> bool:
        """Textual has drawn what the last key shows. False asks for the whole screen to be drawn again."""
        with self._lock:
            if not self._shown.ahead:
                return True
            said, known = self._shown.settle()
            self._hand_on(said)
            if not known:
                self._shown.forget()
            return known

    def make_ready(self, foreseen: Foreseen, keys: int) -> None:
        """What the next key shows, as it was when so many had come in."""
        ready: dict[str, Prepared] = {}
        with self._lock:
            for key, frame in (*foreseen.keys.items(), (LETTER, foreseen.typed)):
                if frame and (prepared := self._shown.prepare(frame)):
                    ready[key] = replace(prepared, told=sparing(prepared.told))
        with self._input:
            self._ready = ready if keys == self.keys else {}

    def process_message(self, message: Message) -> None:
        """Hand an input on to the app; what it is known to show is drawn first. Called on the keys' thread."""
        if isinstance(message, (Key, Paste, MouseEvent)) and not isinstance(message, MouseMove):
            with self._input:
                ready, self._ready = self._ready, {}
                self.keys += isinstance(message, (Key, Paste))
            if ready and isinstance(message, Key):
                self._draw_ahead(ready, message)
        super().process_message(message)

    def _draw_ahead(self, ready: Mapping[str, Prepared], key: Key) -> None:
        letter = key.character or ""
        typed = ready.get(LETTER) if len(letter) == 1 and letter.isascii() and letter.isprintable() else None
        found = typed or ready.get(key.key)
        if found is None or not self._lock.acquire(timeout=_BUSY):
            return
        try:
            if not self._out.waiting and self._shown.foresee(found, letter if typed else ""):
                self._out.at_once(found.told.replace(LETTER, letter) if typed else found.told)
        except (OSError, ValueError):
            return  # the terminal is gone; who writes next will say so
        finally:
            self._lock.release()

    def _terminal_size(self) -> tuple[int, int] | None:
        """Columns and rows, which Textual may not have heard of yet."""
        try:
            size = os.get_terminal_size(self.fileno)
        except OSError:
            return None
        return (size.columns, size.lines) if size.columns and size.lines else None

    def _hand_on(self, text: str) -> None:
        if text:
            self._out.expect()
            super().write(self._sync + sparing(text))
            self._sync = ""
