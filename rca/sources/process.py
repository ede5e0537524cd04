"""Running one program to its end, its limit, or its deadline."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from rca.sources.base import Command

CLOSING = "interrupted: the program is closing"
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where programs are looked for, here and on a node; never the caller's PATH."""
_GRACE = 0.5
"""Seconds in which output may still arrive after the program has ended: a child of its own may hold the pipe."""

_UNKILLABLE = 2.0
"""Seconds after which a program that was killed and does not end is left behind."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    output: bytes = b""
    """stdout."""
    errors: bytes = b""
    """stderr."""
    status: int | None = None
    problem: str = ""
    truncated: bool = False

    @property
    def joined(self) -> bytes:
        """stdout, and after it stderr: a warning in the midst of JSON would spoil both."""
        between = b"\n" if self.output and self.errors and not self.output.endswith(b"\n") else b""
        return self.output + between + self.errors


class Processes:
    """Runs programs, each in a process group of its own, and can end all that still run."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def run(self, command: Command, environment: Mapping[str, str], given: BinaryIO | None = None) -> Outcome:
        """Run a command to its end; it reads `given`, or nothing. Never raises for what the program does."""
        program = command.argv[0]
        try:
            with self._lock:
                if self._closed:
                    return Outcome(problem=CLOSING)
                process = subprocess.Popen(
                    command.argv,
                    stdin=given or subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=dict(environment),
                    cwd="/",
                    start_new_session=True,
                )
                self._running.add(process)
        except FileNotFoundError:
            return Outcome(problem=f"not found: {program} is not installed")
        except PermissionError:
            return Outcome(problem=f"permission denied: {program} may not be run")
        except (OSError, ValueError) as error:
            return Outcome(problem=f"{program} could not start: {error}")
        try:
            outcome = _follow(process, command)
            return replace(outcome, status=None, problem=CLOSING) if self._closed else outcome
        finally:
            with self._lock:
                self._running.discard(process)

    def close(self) -> None:
        """Kill every group that still runs; later commands are refused."""
        with self._lock:
            self._closed = True
            running = tuple(self._running)
        for process in running:
            _kill(process)


def _follow(process: subprocess.Popen[bytes], command: Command) -> Outcome:
    deadline = time.monotonic() + command.timeout
    kept: dict[int, bytearray] = {}
    problem = ""
    truncated = False
    with selectors.DefaultSelector() as selector:
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_READ)
            kept[pipe.fileno()] = bytearray()
        ended = False
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                problem = "" if ended else f"timed out after {command.timeout:g} s"
                break
            for key, _ in selector.select(min(left, 0.2)):
                chunk = _read(key.fd)
                if chunk is None:
                    continue
                if not chunk:
                    selector.unregister(key.fileobj)
                kept[key.fd] += chunk
            if sum(map(len, kept.values())) > command.limit:
                problem, truncated = f"output cut at {command.limit} bytes", True
                break
            if not ended and _has_ended(process):
                ended, deadline = True, min(deadline, time.monotonic() + _GRACE)
    if not problem and not _wait(process, deadline):
        problem = f"timed out after {command.timeout:g} s"
    _kill(process)
    status: int | None = None
    with contextlib.suppress(subprocess.TimeoutExpired):  # what sudo started cannot be killed by its user
        status = process.wait(_UNKILLABLE)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    out, err = kept.values()
    said, complained = bytes(out[: command.limit]), bytes(err[: max(0, command.limit - len(out))])
    return Outcome(said, complained, None if problem else status, problem, truncated)


def _read(handle: int) -> bytes | None:
    try:
        return os.read(handle, 1 << 16)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended, without reaping it: until then its number, and the group's, belong to it alone."""
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    except ChildProcessError:
        return True


def _wait(process: subprocess.Popen[bytes], deadline: float) -> bool:
    """Wait for the end of a program that has closed its output."""
    pause = 0.001
    while not _has_ended(process):
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 2, 0.05)
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill its whole group; only while it is not reaped, so the group is surely ours."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
