"""The crash process on its terminal: spawned, written to, ended and reaped. The only user of pexpect."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect

from rca.crash.launch import COLUMNS, ROWS, environment, private_directory

_PR_SET_PDEATHSIG = 1
"""From linux/prctl.h. It counts from the thread that forks: the session's, which lives as long as crash does."""
_DIE_WITH_PARENT = getattr(ctypes.CDLL(None), "prctl", None)
_KILL_AFTER = 0.4
"""Seconds that crash has to end by itself once its terminal is closed."""


class Terminal:
    """One child on a PTY of its own, session leader with a controlling terminal. Used by one thread only."""

    def __init__(self, argv: Sequence[str], beside: Path, extra: Mapping[str, str] | None = None) -> None:
        """Start it in a private directory made in `beside`. Raises OSError with a sentence when it cannot be."""
        self._home = private_directory(beside)
        try:
            child: Any = pexpect.spawn(
                argv[0],
                list(argv[1:]),
                env={**environment(self._home), **(extra or {})},
                cwd=str(self._home),
                dimensions=(ROWS, COLUMNS),
                encoding=None,
                timeout=None,
                preexec_fn=_prepare,
            )
        except (pexpect.ExceptionPexpect, OSError, ValueError) as error:
            shutil.rmtree(self._home, ignore_errors=True)
            raise OSError(f"{argv[0]} cannot be started: {_first_line(error)}") from error
        child.delaybeforesend = None
        self._child = child
        self._process = child.ptyproc
        self.pid: int = self._process.pid
        self.fd: int = self._process.fd
        os.set_blocking(self.fd, False)

    def read(self) -> bytes | None:
        """What has come, at most 64 KiB; None when nothing has; empty at the end."""
        try:
            return os.read(self.fd, 65_536)
        except BlockingIOError:
            return None
        except OSError as error:
            if error.errno == errno.EIO:
                return b""
            raise

    def write(self, data: bytes) -> bool:
        """Send bytes; False when the child does not take them."""
        try:
            return os.write(self.fd, data) == len(data)
        except OSError:
            return False

    def resize(self, rows: int, columns: int) -> None:
        """Make the terminal that crash sees another size; it hears of it."""
        with contextlib.suppress(OSError):
            self._process.setwinsize(rows, columns)

    def raw_mode(self) -> bool:
        """Whether the child reads single keys: readline waits at its prompt. A command that runs never does."""
        try:
            return not termios.tcgetattr(self.fd)[3] & termios.ICANON
        except (termios.error, OSError):
            return False

    def end(self) -> tuple[int | None, int | None]:
        """Close the terminal, kill what remains after a moment, reap it. Returns exit status and signal."""
        with contextlib.suppress(OSError):
            self._process.fileobj.close()
        deadline = time.monotonic() + _KILL_AFTER
        while self._process.isalive() and time.monotonic() < deadline:
            time.sleep(0.005)
        if self._process.isalive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._process.wait()
        self._process.fd = self._child.child_fd = -1
        self._process.closed = self._child.closed = True
        shutil.rmtree(self._home, ignore_errors=True)
        return self._process.exitstatus, self._process.signalstatus


def _prepare() -> None:
    """In the child: Ctrl+C must not print ``^C`` into the output, and crash must not outlive us, even killed ones."""
    with contextlib.suppress(termios.error):
        modes = termios.tcgetattr(0)
        modes[3] &= ~termios.ECHOCTL
        termios.tcsetattr(0, termios.TCSANOW, modes)
    if _DIE_WITH_PARENT is not None:
        _DIE_WITH_PARENT(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _first_line(error: Exception) -> str:
    text = str(error.args[-1] if error.args else error).strip()
    return text.splitlines()[0] if text else type(error).__name__
