"""How long the steps take beside the slowest of their commands, and triage beside ``crash --log``.

``python -m benchmarks.steps_bench [VMLINUX VMCORE]``: without a dump the steps are measured on stand-in commands only.
``python -m benchmarks.steps_bench DIRECTORY``: triage alone, on a crash directory, say of a kernel before 5.10.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from benchmarks.help_bench import installed, seconds
from benchmarks.olddump import make
from benchmarks.session_bench import Ratio
from rca.case import Case
from rca.changes import Change, StepsJudged
from rca.crash.base import SessionState
from rca.evidence import Evidence, Kind
from rca.investigation import Investigation
from rca.opening import DEMO, Opening, open_demo, open_path
from rca.sources.base import Command, Probe
from rca.sources.node import NodeSource
from rca.sources.recording import RecordingSource
from rca.verdict import Badge, Verdict

READ_ONLY = range(10)
"""Steps 0 to 9; step 10 waits for a person."""
SLOW = 1.0
"""Seconds that the slow command takes."""
_OPEN = (Badge.WAIT, Badge.RUN)
_PATIENCE = 600.0
_GIGABYTES = 128
"""Memory of the made dump's node: crash reads a bitmap of all of it."""


class Delayed(RecordingSource):
    """Answers as recorded, at once but for one command, whose answer comes when a real program has ended."""

    def __init__(self, evidence: Mapping[str, Evidence], slow: str, program: tuple[str, ...]) -> None:
        super().__init__(evidence)
        self.asked: set[str] = set()
        self._slow = slow
        self._programs = NodeSource()
        self._program = program

    def collect(self, probe: Probe) -> Evidence:
        if isinstance(probe, Command):
            self.asked.add(probe.id)
        if probe.id != self._slow:
            return super().collect(probe)
        ran = self._programs.collect(Command(probe.id, self._program, timeout=_PATIENCE))
        return replace(super().collect(probe), seconds=ran.seconds)

    def close(self) -> None:
        self._programs.close()


@dataclass(frozen=True, slots=True)
class Judged:
    """How an investigation went."""

    seconds: float
    """From the start until every read-only step had its last badge."""
    evidence: Mapping[str, Evidence]


def judged(opening: Opening) -> Judged:
    """Investigate until all has come to rest."""
    ended: dict[int, float] = {}
    before: Mapping[int, Verdict] = {}
    began = time.perf_counter()

    def tell(change: Change) -> None:
        nonlocal before
        if isinstance(change, StepsJudged):
            now = time.perf_counter() - began
            changed = [
                n for n in READ_ONLY if change.verdicts[n].badge != (before[n].badge if before else None)
            ]
            ended.update(dict.fromkeys(changed, now))
            before = change.verdicts

    with tempfile.TemporaryDirectory() as state, patch.dict("os.environ", {"PANICDESK_STATE": state}):
        desk = Investigation(opening, tell)
        desk.start()
        rested = desk.wait(_PATIENCE)
        desk.close()
    left = [n for n in READ_ONLY if desk.verdicts[n].badge in _OPEN]
    if not rested or left or desk.facts.crash.state is SessionState.STARTING:
        raise RuntimeError(f"steps {left} were not judged within {_PATIENCE:g} s")
    return Judged(max(ended.values()), desk.facts.evidence)


def stand_ins() -> Ratio:
    """Each command of a node in a cluster in turn is the slow one; the worst of them counts."""
    demo, cluster = open_demo(), Case.load(DEMO.parent / "bonded-worker").evidence
    assert demo.recorded
    whole = {
        **demo.recorded.evidence,
        **{id_: item for id_, item in cluster.items() if item.kind is not Kind.CRASH},
    }
    first = Delayed(whole, "", ())
    judged(replace(demo, source=first))
    worst, name = 0.0, ""
    for slow in sorted(first.asked):
        run = judged(replace(demo, source=Delayed(whole, slow, ("sleep", f"{SLOW:g}"))))
        worst, name = max((worst, name), (run.seconds / run.evidence[slow].seconds, slow))
    text = f"steps 0-9 over their slowest command, the worst of {len(first.asked)} ({name})"
    return Ratio(text, worst * SLOW, SLOW, "s", 1.5)


def real(vmcore: Path, repeats: int) -> Ratio:
    """The real crash on a real crash directory: its slowest command is crash's own start."""
    runs = []
    for _ in range(repeats):
        run = judged(open_path(vmcore.parent))
        slowest = max(run.evidence.values(), key=lambda item: item.seconds)
        runs.append((run.seconds / slowest.seconds, run.seconds, slowest))
    _, whole, slowest = sorted(runs, key=lambda each: each[0])[len(runs) // 2]
    text = f"steps 0-9 of a crash directory over its slowest command ({slowest.id})"
    return Ratio(text, whole, slowest.seconds, "s", 1.5)


def triage(directory: Path, repeats: int, what: str = "a crash directory") -> tuple[Ratio, ...]:
    """The verdict without debuginfo over ``crash --log``, taken in turn, and what of it is Python's own start.

    Where crash finds no log in the dump, makedumpfile's way to the log takes its place, and the name says so.
    """
    with tempfile.TemporaryDirectory() as folder, installed():
        vmcore = str(directory / "vmcore")
        log = str(Path(folder, "log"))
        peers = {
            "crash --log": ["crash", "--log", vmcore],
            "makedumpfile --dump-dmesg (crash --log is not measured: it cannot read this dump)": [
                "makedumpfile", "-f", "--dump-dmesg", vmcore, log,
            ],
        }  # fmt: skip
        name = next((name for name, argv in peers.items() if _answers(argv)), "")
        if not name:
            raise RuntimeError(f"neither crash --log nor makedumpfile finds a log in {vmcore}")
        ours, bare = ["-m", "tui", "triage", str(directory)], ["-c", "import argparse"]
        seconds(ours)
        taken = [(seconds(ours), seconds(bare), _peer_seconds(peers[name])) for _ in range(repeats)]
    triaged, started, theirs = (statistics.median(run[n] for run in taken) for n in range(3))
    return (
        Ratio(f"triage of {what} over {name}", triaged, theirs, "s", 2.0),
        Ratio(f"a Python that only imports argparse over {name}", started, theirs, "s", 2.0),
    )


def old_kernel(repeats: int) -> tuple[Ratio, ...]:
    """Triage beside a ``crash --log`` that answers: the demo's log in a dump made as a kernel before 5.10 leaves it."""
    lines = (DEMO / "evidence" / "vmcore-dmesg.txt").read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), lines, _GIGABYTES)
        return triage(Path(folder), repeats, f"a made dump of a 4.18 node with {_GIGABYTES} GB")


def _answers(argv: list[str]) -> bool:
    try:
        done = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def _peer_seconds(argv: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def measure(vmlinux: str = "", vmcore: str = "", repeats: int = 3) -> tuple[Ratio, ...]:
    """All measurements."""
    found: tuple[Ratio, ...] = (stand_ins(),)
    if shutil.which("crash"):
        found += old_kernel(5 * repeats)
    if vmcore:
        found += (real(Path(vmcore), repeats), *triage(Path(vmcore).parent, 5 * repeats))
    return found


if __name__ == "__main__":
    given = [*sys.argv[1:], "", ""]
    alone = bool(given[0] and not given[1])
    for result in triage(Path(given[0]), 15) if alone else measure(given[0], given[1]):
        print(result)
