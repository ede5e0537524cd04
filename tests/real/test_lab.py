"""A practice panic on demand: a machine dies anew, and the lesson that fits it can be walked."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rca.training.check import check
from rca.training.fresh import fresh
from rca.training.scenario import Scenario, find, load

pytestmark = pytest.mark.real


def test_a_fresh_panic_has_other_names_and_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path))
    shipped = find("quiet-node")
    made = fresh(shipped, lambda _: None, random.Random(1))
    assert check(made) == ()
    scenario = load(made)
    assert isinstance(scenario, Scenario)
    ours, theirs = scenario.case(), shipped.case()
    assert ours.subject.dump["header"]["node"] != theirs.subject.dump["header"]["node"]
    assert ours.evidence["bt"].lines[0] != theirs.evidence["bt"].lines[0], "the task lies elsewhere"
    assert list((tmp_path / "cases").iterdir()) == [], "the investigation's own case is not kept"
