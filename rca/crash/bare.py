"""The very same session in the bare terminal: keys go to crash, its bytes come back, Ctrl+] returns."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import tty
from collections.abc import Callable
from typing import Protocol

from rca.crash.base import SessionState
from rca.crash.loan import Heard, Loan

LEAVE = b"\x1d"
"""Ctrl+], as in telnet: no key that crash or readline wants."""
_TICK = 0.2
"""Seconds after which it is looked whether crash is still there."""


class Lendable(Protocol):
    """What is asked of a session: `rca.crash.session.CrashSession`."""

    loan: Loan

    @property
    def state(self) -> SessionState: ...


def hand_over(session: Lendable, keys: int = 0, screen: int = 1, heard: Heard = lambda command: None) -> str:
    """Copy between the terminal and crash until Ctrl+] or crash's end. Returns why not, or nothing.

    `heard` takes each command that is typed, on the session's thread. `keys` and `screen` are the
    terminal's descriptors; its modes are restored. Call from the main thread, which hears of changes of
    size; elsewhere the size stays as it was.
    """
    try:
        before = termios.tcgetattr(keys)
        tty.setraw(keys)  # before the prompt is seen: it throws away what was typed until then
    except termios.error as error:
        return f"The terminal does not answer: {error.args[-1]}."
    try:
        if why := session.loan.lend(lambda data: _write(screen, data), heard):
            return why
        resized = _on_resize(lambda: _tell_size(session, screen))
        try:
            _tell_size(session, screen)
            _copy(session, keys)
        finally:
            session.loan.take_back()
            if resized is not None:
                signal.signal(signal.SIGWINCH, resized)
    finally:
        with contextlib.suppress(termios.error):  # it has hung up
            termios.tcsetattr(keys, termios.TCSADRAIN, before)
    return ""


def _copy(session: Lendable, keys: int) -> None:
    while session.state is not SessionState.DEAD:
        if not select.select([keys], [], [], _TICK)[0]:
            continue
        try:
            data = os.read(keys, 4096)
        except OSError:  # it has hung up
            return
        typed, leave, _ = data.partition(LEAVE)
        if typed:
            session.loan.type_bytes(typed)
        if leave or not data:
            return


def _tell_size(session: Lendable, screen: int) -> None:
    with contextlib.suppress(OSError):
        size = os.get_terminal_size(screen)
        session.loan.resize(size.lines, size.columns)


def _on_resize(told: Callable[[], None]) -> signal._HANDLER | None:
    try:
        return signal.signal(signal.SIGWINCH, lambda *_: told())
    except ValueError:  # not the main thread
        return None


def _write(screen: int, data: bytes) -> None:
    with contextlib.suppress(OSError):  # a terminal that is gone must not take the session with it
        while data:
            data = data[os.write(screen, data) :]
