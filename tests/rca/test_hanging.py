"""A command that hangs for ever costs its own badge and nothing else."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rca.case import Case
from rca.evidence import Evidence
from rca.investigation import Investigation
from rca.opening import DEMO, open_demo
from rca.sources.base import Command, Probe
from rca.sources.recording import RecordingSource
from rca.steps.registry import STEPS
from rca.verdict import Badge
from tests.rca.desk import until

OPEN = (Badge.WAIT, Badge.RUN)


class Hangs(RecordingSource):
    """Answers what was recorded; one question never."""

    def __init__(self, hung: str) -> None:
        super().__init__(Case.load(DEMO).evidence)
        self.gate = threading.Event()
        self.hung = hung

    def collect(self, probe: Probe) -> Evidence:
        if probe.id == self.hung:
            self.gate.wait()
        return super().collect(probe)

    def close(self) -> None:
        self.gate.set()


@pytest.mark.parametrize(
    ("hung", "steps"),
    [
        ("uname-r", {0}),
        ("list-boots", {1}),
        ("last", {1}),
        ("kdump-status", {2}),
        ("kubelet", {9}),
        ("uname-n", set()),
        ("watchers", set()),
    ],
)
def test_a_command_that_hangs_for_ever(
    hung: str, steps: set[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path))
    source = Hangs(hung)
    desk = Investigation(replace(open_demo(), source=source))
    desk.start()
    until(
        lambda: (
            {n for n in range(10) if desk.verdicts[n].badge in OPEN} == steps and bool(desk.facts.evidence)
        )
    )
    until(lambda: desk.facts.diagnosis is not None)
    assert "mlx5e" in desk.form["Root Cause"].text
    desk.close()
    assert not desk._thread.is_alive()


def test_every_command_has_a_deadline() -> None:
    with_one = Investigation(open_demo())
    probes = [probe for step in STEPS for probe in step.probes(with_one.facts)]
    assert all(0 < probe.timeout <= 30 for probe in probes if isinstance(probe, Command))
