"""Which test shows which acceptance scenario: ``pytest -k scenario_07``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SCENARIOS = {
    1: "the running kernel is newer than the dump's",
    2: "three dumps, one incomplete: a recurrence is told",
    3: "an oops without a “Kernel panic” line",
    4: "a crash by sysrq blames no driver",
    5: "list corruption: who found it is not who did it",
    6: "a hard lockup points to the holder on another CPU",
    7: "an idle CPU under an NMI is no culprit",
    8: "a fatal machine check is hardware",
    9: "a volatile journal is no evidence, though journalctl exits 0",
    10: "two boots without a shutdown between are unclean, not a panic",
    11: "kdump is off now, and there is a dump all the same",
    12: "active (exited), and no capture kernel is loaded",
    13: "crashkernel=auto and ranges are accepted",
    14: "dumps saved over nfs or ssh are said to lie there",
    15: "only an incomplete dump",
    16: "dnf finds nothing to do and exits 0",
    17: "a vmlinux of another build",
    18: "a user without rights is told which are missing",
    19: "an access through list poison, and an empty PANIC line",
    20: "NULL at a small address is a struct's member",
    21: "taint is decoded by position",
    22: "soft lockups before the fatal event are context",
    23: "a hostile process name is shown and exported inert",
    24: "commands that reach a shell are refused and audited",
    25: "events that have expired; the node is matched by its boot ID",
    26: "a node that is back in four minutes lost no pod",
    27: "one timeline in UTC",
    28: "two hundred stacks and a megabyte of log on a small screen",
    29: "the nine headings, the confidence, the preview of redaction, Jira's limit",
    30: "copying without a clipboard tells the file",
    31: "a training dump's export says TRAINING",
    32: "a link that drops loses nothing and leaves no crash behind",
}


def shown() -> dict[int, list[str]]:
    """The tests of each scenario, by its number."""
    found: dict[int, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in re.findall(r"^(?:async )?def (test_scenario_\w+)", path.read_text("utf-8"), re.M):
            for number in re.findall(r"scenario_(\d\d)_", name):
                found.setdefault(int(number), []).append(f"{path.relative_to(TESTS)}::{name}")
    return found


@pytest.mark.parametrize("number", SCENARIOS)
def test_each_scenario_is_shown_by_a_test(number: int) -> None:
    assert shown().get(number), SCENARIOS[number]


def test_no_test_shows_a_scenario_that_is_none() -> None:
    assert not shown().keys() - SCENARIOS.keys()
