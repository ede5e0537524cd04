"""How long the steps take beside the slowest of their commands, and triage beside ``crash --log``.

``python -m benchmarks.steps_bench [VMLINUX VMCORE]``: without a dump only stand-in commands are measured.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from benchmarks.help_bench import seconds
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


def triage(vmcore: Path, repeats: int) -> Ratio:
    """The verdict without debuginfo over ``crash --log``, taken in turn; tells, too, whether that program answered."""
    pairs = []
    for _ in range(repeats):
        ours = seconds(["-m", "tui", "triage", str(vmcore.parent)])
        began = time.perf_counter()
        done = subprocess.run(
            ["crash", "--log", str(vmcore)], capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        pairs.append((ours, time.perf_counter() - began))
    ours, theirs = (statistics.median(pair[n] for pair in pairs) for n in (0, 1))
    gave = "" if done.returncode == 0 else ", which gives up on this dump"
    return Ratio(f"triage of a crash directory over crash --log{gave}", ours, theirs, "s", 2.0)


def measure(vmlinux: str = "", vmcore: str = "", repeats: int = 3) -> tuple[Ratio, ...]:
    """All measurements."""
    if not vmcore:
        return (stand_ins(),)
    return (stand_ins(), real(Path(vmcore), repeats), triage(Path(vmcore), 5 * repeats))


if __name__ == "__main__":
    given = [*sys.argv[1:3], "", ""]
    for result in measure(given[0], given[1]):
        print(result)
