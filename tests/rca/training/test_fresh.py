"""Fitting a shipped lesson to a panic that came out anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rca.training.check import misfits
from rca.training.fresh import FreshError, fitted
from rca.training.lessonfile import FILE, read_lesson
from rca.training.scenario import SHIPPED, Scenario, load


def shipped(name: str) -> tuple[str, Scenario]:
    scenario = load(SHIPPED / name)
    assert isinstance(scenario, Scenario)
    return (SHIPPED / name / FILE).read_text(encoding="utf-8"), scenario


def test_a_lesson_that_fits_stays_whole() -> None:
    text, scenario = shipped("idle-node")
    assert fitted(text, scenario.case().evidence) == text


def test_a_step_whose_lines_did_not_come_again_is_left_out() -> None:
    text, scenario = shipped("rdma-client")
    evidence = {name: item for name, item in scenario.case().evidence.items() if not name.startswith("sym")}
    lesson = read_lesson(fitted(text, evidence))
    assert [step.name for step in lesson.steps] == [step.name for step in scenario.lesson.steps[:2]]
    assert misfits(lesson, evidence) == []


def test_a_panic_that_is_another_one_has_no_lesson() -> None:
    text, _ = shipped("rdma-client")
    other = shipped("quiet-node")[1].case().evidence
    with pytest.raises(FreshError, match="differently"):
        fitted(text, {name: replace(item, lines=("x",)) for name, item in other.items()})
