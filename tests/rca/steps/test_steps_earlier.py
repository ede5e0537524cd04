"""Steps 1 to 3 where a dump is of an earlier crash, or may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rca.sources.base import Dump, DumpState, Where
from rca.steps import located, panicked
from rca.verdict import Badge
from tests.rca.steps.step_facts import CRASHED, OOPS, check, dump, evidence, facts, text

NFS, SSH = (text(f"written/kdump.conf-{kind}.txt") for kind in ("nfs", "ssh"))
EXT4, LOCAL = "ext4 UUID=0a1b\npath /crash\n", "path /var/crash\n"


@pytest.mark.parametrize(
    ("conf", "mounted", "badge"),
    [
        (SSH, "", Badge.WARN),
        (NFS, "", Badge.WARN),
        (NFS, "/mnt/dumps\n", Badge.WARN),
        (EXT4, "/data\n", Badge.WARN),
        ("ext4 /dev/sda1\npath /crash\n", "/\n/var\n", Badge.PASS),
        (LOCAL, "", Badge.PASS),
    ],
)
def test_a_dump_that_does_not_lie_where_kdump_saves_now_may_be_an_old_one(
    conf: str, mounted: str, badge: Badge
) -> None:
    verdict = located.judge(facts(evidence(kdump_conf=conf, kdump_mount=mounted), dump()))
    check(verdict, badge, *(["a newer crash may lie there"] if badge is Badge.WARN else []))


def test_where_the_target_is_mounted_is_asked_before_that_is_said() -> None:
    asked = facts(evidence(kdump_conf=EXT4), dump())
    check(located.judge(asked), Badge.RUN, "--source=UUID=0a1b")
    assert "kdump-mount" in [probe.id for probe in located.probes(asked)]


def headless(hours: float) -> Dump:
    """A dump without a header, whose directory was named in the node's zone so long after the crash's UTC."""
    cut = dump(DumpState.INCOMPLETE, when=CRASHED + timedelta(hours=hours))
    return replace(cut, header=None, zoneless=True)


def renamed(found: Dump) -> Dump:
    return replace(found, directory=Path("/var/crash/case-17"))


@pytest.mark.parametrize(
    ("chosen", "other", "badge", "words"),
    [
        (renamed(dump()), headless(2), Badge.WARN, "2025-12-22 11:02:05 (node's own time), is of a newer"),
        (renamed(dump()), headless(-2), Badge.WARN, "is not known"),
        (renamed(dump()), headless(15), Badge.WARN, "A newer crash (2025-12-23 00:02:05 (node's own time))"),
        (renamed(dump()), headless(-15), Badge.PASS, ""),
        # Two names of one node are in one zone.
        (replace(dump(), directory=headless(3).directory), headless(2), Badge.PASS, ""),
        (replace(dump(), directory=headless(3).directory), headless(3), Badge.PASS, ""),
        (replace(dump(), directory=headless(-5).directory), headless(-4), Badge.WARN, "A newer crash"),
    ],
)
def test_a_directory_s_name_is_not_taken_for_utc(chosen: Dump, other: Dump, badge: Badge, words: str) -> None:
    check(located.judge(facts(evidence(kdump_conf=LOCAL), chosen, other)), badge, words)


def test_a_dump_that_may_be_older_does_not_answer_for_a_later_crash() -> None:
    found = evidence(vmcore_dmesg=OOPS, last=text("recorded/last-later.txt"))
    unsure = panicked.judge(facts(found, renamed(dump()), headless(2)))
    check(unsure, Badge.WARN, "whether one of the dumps here is of that is not known")
    check(panicked.judge(facts(found, renamed(dump()), headless(16))), Badge.PASS)
    check(panicked.judge(facts(found, renamed(dump()), headless(-16))), Badge.WARN, "left no dump")


def last(*lines: str) -> str:
    """What `last` prints, newest first: ``boot`` or ``down`` and a day of December 2025."""
    kinds = {"boot": "reboot   system boot ", "down": "shutdown system down "}
    told = (line.split() for line in lines)
    return "".join(
        f"{kinds[kind]} 4.18.0 Mon Dec {day} 12:00:00 2025   still running\n" for kind, day in told
    )


@pytest.mark.parametrize(
    ("boots", "badge", "words"),
    [
        (["boot 22", "boot 12"], Badge.PASS, ""),
        (["boot 24", "down 24", "boot 22", "boot 12"], Badge.WARN, "orderly one at 2025-12-24 12:00:00Z"),
        (["boot 24", "boot 22", "boot 12"], Badge.WARN, "a later boot ended unclean"),
        (["down 24", "boot 22", "boot 12"], Badge.PASS, ""),
    ],
)
def test_an_orderly_reboot_after_the_dump_s_crash_is_told(boots: list[str], badge: Badge, words: str) -> None:
    verdict = panicked.judge(facts(evidence(vmcore_dmesg=OOPS, last=last(*boots)), dump()))
    check(verdict, badge, words)
    if "orderly" in words:
        assert {1, 2, 3} == {cited.line for cited in verdict.citations if cited.evidence == "last"}


@pytest.mark.parametrize(
    ("boots", "badge", "words"),
    [
        (["boot 24", "down 24", "boot 22", "boot 12"], Badge.WARN, "begun at 2025-12-12 12:00:00Z, ended"),
        (["boot 24", "down 24", "boot 22", "down 22", "boot 12"], Badge.FAIL, "Not a panic"),
    ],
)
def test_an_earlier_unclean_end_keeps_a_clean_one_from_saying_not_a_panic(
    boots: list[str], badge: Badge, words: str
) -> None:
    found = evidence(
        journal=text("recorded/journal-no-boot.txt"),
        last=last(*boots),
        list_boots=text("recorded/list-boots-none.txt"),
        journal_boot="",
        messages="!not found: /var/log/messages",
    )
    verdict = panicked.judge(facts(found))
    check(verdict, badge, words)
    report = panicked.judge(facts(found, where=Where.FOLDER))
    assert report.badge is badge and "Z" not in report.summary
    assert ("last", 4) in {(cited.evidence, cited.line) for cited in verdict.citations} or badge is Badge.FAIL
