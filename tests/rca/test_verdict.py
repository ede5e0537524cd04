"""A person's own verdict: kept beside the step's, in the case."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rca.case import Case, new_subject
from rca.verdict import OWN, Badge, OwnVerdict, Verdict, own_verdict, with_own

NOW = datetime(2025, 12, 22, 10, 0, tzinfo=UTC)
STEP = Verdict(Badge.WARN, "kdump is not enabled", details=("More.",), remedy="Enable it.")


def test_both_verdicts_are_shown() -> None:
    shown = with_own(STEP, own_verdict(Badge.PASS, " the image \n enables it ", NOW, "ana"))
    assert (shown.badge, shown.summary, shown.remedy) == (Badge.PASS, "the image enables it", "Enable it.")
    assert shown.details == (
        "Set by hand (ana, 2025-12-22 10:00Z). The step itself says WARN: kdump is not enabled",
        "More.",
    )
    assert with_own(STEP, None) is STEP


@pytest.mark.parametrize("badge", [badge for badge in Badge if badge not in OWN])
def test_a_badge_that_only_a_step_can_have(badge: Badge) -> None:
    with pytest.raises(ValueError, match="cannot be given by hand"):
        own_verdict(badge, "x", NOW)


def test_a_note_is_wanted_and_made_inert() -> None:
    with pytest.raises(ValueError, match="Say why"):
        own_verdict(Badge.SKIP, " \t", NOW)
    assert own_verdict(Badge.SKIP, "a\x1b[31m", NOW).note == "a\\x1b[31m"


def test_the_case_keeps_it(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", new_subject("node", "", "x"))
    case.save_verdicts({2: STEP})
    given: OwnVerdict = own_verdict(Badge.PASS, "checked", NOW, "ana")
    case.save_own(2, given)
    case.save_own(3, given)
    case.save_own(3, None)
    again = Case.load(case.directory)
    assert again.own == {2: given} and again.verdicts == {2: STEP}
    for damaged in ('{"2": {"badge": "RUN"}, "x": 1}', "[1]", "{"):
        (case.directory / "own.json").write_text(damaged)
        (case.directory / "verdicts.json").write_text(damaged)
        again = Case.load(case.directory)
        assert again.own == {} and again.verdicts == {}
