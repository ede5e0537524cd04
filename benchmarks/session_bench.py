"""How much the crash session costs over the bare minimum, as ratios measured in one run.

``python -m benchmarks.session_bench [VMLINUX VMCORE]``: without a dump only the flood is measured.
"""

from __future__ import annotations

import gc
import os
import pty
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rca.crash.base import MANDATORY, SessionState
from rca.crash.launch import environment, launch
from rca.crash.session import CrashSession
from rca.crash.transcript import Block
from rca.evidence import Evidence

LINES = 200_000
PROGRAM = """
import sys
line = " #{} [ffffc90000003e{:04x}] some_function_{} at ffffffff81000000 [some_module]\\n"
while True:
    sys.stdout.write("crash> "); sys.stdout.flush()
    command = sys.stdin.readline().split()
    if not command or command[0] == "quit":
        break
    if command[0] == "show":
        with open(command[1]) as file:
            sys.stdout.write(file.read())
        continue
    count = int(command[1])
    for first in range(0, count, 1000):
        sys.stdout.write("".join(line.format(n, n & 0xffff, n) for n in range(first, min(first + 1000, count))))
"""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measurement against its baseline."""

    name: str
    value: float
    baseline: float
    unit: str
    limit: float
    """What the ratio (or, without a baseline, the value) must not exceed."""

    @property
    def ratio(self) -> float:
        """Value over baseline; the value itself where there is none."""
        return self.value / self.baseline if self.baseline else self.value

    def __str__(self) -> str:
        verdict = "ok" if self.ratio <= self.limit else "TOO MUCH"
        against = f" / {self.baseline:.3f} {self.unit}" if self.baseline else ""
        return f"{self.name}: {self.value:.3f} {self.unit}{against} = {self.ratio:.2f} (limit {self.limit:g}) {verdict}"


class _Waiter:
    """A listener that waits for the end of commands."""

    def __init__(self) -> None:
        self.ended: dict[str, float] = {}
        self.ready = threading.Event()
        self.dead = threading.Event()
        self._news = threading.Condition()

    def session_changed(self, state: SessionState, message: str) -> None:
        if state is SessionState.READY:
            self.ready.set()
        if state is SessionState.DEAD:
            self.dead.set()
            self.ready.set()

    def output_arrived(self, lines: int) -> None:
        pass

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        with self._news:
            self.ended[block.command] = time.perf_counter()
            self._news.notify_all()

    def wait(self, command: str) -> float:
        with self._news:
            self._news.wait_for(lambda: command in self.ended or self.dead.is_set())
            return self.ended[command]


def raw_flood(lines: int = LINES) -> float:
    """Seconds from the command to the prompt in a bare loop of os.read on the same program's terminal."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", PROGRAM])
    chunks = [os.read(fd, 65_536)]
    while not chunks[-1].endswith(b"crash> "):
        chunks.append(os.read(fd, 65_536))
    began = time.perf_counter()
    os.write(fd, f"flood {lines}\n".encode())
    size, chunks = 0, []
    while size < lines * 40 or not chunks[-1].endswith(b"crash> "):
        chunks.append(os.read(fd, 65_536))
        size += len(chunks[-1])
    seconds = time.perf_counter() - began
    os.write(fd, b"quit\n")
    os.close(fd)
    os.waitpid(pid, 0)
    return seconds


def session_flood(lines: int = LINES) -> tuple[float, float]:
    """Seconds from the command to the noticed prompt through a CrashSession, and MiB that the process grew by."""
    with tempfile.TemporaryDirectory() as folder:
        waiter = _Waiter()
        argv = (sys.executable, "-c", PROGRAM)
        session = CrashSession(argv, Path(folder, "raw"), waiter, "bench", safe=False, prompt="crash> ")
        session.start()
        waiter.ready.wait()
        gc.collect()
        before, began = resident(), time.perf_counter()
        session.submit(f"flood {lines}")
        seconds = waiter.wait(f"flood {lines}") - began
        grown = resident() - before
        session.close()
        assert len(session.transcript.lines) >= lines
        return seconds, grown


def resident() -> float:
    """Resident MiB of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def batch_commands(program: str, vmlinux: str, vmcore: str, commands: Sequence[str] = MANDATORY) -> float:
    """Seconds of `crash -i FILE` from start to exit."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "commands")
        script.write_text("\n".join((*commands, "quit")) + "\n", encoding="ascii")
        argv = [program, "-s", "--no_scroll", "--no_crashrc", "-i", str(script), vmlinux, vmcore]
        began = time.perf_counter()
        with Path(folder, "out").open("wb") as out:
            subprocess.run(
                argv, stdin=subprocess.DEVNULL, stdout=out, env=environment(Path(folder)), check=True
            )
        return time.perf_counter() - began


def session_commands(program: str, vmlinux: str, vmcore: str, commands: Sequence[str] = MANDATORY) -> float:
    """Seconds of the same commands through a CrashSession, from start to its end by quit."""
    with tempfile.TemporaryDirectory() as folder:
        waiter = _Waiter()
        session = CrashSession(launch(program, vmlinux, vmcore), Path(folder, "raw"), waiter, "bench")
        began = time.perf_counter()
        session.start()
        for command in (*commands, "quit"):
            session.submit(command)
        waiter.dead.wait()
        seconds = time.perf_counter() - began
        session.close()
        return seconds


def measure(
    vmlinux: str = "", vmcore: str = "", program: str = "crash", repeats: int = 3
) -> tuple[Ratio, ...]:
    """All measurements; the best of `repeats` runs each, taken alternately."""
    floods = [(raw_flood(), session_flood()) for _ in range(repeats)]
    raw, through = min(raw for raw, _ in floods), min(seconds for _, (seconds, _) in floods)
    found = [
        Ratio(f"prompt after {LINES:,} lines, session over bare read", through, raw, "s", 2.0),
        Ratio(f"memory for {LINES:,} lines", floods[0][1][1], 0.0, "MiB", 150.0),
    ]
    if vmcore:
        runs = [
            (batch_commands(program, vmlinux, vmcore), session_commands(program, vmlinux, vmcore))
            for _ in range(repeats)
        ]
        batch, live = min(batch for batch, _ in runs), min(live for _, live in runs)
        found.append(Ratio("mandatory commands, session over crash -i", live, batch, "s", 1.1))
    return tuple(found)


if __name__ == "__main__":
    given = [*sys.argv[1:3], "", ""]
    for result in measure(given[0], given[1]):
        print(result)
