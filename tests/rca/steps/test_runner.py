"""Probes side by side: each once, none in another's way, none left without an answer."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime

from rca.evidence import Evidence, Kind
from rca.sources.base import Command, Probe, Where
from rca.sources.recording import RecordingSource
from rca.steps.runner import ProbeRunner

ENOUGH = 60


class Gated(RecordingSource):
    """Answers at once, but for the ids that wait for their gate; counts how often each was asked."""

    where = Where.RECORDING

    def __init__(self, *slow: str) -> None:
        super().__init__({})
        self.gate = threading.Event()
        self.slow = slow
        self.asked: Counter[str] = Counter()

    def collect(self, probe: Probe) -> Evidence:
        self.asked[probe.id] += 1
        if probe.id in self.slow:
            self.gate.wait(ENOUGH)
        if probe.id == "bad":
            raise RuntimeError("boom")
        return Evidence(probe.id, Kind.COMMAND, probe.id, "", datetime.now(UTC), ("x",))


def probe(id_: str) -> Command:
    return Command(id_, (id_,))


def test_each_distinct_id_once() -> None:
    source, seen = Gated(), list[str]()
    runner = ProbeRunner(source, lambda evidence: seen.append(evidence.id))
    runner.request([probe("a"), probe("b"), probe("a")])
    runner.request([probe("b")])
    assert runner.wait(ENOUGH)
    assert sorted(seen) == ["a", "b"] and source.asked == {"a": 1, "b": 1}


def test_one_that_hangs_holds_up_no_other() -> None:
    source = Gated("hung", "hung-too")
    seen: dict[str, Evidence] = {}
    done = threading.Event()

    def tell(evidence: Evidence) -> None:
        seen[evidence.id] = evidence
        if len(seen) == 20:
            done.set()

    runner = ProbeRunner(source, tell)
    runner.request([probe("hung"), probe("hung-too"), *(probe(f"p{n}") for n in range(20))])
    assert done.wait(ENOUGH)
    assert runner.outstanding(["hung", "p1", "never"]) == {"hung"}
    runner.close()
    source.gate.set()
    assert len(seen) == 20


def test_a_fault_of_ours_is_an_answer_too() -> None:
    seen: list[Evidence] = []
    runner = ProbeRunner(Gated(), seen.append)
    runner.request([probe("bad")])
    assert runner.wait(ENOUGH)
    assert seen[0].problem == "failed: RuntimeError: boom" and not runner.outstanding()


def test_again_asks_anew_but_not_twice_at_once() -> None:
    source, seen = Gated("slow"), list[str]()
    runner = ProbeRunner(source, lambda evidence: seen.append(evidence.id))
    runner.request([probe("slow"), probe("quick")])
    runner.again(["slow", "unknown"])
    source.gate.set()
    assert runner.wait(ENOUGH)
    runner.again(["quick"])
    assert runner.wait(ENOUGH)
    assert source.asked == {"slow": 1, "quick": 2}


def test_after_forget_a_request_may_name_another_file() -> None:
    source = Gated()
    runner = ProbeRunner(source, lambda _: None)
    runner.request([probe("vmcore-dmesg")])
    assert runner.wait(ENOUGH)
    runner.forget(["vmcore-dmesg"])
    runner.request([Command("vmcore-dmesg", ("other",))])
    assert runner.wait(ENOUGH)
    assert source.asked["vmcore-dmesg"] == 2


def test_nothing_is_told_after_close() -> None:
    source, seen = Gated("slow"), list[str]()
    runner = ProbeRunner(source, lambda evidence: seen.append(evidence.id))
    runner.request([probe("slow")])
    runner.close()
    source.gate.set()
    for thread in threading.enumerate():
        if thread.name == "probe slow":
            thread.join(ENOUGH)
    runner.request([probe("late")])
    assert seen == [] and source.asked["late"] == 0
