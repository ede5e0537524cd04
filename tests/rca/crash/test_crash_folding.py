"""Many backtraces as few stacks, and who waits for whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.crash.folding import folded, folds


def idle(cpu: int) -> str:
    return f"""\
PID: 0        TASK: ff193c61012580{cpu:02x}  CPU: {cpu}    COMMAND: "swapper/{cpu}"
 #0 [fffffe0000048ea8] crash_nmi_callback at ffffffff9b26058c
 #1 [fffffe0000048ef0] end_repeat_nmi at ffffffff9be01680
    [exception RIP: native_safe_halt+11]
    RIP: ffffffff9bc18010  RSP: ff5ed5d0403{cpu:02x}ed0  RFLAGS: 00000202
    ORIG_RAX: ffffffffffffffff  CS: 0010  SS: 0018
--- <NMI exception stack> ---
 #2 [ff5ed5d040383ed0] native_safe_halt at ffffffff9bc18010
 #3 [ff5ed5d040383ef0] do_idle at ffffffff9b2f9062
"""


WAITS = """\
PID: 102      TASK: ff193c610277a0c0  CPU: 0    COMMAND: "dpc"
 #0 [ff5ed5d040003d68] machine_kexec at ffffffff9b26c62f
 #1 [ff5ed5d0403dfde8] sysvec_apic_timer_interrupt at ffffffff9bc06569
    [exception RIP: unknown or invalid address]
    RIP: 0000000000000000  RSP: 0000000000000002  RFLAGS: 00000001
    R10: ffffffff9be00ec6   R8: ffffffffc047f380  R12: ffffffff9b2f9062
WARNING: possibly bogus exception frame
 #2 [ff5ed5d0403dfea8] native_queued_spin_lock_slowpath at ffffffff9bc18710
 #3 [ff5ed5d0403dfef0] _raw_spin_lock at ffffffff9bc185c5
 #4 [ff5ed5d0403dfef8] abort_all_cmds at ffffffffc047d03a [qla2xxx]
 #5 [ff5ed5d0403dff50] ret_from_fork at ffffffff9b2032f2

PID: 103      TASK: ff193c612ff18000  CPU: 1    COMMAND: "sess"
 #0 [fffffe0000048ea8] crash_nmi_callback at ffffffff9b26058c
    [exception RIP: native_queued_spin_lock_slowpath+48]
    RIP: ffffffff9bc18710  RSP: ff5ed5d040383ed0  RFLAGS: 00000202
    RDX: 0000000000000001  RSI: 0000000000000001  RDI: ffffffffc047f380
    ORIG_RAX: ffffffffffffffff  CS: 0010  SS: 0018
--- <NMI exception stack> ---
 #1 [ff5ed5d040383ed0] native_queued_spin_lock_slowpath at ffffffff9bc18710
 #2 [ff5ed5d040383ef0] _raw_spin_lock at ffffffff9bc185c5
 #3 [ff5ed5d040383ef8] free_session at ffffffffc047d0bd [qla2xxx]
 #4 [ff5ed5d040383f50] ret_from_fork at ffffffff9b2032f2
"""
BLOCKED = """\
PID: {pid}      TASK: ff193c61027000{pid:02x}  CPU: 0    COMMAND: "drbd_w"
 #0 [ff5ed5d040383d00] __schedule at ffffffff9bc18710
 #1 [ff5ed5d040383d80] schedule at ffffffff9bc18720
 #2 [ff5ed5d040383e00] schedule_preempt_disabled at ffffffff9bc18730
 #3 [ff5ed5d040383e20] __mutex_lock.constprop.0 at ffffffff9bc185c5
 #4 [ff5ed5d040383ef8] drbd_adm_reconfigure at ffffffffc047d0bd [drbd]
 #5 [ff5ed5d040383f50] ret_from_fork at ffffffff9b2032f2
"""
OWNER = """\
PID: 50       TASK: ff193c6102700f50  CPU: 0    COMMAND: "drbd_r"
 #0 [ff5ed5d040383d00] __schedule at ffffffff9bc18710
 #1 [ff5ed5d040383d80] schedule_timeout at ffffffff9bc18720
 #2 [ff5ed5d040383ef8] drbd_receiver at ffffffffc047d1bd [drbd]
 #3 [ff5ed5d040383f50] ret_from_fork at ffffffff9b2032f2
"""


def test_a_spinner_is_paired_with_who_names_its_lock() -> None:
    said = folded(WAITS.splitlines())
    assert said[0] == "2 tasks on 2 stacks"
    at = said.index("sess:103 on CPU 1 spins for lock ffffffffc047f380 in free_session [qla2xxx]")
    assert said[at + 1] == "    may be held by dpc:102 on CPU 0: its saved registers name the lock"
    at = said.index("dpc:102 on CPU 0 spins for a lock in abort_all_cmds [qla2xxx]")
    assert said[at + 1] == "    may be held by sess:103 on CPU 1: it is in free_session of the same module"


def test_identical_stacks_are_one_and_idle_cpus_a_line() -> None:
    text = (
        "".join(map(idle, (0, 1, 2, 5))) + "".join(BLOCKED.format(pid=pid) for pid in range(10, 18)) + OWNER
    )
    said = folded(text.splitlines())
    assert said[0] == "13 tasks on 3 stacks, 4 idle" and said[-1] == "4 CPUs idle: 0-2, 5"
    heading = next(line for line in said if line.startswith("8 tasks, sleeps: "))
    assert heading.endswith("and 2 more") and "drbd_w:10 on CPU 0" in heading
    assert said.count("    drbd_adm_reconfigure [drbd]") == 1
    assert any(
        line.startswith("    may be held by drbd_r:50") and "drbd_receiver of the same module" in line
        for line in said
    )


def test_idle_cpus_are_one_line_wherever_in_the_idle_loop_they_stand() -> None:
    said = folded((idle(0) + idle(1).replace("native_safe_halt", "mwait_idle_with_hints")).splitlines())
    assert said == ("2 tasks on 2 stacks, 2 idle", "", "2 CPUs idle: 0-1")


def test_a_holder_that_nobody_sees() -> None:
    assert "    nobody here is seen to hold it" in folded(BLOCKED.format(pid=7).splitlines())


def test_an_interrupt_over_the_idle_task_is_not_idle() -> None:
    busy = idle(1).replace("native_safe_halt at", "net_rx_action at").replace("do_idle", "__irq_exit_rcu")
    busy += " #4 [ff5ed5d040383ef0] irq_exit at ffffffff9b2f9062\n #5 [ff5ed5d040383ef8] do_idle at ffffffff9b2f9063"
    assert folded(busy.splitlines())[0] == "1 task on 1 stack"


def test_a_swapper_that_was_switched_out_is_no_idle_cpu() -> None:
    """`foreach bt` names every task: while CPU 1 runs another one, its swapper stands in the scheduler."""
    away = """\
PID: 0        TASK: ff193c6101258001  CPU: 1    COMMAND: "swapper/1"
 #0 [ff5ed5d040093e38] __schedule at ffffffff9ba2a1a5
 #1 [ff5ed5d040093ed0] schedule_idle at ffffffff9ba2aa9a
 #2 [ff5ed5d040093ee0] do_idle at ffffffff9b2f9062
"""
    said = folded((idle(0) + away).splitlines())
    assert said[0] == "2 tasks on 2 stacks, 1 idle" and said[-1] == "1 CPU idle: 0"
    assert "1 task: swapper/1:0 on CPU 1" in said


def test_nothing_to_fold() -> None:
    assert folded(["log line", ""]) == ()
    said = ("bt -a", "bt -a -s", "foreach bt", "foreach UN bt", "bt", "foreach ps", "log", "")
    assert [folds(command) for command in said] == [True] * 4 + [False] * 4


@given(st.lists(st.sampled_from((WAITS + idle(3) + OWNER).splitlines()) | st.text(max_size=40), max_size=40))
def test_any_cut_is_survived(lines: list[str]) -> None:
    assert all(isinstance(line, str) for line in folded(lines))


@pytest.mark.parametrize("command", ["foreach  bt", "bt  -a"])
def test_blanks_do_not_matter(command: str) -> None:
    assert folds(command)
