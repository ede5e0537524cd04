"""What holds for all steps, case by case. Numbers are those of the acceptance scenarios."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rca.crash.base import SessionState
from rca.sources.base import DumpState, Probe, Where
from rca.steps.base import CrashFacts, Facts
from rca.steps.registry import STEPS
from rca.verdict import Badge
from tests.rca.steps.step_facts import (
    CRASHED,
    REBOOTED,
    armed,
    cluster,
    dump,
    facts,
    said,
    six,
    text,
)

NODE, FOLDER = Where.NODE, Where.FOLDER
LATER = CRASHED + timedelta(days=1)


# All of them


def test_the_registry() -> None:
    assert [step.number for step in STEPS] == list(range(len(STEPS)))
    for step in STEPS:
        assert step.title and step.why.count(".") >= 1
        assert len(step.why) < 400


@pytest.mark.parametrize("where", list(Where))
@pytest.mark.parametrize(
    "dumps", [None, (), (dump(),), (dump(DumpState.LOG_ONLY),), (dump(DumpState.UNREADABLE),)]
)
def test_every_step_has_an_answer_whatever_fails(where: Where, dumps: tuple[object, ...] | None) -> None:
    """18: all evidence forbidden, missing, or not held: no step raises, none passes on nothing."""
    for problem in ("permission denied: reading x needs root", "not found: x", "folder x does not hold this"):
        known = Facts(where, "x", {}, dumps, dumps[0] if dumps else None)  # type: ignore[arg-type]
        for _ in range(6):
            more = {p.id: said(p.id, problem=problem, status=None) for s in STEPS for p in s.probes(known)}
            known = replace(known, evidence={**known.evidence, **more})
        for step in STEPS:
            verdict = step.judge(known)
            assert verdict.summary
            if verdict.badge is Badge.PASS:
                assert step.number in (0, 1, 2, 3) and known.dump and known.dump.state is DumpState.COMPLETE


def test_probes_never_change_anything() -> None:
    known = facts(cluster([REBOOTED]) | armed(kdump_status=text("written/kdump-missing.txt")), dump())
    allowed = {"uname", "journalctl", "last", "systemctl", "kubectl", "kdumpctl", "hostname", "find"}
    wanted: list[Probe] = [probe for step in STEPS for probe in step.probes(known)]
    for probe in wanted:
        argv = getattr(probe, "argv", ())
        assert not argv or argv[0] in allowed
        assert not argv or argv[0] != "kdumpctl" or argv[1:] == ("estimate",)
        assert not {"start", "stop", "restart", "delete", "apply", "exec", "enable", "sh", "sudo"} & set(argv)


LINES = [
    line
    for path in sorted((Path(__file__).parent / "host").glob("*/*.txt"))
    for line in path.read_text().split("\n")
]
IDS = sorted({probe.id for step in STEPS for probe in step.probes(facts(cluster([]), dump()))} | set(six()))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(IDS),
        st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=6),
        max_size=len(IDS),
    ),
    st.sampled_from([dump(), dump(DumpState.LOG_ONLY), dump(release="")]),
    st.sampled_from([None, *SessionState]),
)
def test_no_text_makes_a_step_raise(
    texts: dict[str, list[str]], one: object, state: SessionState | None
) -> None:
    found = {id_: replace(said(id_), lines=tuple(lines)) for id_, lines in texts.items()}
    known = facts(found, one, crash=CrashFacts("/usr/bin/crash", "/v", state=state))  # type: ignore[arg-type]
    for step in STEPS:
        step.probes(known)
        verdict = step.judge(known)
        for citation in verdict.citations:
            assert found[citation.evidence].lines[citation.line - 1].strip() == citation.text
