"""27: the panic, the directory's local name and the boot stand on one line of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rca.diagnosis.diagnose import diagnose
from rca.sources.base import Where
from rca.timeline import capture, timeline
from tests.rca.steps.step_facts import (
    CRASHED,
    OOPS,
    REBOOTED,
    cluster,
    dump,
    evidence,
    facts,
    text,
)


@pytest.mark.parametrize(
    ("name", "second", "zone"),
    [
        ("127.0.0.1-2025-12-22-09:02:31", 31, "09:02:31 (UTC)"),
        ("127.0.0.1-2025-12-22-14:32:31", 31, "14:32:31 (UTC+05:30)"),
        ("10.0.0.7-2025-12-22-03:02:24", 24, "03:02:24 (UTC-06:00)"),
        ("10.0.0.7-2025-12-22-14:47:24", 24, "14:47:24 (UTC+05:45)"),
    ],
)
def test_the_directorys_name_is_the_nodes_own_time(name: str, second: int, zone: str) -> None:
    found = capture(facts({}, replace(dump(), directory=Path("/var/crash") / name)))
    assert found and found.when == datetime(2025, 12, 22, 9, 2, second, tzinfo=UTC) and zone in found.what


@pytest.mark.parametrize("name", ["127.0.0.1-2025-11-01-09:02:31", "mine"])
def test_a_name_that_cannot_be_of_this_crash(name: str) -> None:
    assert capture(facts({}, replace(dump(), directory=Path("/var/crash") / name))) is None


def test_all_in_order() -> None:
    found = cluster([REBOOTED]) | evidence(last=text("recorded/last-unclean.txt"))
    place = Path("/var/crash/127.0.0.1-2025-12-22-14:32:31")
    told = timeline(facts(found, replace(dump(), directory=place)))
    assert told[0].when == CRASHED and [moment.when for moment in told] == sorted(
        moment.when for moment in told
    )
    assert [moment.what.split(" ")[0:2] for moment in told] == [
        ["The", "kernel"],
        ["The", "capture"],
        ["The", "node"],
        ["Kubernetes:", "Rebooted:"],
        ["Node", "ip-10-0-0-7"],
    ]
    assert told[2].citations[0].line == 1
    local = facts(evidence(last=text("recorded/last-unclean.txt")), dump(), where=Where.FOLDER)
    assert not any("booted" in moment.what for moment in timeline(local))


def test_uptime_and_size_are_told_beside_the_death() -> None:
    given = evidence(vmcore_dmesg=OOPS)
    place = Path("/x/a-2025-12-22-09:02:31")
    found = facts(given, replace(dump(), directory=place), diagnosis=diagnose(given))
    died, saved = timeline(found)
    assert died.what == "The kernel died, 02:44:59 after it had booted"
    assert died.citations[0].text.startswith("[ 9899.5")
    assert "save 1.0 GiB" in saved.what
    assert not timeline(found, died=False)
