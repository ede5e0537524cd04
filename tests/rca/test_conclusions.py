"""What is concluded of facts: badges that can be shown, whatever the files of the dump are called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rca.conclusions import conclude
from rca.report.form import Form
from rca.sources.base import DumpState
from rca.steps.registry import STEPS
from rca.verdict import Badge
from tests.rca.steps.step_facts import dump, evidence, facts

HOSTILE = Path("/crash/\x1b]0;owned\x07\u202e")


def test_every_step_gets_a_badge_whose_words_are_inert() -> None:
    named = replace(
        dump(DumpState.UNREADABLE, problem="\x1b[2J"), directory=HOSTILE, vmcore=HOSTILE / "vmcore"
    )
    _, _, verdicts = conclude(facts(evidence(kdump_conf=""), named, dump()), Form())
    assert sorted(verdicts) == [step.number for step in STEPS]
    told = [text for v in verdicts.values() for text in (v.summary, v.remedy, *v.details)]
    assert [text for text in told if not text.isprintable()] == []
    assert any(r"\x1b]0;owned" in text for text in told)


def test_a_step_that_slips_costs_no_other_its_badge() -> None:
    _, _, verdicts = conclude(facts({}, dump(), crash=None), Form())
    slipped = [number for number, found in verdicts.items() if "could not judge" in found.summary]
    assert slipped and {verdicts[number].badge for number in slipped} == {Badge.WARN}
    assert verdicts[3].badge is Badge.RUN
