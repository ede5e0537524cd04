"""One shared ssh connection to a node: the system's own ssh, with the user's own configuration.

A first ssh holds the connection and a remote `cat` whose input is our pipe: when this program ends, however it ends,
the pipe closes, `cat` ends, and with it the connection. All commands go through it, as sessions of their own.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shlex
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from rca.evidence import now
from rca.sources.base import Command
from rca.sources.process import CLOSING, Outcome, Processes
from rca.sources.runs import Runs, ran

SCHEME = "ssh://"
_URL = re.compile(
    r"ssh://(?:([A-Za-z0-9_][\w.@+-]*)@)?(\[[0-9A-Fa-f:.%\w]+\]|[A-Za-z0-9_][\w.-]*)(?::(\d{1,5}))?/?\Z"
)
_SESSIONS = 7
"""Commands at once; sshd allows ten sessions a connection by default, and crash and our `cat` need one each."""
_PATIENCE = 20.0
"""Seconds for the connection to stand."""
_RETRY = 5.0
"""Seconds after a failed try in which its answer holds for everyone who asks."""
_GREETING = b"panicdesk\n"
_OPTIONS = (
    "BatchMode=yes",
    "ConnectTimeout=10",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "RemoteCommand=none",
)
_REMOTE = ("env", "LC_ALL=C", "TZ=UTC", "TERM=dumb", "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0", "COLUMNS=1000")
_BEGINS = "panicdesk-begins"
_FIRST = f"echo {_BEGINS}; env {_BEGINS}; "
"""What a login shell's start-up files print is no answer: on stdout the answer begins behind this word, on stderr
behind the line in which `env` complains that there is no such program. Every shell understands it."""
_PRELUDE = 1 << 16
"""Bytes of them that count for nothing."""
_NO_PROGRAM = re.compile(r"failed to run command|No such file or directory|not found")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, as ssh takes it."""

    host: str
    user: str = ""
    port: int | None = None

    @property
    def destination(self) -> str:
        """``root@worker-07``."""
        return f"{self.user}@{self.host}" if self.user else self.host

    def __str__(self) -> str:
        return f"{SCHEME}{self.destination}{f':{self.port}' if self.port else ''}"


def parse_target(url: str) -> Target | None:
    """Read ``ssh://root@worker-07:22``; None for anything else. A name that ssh would take for an option is none."""
    match = _URL.match(url)
    if not match or (match[3] and not 0 < int(match[3]) < 65536):
        return None
    return Target(match[2].strip("[]"), match[1] or "", int(match[3]) if match[3] else None)


class Link:
    """The connection. Opened by the first command, opened anew when it was lost."""

    def __init__(self, target: Target, options: Sequence[str] = (), runs: Runs | None = None) -> None:
        """`options` are put before everything else on ssh's command line; `runs` hears of each connection."""
        self.target = target
        self.runs = runs or Runs()
        self._options = tuple(options)
        self._processes = Processes()
        self._sessions = threading.Semaphore(_SESSIONS)
        self._lock = threading.Lock()
        self._directory: Path | None = None
        self._master: subprocess.Popen[bytes] | None = None
        self._failed: tuple[str, float] = ("", 0.0)
        self._closed = False

    def client(self, tty: bool = False) -> tuple[str, ...]:
        """The command line of an ssh that goes over the connection, up to the remote command. Opens nothing."""
        return (*self._ssh("no"), *(("-tt", "-e", "none") if tty else ("-T",)), "--", self.target.destination)

    def run(self, command: Command, given: BinaryIO | None = None) -> Outcome:
        """Run a command on the node, without a terminal; it reads `given`. Never raises for what it does."""
        with self._sessions:
            if problem := self.open():
                return Outcome(problem=problem)
            limited = ("timeout", "-k", "2", f"{command.timeout:g}", *command.argv)
            remote = _FIRST + shlex.join((*_REMOTE, *limited))
            ours = replace(
                command,
                argv=(*self.client(), remote),
                timeout=command.timeout + 5,
                limit=command.limit + _PRELUDE,
            )
            outcome = self._processes.run(ours, self._environment(), given)
        if outcome.problem.startswith("timed out"):
            return replace(outcome, problem=f"timed out after {command.timeout:g} s")
        return _read(_answer(outcome, command.limit), command)

    def open(self) -> str:
        """Make sure that the connection stands. Returns why it does not, or nothing."""
        with self._lock:
            if self._closed:
                return CLOSING
            if self._master and self._master.poll() is None:
                return ""
            problem, when = self._failed
            if problem and time.monotonic() - when < _RETRY:
                return problem
            problem = self._connect()
            self._failed = (problem, time.monotonic())
            return problem

    def close(self) -> None:
        """End every command and the connection."""
        self._processes.close()
        with self._lock:
            self._closed = True
            self._hang_up()
            if self._directory:
                shutil.rmtree(self._directory, ignore_errors=True)

    def _connect(self) -> str:
        self._hang_up()
        if self._directory is None:
            self._directory = Path(tempfile.mkdtemp(prefix="panicdesk-"))  # 0700; short, for a socket's path
        (self._directory / "s").unlink(missing_ok=True)  # a connection that was lost leaves its socket
        argv = (*self._ssh("yes"), "-T", "--", self.target.destination, "cat")
        started, clock = now(), time.monotonic()
        try:
            self._master = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment(),
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            return f"ssh cannot be started: {error.strerror}"
        problem = self._greet(self._master)
        outcome = Outcome(problem=problem)
        self.runs.note(ran(argv, "this machine", started, time.monotonic() - clock, outcome))
        return problem

    def _greet(self, master: subprocess.Popen[bytes]) -> str:
        """Wait until the remote `cat` echoes; returns why it did not."""
        assert master.stdin and master.stdout and master.stderr
        heard = b""
        deadline = time.monotonic() + _PATIENCE
        with contextlib.suppress(BrokenPipeError):
            master.stdin.write(_GREETING)
            master.stdin.flush()
        while (left := deadline - time.monotonic()) > 0 and len(heard) < 1 << 16:
            if not select.select([master.stdout], [], [], left)[0]:
                break
            chunk = os.read(master.stdout.fileno(), 4096)
            heard += chunk
            if _GREETING in heard:
                return ""
            if not chunk:
                break
        if master.poll() is None and time.monotonic() >= deadline:
            self._hang_up()
            return f"{self.target.destination} does not answer"
        said = master.stderr.read(1 << 16).decode("utf-8", "replace").strip()
        self._hang_up()
        return _in_words(said, self.target)

    def _hang_up(self) -> None:
        master, self._master = self._master, None
        if master is None:
            return
        for pipe in (master.stdin, master.stdout, master.stderr):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        master.terminate()
        try:
            master.wait(2)
        except subprocess.TimeoutExpired:
            master.kill()
            master.wait()

    def _ssh(self, master: str) -> tuple[str, ...]:
        port = ("-p", str(self.target.port)) if self.target.port else ()
        settings = (
            f"ControlMaster={master}",
            f"ControlPath={self._directory}/s",
            "ControlPersist=no",
            *_OPTIONS,
        )
        return ("ssh", *self._options, *port, *(word for item in settings for word in ("-o", item)))

    def _environment(self) -> dict[str, str]:
        kept = ("HOME", "USER", "LOGNAME", "PATH", "SSH_AUTH_SOCK", "KRB5CCNAME")
        return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


def _answer(outcome: Outcome, limit: int) -> Outcome:
    """The outcome without what came before the lines that say that the answer begins, cut at `limit` bytes."""
    output, errors = (_behind(said) for said in (outcome.output, outcome.errors))
    if len(output) + len(errors) <= limit:
        return replace(outcome, output=output, errors=errors)
    output = output[:limit]
    return Outcome(output, errors[: limit - len(output)], None, f"output cut at {limit} bytes", True)


def _behind(said: bytes) -> bytes:
    _, begins, behind = said.partition(_BEGINS.encode())
    return behind.partition(b"\n")[2] if begins else said


def _read(outcome: Outcome, command: Command) -> Outcome:
    """Tell the remote program's answer from ssh's and timeout's own."""
    program = command.argv[0]
    said = outcome.errors.decode("utf-8", "replace")
    if outcome.status == 124:
        return replace(outcome, status=None, problem=f"timed out after {command.timeout:g} s")
    if outcome.status == 127 and _NO_PROGRAM.search(said):
        return Outcome(problem=f"not found: {program} is not installed")
    if outcome.status == 126 and "ermission denied" in said:
        return Outcome(problem=f"permission denied: {program} may not be run")
    if outcome.status == 255 and re.search(
        r"^(?:ssh|mux_client|Connection|client_loop|Shared connection)", said, re.M
    ):
        return replace(
            outcome, status=None, problem=f"the connection was lost: {said.strip().splitlines()[-1]}"
        )
    return outcome


def _in_words(said: str, target: Target) -> str:
    """Why there is no connection, as one sentence without its full stop."""
    for mark, meaning in (
        (
            "Host key verification failed",
            "its host key is not known here: run ssh once by hand and accept it",
        ),
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", "its host key is another than the known one"),
        ("Permission denied", "the login is refused: a key or an agent is needed, nothing is asked here"),
        ("Could not resolve", "the name does not resolve"),
        ("Connection refused", "it refuses connections"),
        ("timed out", "it does not answer"),
        ("No route to host", "there is no route to it"),
    ):
        if mark in said:
            return f"{target.destination}: {meaning}"
    last = said.splitlines()[-1] if said else "ssh ended without a word"
    return f"{target.destination}: {last}"
