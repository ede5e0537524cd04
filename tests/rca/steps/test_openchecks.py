"""What is advised next is neither done, nor impossible, nor to be doubted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rca.crash.base import SessionState, evidence_id
from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.model import Diagnosis, Location
from rca.evidence import Kind
from rca.sources.base import DumpState
from rca.steps.base import CrashFacts
from rca.steps.openchecks import open_checks
from tests.rca.steps.step_facts import OOPS, OPEN, crash_said, dump, evidence, facts, said

CHECKS = (
    "bt -a: who holds the lock that this one waits for",
    "dis -rl of the exception RIP",
    "ps -m and foreach UN bt: the oldest is the root",
    "read the source line that is named",
    "log: which module was unloaded last",
)
FOUND = Diagnosis(title="x", next_checks=CHECKS, rip=Location("mlx5e_poll_rx_cq", 8, 0x20, "mlx5_core"))


def test_all_of_it_where_nothing_is_done_yet_and_the_command_names_the_address() -> None:
    left = open_checks(facts({}, dump(), crash=OPEN, diagnosis=FOUND))
    assert len(left) == len(CHECKS)
    assert left[1] == "dis -rl mlx5e_poll_rx_cq+8 (the exception RIP)"


def test_the_owner_of_a_lock_is_asked_for_by_the_waiter_s_number() -> None:
    text = "INFO: task acme:300 blocked for more than 120 seconds.\nCall Trace:\n __schedule+0x1/0x2\n"
    text += " __mutex_lock.constprop.0+0x39d/0x720\n acme_get+0x3/0x4 [acme]\n"
    given = evidence(vmcore_dmesg=text)
    left = open_checks(facts(given, dump(), crash=OPEN, diagnosis=diagnose(given)))
    assert any(check.startswith("bt -f 300 (the waiter): ") for check in left), left


def test_what_was_captured_is_not_advised_again() -> None:
    left = open_checks(facts(crash_said(bt_a="PID: 1"), dump(), crash=OPEN, diagnosis=FOUND))
    assert not any("bt -a" in check for check in left)
    id_ = evidence_id("dis -rl mlx5e_poll_rx_cq+8")
    dis = {id_: said(id_, "0x0 <x>: nop", kind=Kind.CRASH)}
    assert not any(
        check.startswith("dis") for check in open_checks(facts(dis, dump(), crash=OPEN, diagnosis=FOUND))
    )


@pytest.mark.parametrize(
    "crash",
    [
        replace(OPEN, state=SessionState.DEAD),
        CrashFacts("/usr/bin/crash", None, "not found"),
        CrashFacts(None, "/v/vmlinux"),
    ],
)
def test_no_command_of_crash_is_advised_where_no_session_can_be(crash: CrashFacts) -> None:
    assert open_checks(facts({}, dump(), crash=crash, diagnosis=FOUND)) == CHECKS[3:]
    assert open_checks(facts({}, dump(DumpState.LOG_ONLY), diagnosis=FOUND)) == CHECKS[3:]


def test_task_lists_that_are_not_trustworthy_are_not_advised() -> None:
    lost = crash_said(crash="WARNING: active task ff11 on cpu 1 not found in PID hash")
    left = open_checks(facts(lost, dump(), crash=OPEN, diagnosis=FOUND))
    assert not any("foreach" in check for check in left) and len(left) == len(CHECKS) - 1


def test_a_wild_instruction_pointer_is_no_address_to_disassemble() -> None:
    wild = replace(FOUND, rip=Location("0x0"))
    left = open_checks(facts({}, dump(), crash=OPEN, diagnosis=wild))
    assert left == (CHECKS[0], *CHECKS[2:])


def test_of_a_real_oops_the_first_check_can_be_typed() -> None:
    given = evidence(vmcore_dmesg=OOPS)
    left = open_checks(facts(given, dump(), crash=OPEN, diagnosis=diagnose(given)))
    assert left[0] == "dis -rl mlx5e_poll_rx_cq+5 (the exception RIP)"
