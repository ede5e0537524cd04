"""What steps 5 and 6 say where drgn has read the same dump, and where no session came about."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from rca.crash.base import SessionState
from rca.evidence import Evidence, Kind
from rca.steps import session
from rca.steps.base import CrashFacts
from rca.steps.registry import STEPS
from rca.verdict import Badge
from tests.rca.steps.step_facts import OPEN, RELEASE, SYS, check, crash_said, dump, facts, said, six

BT = """\
PID: 9        TASK: ff479cfc012e0000  CPU: 1    COMMAND: "insmod"
 #0 [ff8904d5c00efd80] panic at ffffffffb63cd06e
 #1 [ff8904d5c00efe40] watchdog at ffffffffb63d773d
"""
ANSWER = {
    "release": RELEASE,
    "panic": "BUG: kernel NULL pointer dereference, address: 28",
    "crashed": {
        "pid": 9,
        "command": "insmod",
        "frames": [
            {"function": "panic", "address": 0xFFFFFFFFB63CD06E},
            {"function": "watchdog", "address": 0xFFFFFFFFB63D773D},
        ],
    },
    "tasks": 161,
    "sleeping": [],
    "waits": [],
    "failed": {},
}


def drgn(**other: object) -> Evidence:
    return replace(
        said("drgn", json.dumps({**ANSWER, **other}, indent=1)), what="drgn -q -c /c/vmcore -s /v/vmlinux"
    )


def read_by_both(**other: object) -> dict[str, Evidence]:
    panic = '       PANIC: "Oops: 0000 [#1] SMP PTI"\n'
    return {**crash_said(sys=SYS.rstrip("\n") + "\n" + panic, bt=BT), "drgn": drgn(**other)}


def test_drgn_speaks_while_crash_still_starts() -> None:
    verdict = session.judge(facts({"drgn": drgn()}, dump(), crash=replace(OPEN, state=SessionState.STARTING)))
    check(
        verdict,
        Badge.RUN,
        "NULL pointer dereference, address: 28",
        "161 tasks",
        "insmod:9",
        "panic < watchdog",
    )
    assert [citation.evidence for citation in verdict.citations] == ["drgn"]


def test_agreement_is_said() -> None:
    verdict = session.judge(facts(read_by_both(), dump(), crash=OPEN))
    check(verdict, Badge.PASS, "drgn agrees on: kernel release", "number of tasks", "backtrace")


def test_another_word_for_the_panic_is_told_and_is_no_doubt() -> None:
    found = read_by_both(panic="Kernel panic - not syncing: Fatal exception in interrupt")
    verdict = session.judge(facts(found, dump(), crash=OPEN))
    check(verdict, Badge.PASS, "drgn says Kernel panic", "the log has the last word")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"tasks": 190}, ["crash says 161, drgn says 190", "ps and kmem -s are not trustworthy"]),
        ({"crashed": {**ANSWER["crashed"], "pid": 8}}, ["insmod:8", "bt is not trustworthy"]),  # type: ignore[dict-item]
        ({"release": "4.18.0-1"}, ["drgn says 4.18.0-1", "log stands"]),
    ],
)
def test_a_difference_is_a_doubt_with_both_lines(other: dict[str, object], words: list[str]) -> None:
    found = {**six(bt=BT, sys=SYS), "drgn": drgn(**other)}
    for number in (5, 6):
        verdict = STEPS[number].judge(facts(found, dump(), crash=OPEN))
        check(verdict, Badge.WARN)
        assert {"drgn"} < {citation.evidence for citation in verdict.citations}
        for citation in verdict.citations:
            assert found[citation.evidence].cite(citation.line) == citation
    check(STEPS[6].judge(facts(found, dump(), crash=OPEN)), Badge.WARN, *words)


def test_drgn_that_fails_is_told_and_harms_nothing() -> None:
    found = {**crash_said(sys=SYS), "drgn": said("drgn", problem="drgn ended with status 1: no BTF")}
    check(
        session.judge(facts(found, dump(), crash=OPEN)), Badge.PASS, "drgn could not read the dump", "no BTF"
    )


def test_drgn_crash_in_the_pane_is_no_second_witness() -> None:
    opening = replace(said("crash", ""), kind=Kind.CRASH, what="/usr/bin/drgn-crash /v/vmlinux /c/vmcore")
    found = {**read_by_both(tasks=3), "crash": opening}
    alone = replace(OPEN, program=None, stand_in="/usr/bin/drgn-crash")
    verdict = session.judge(facts(found, dump(), crash=alone))
    check(verdict, Badge.WARN, "drgn-crash opened", "in crash's place")
    assert "disagrees" not in "".join(verdict.details) and "agrees" not in "".join(verdict.details)


def test_why_nothing_stands_in_for_a_missing_crash() -> None:
    old = CrashFacts(None, "/v/vmlinux", drgn="/opt/drgn/bin/drgn")
    check(session.judge(facts({}, dump(), crash=old)), Badge.WARN, "/opt/drgn/bin/drgn has no drgn-crash")
    none = CrashFacts(None, "/v/vmlinux")
    check(session.judge(facts({}, dump(), crash=none)), Badge.WARN, "pip install panicdesk[drgn]")


def test_every_way_that_was_tried_is_told() -> None:
    dead = replace(
        OPEN,
        state=SessionState.DEAD,
        message="exit status 1",
        tried=("crash: exit status 1", "crash --minimal: exit status 1"),
        shows="vmcore-dmesg.txt",
    )
    check(
        session.judge(facts({}, dump(), crash=dead)),
        Badge.FAIL,
        "Tried: crash --minimal: exit status 1.",
        "The pane shows vmcore-dmesg.txt.",
    )


def test_a_partial_dump_is_said_and_takes_nothing_from_the_six() -> None:
    check(session.judge(facts(crash_said(sys=SYS), dump(), crash=OPEN)), Badge.PASS, "The dump is partial")


def test_symbols_of_another_build_leave_no_command_green() -> None:
    warned = "WARNING: kernel version inconsistency between vmlinux and dumpfile"
    check(STEPS[6].judge(facts(six(crash=warned), dump(), crash=OPEN)), Badge.WARN, "different builds")
