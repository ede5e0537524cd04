"""Titles of reports that are mixed, cut, or of the lock checker: which place is named, and when none is."""

# ruff: noqa: E501 - lines of a kernel log are as long as they are

from __future__ import annotations

import pytest

from rca.diagnosis.diagnose import diagnose
from tests.rca.diagnosis.diagnosis_samples import log

TRACE = "Call Trace:\n dump_stack+0x1/0x2\n __kmalloc+0x1/0x2\n acme_fill+0x1/0x2\n"
WARNING = "WARNING: CPU: 1 PID: 10 at mm/slab_common.c:10 kmalloc_slab+0x5d/0x70\n"


def title(text: str) -> str:
    return diagnose(log(text)).title


def test_a_stack_that_fault_injection_printed_is_not_read_as_the_report_s() -> None:
    foreign = "FAULT_INJECTION: forcing a failure.\nname failslab, interval 1\n"
    assert title(WARNING + TRACE) == "WARNING: kmalloc bug in acme_fill"
    assert title(WARNING + foreign + TRACE) == "WARNING: kmalloc bug in corrupted"


def test_with_callers_the_two_stacks_are_told_apart() -> None:
    lines = [f"[  1.000001][   T10] {line}" for line in (WARNING + TRACE).splitlines()]
    lines.insert(1, "[  1.000001][   T11] FAULT_INJECTION: forcing a failure.")
    assert title("\n".join(lines)) == "WARNING: kmalloc bug in acme_fill"


def test_a_hung_task_s_stack_with_fault_injection_in_it_tells_nothing() -> None:
    text = "INFO: task acme:7 blocked for more than 120 seconds.\nCall Trace:\n should_fail+0x1/0x2\n acme_open+0x1/0x2\n"
    assert title(text) == "INFO: task hung in corrupted"


def test_a_double_fault_right_after_an_oops_is_the_same_death() -> None:
    text = "BUG: unable to handle kernel paging request at 000000fe840fc4b9\nOops: 0000 [#1] SMP\n"
    text += "PANIC: double fault, error_code: 0x0\nRIP: 0010:acme_lookup+0x11/0x80\nCall Trace:\n acme_scan+0x1/0x2\n"
    assert title(text) == "BUG: unable to handle kernel paging request in acme_lookup"


CIRCULAR = "WARNING: possible circular locking dependency detected\n5.5.0 #10 Not tainted\n"


@pytest.mark.parametrize(
    ("wanted", "held", "named"),
    [
        ("acme_take+0x1/0x2", "acme_set+0x1/0x2", "acme_take"),
        ("flush_workqueue+0xe6/0x1520", "acme_set+0x1/0x2", "acme_set"),
    ],
)
def test_a_lock_report_names_who_wants_the_lock_else_who_holds_the_other(
    wanted: str, held: str, named: str
) -> None:
    text = f"{CIRCULAR}a/1 is trying to acquire lock:\n (a), at: {wanted}\n"
    text += f"but task is already holding lock:\n (b), at: {held}\nstack backtrace:\n dump_stack+0x1/0x2\n"
    assert title(text) == f"possible deadlock in {named}"


def test_an_irq_order_report_names_the_interrupt_s_side() -> None:
    text = "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected\na/1 is trying to acquire:\n (a), at: acme_kill+0x1/0x2\n"
    text += "... which became HARDIRQ-irq-safe at:\n  lock_acquire+0x1/0x2\n  _raw_spin_lock+0x1/0x2\n  acme_event+0x1/0x2\n"
    assert title(text) == "possible deadlock in acme_event"


def test_an_inconsistent_state_taken_in_a_helper_names_who_took_it_before() -> None:
    text = "WARNING: inconsistent lock state\nk/1 [HC0[0]:SC1[3]:HE1:SE0] takes:\n (fs_reclaim), at: kmem_cache_alloc+0x46/0x340\n"
    text += "{SOFTIRQ-ON-W} state was registered at:\n  lock_acquire+0x1/0x2\n  acme_reclaim+0x1/0x2\n"
    assert title(text) == "inconsistent lock state in acme_reclaim"


def test_a_lock_report_cut_before_any_place_is_titled_by_its_heading() -> None:
    assert title(CIRCULAR) == "WARNING: possible circular locking dependency detected"


def test_where_rcu_s_own_thread_last_ran_is_no_part_of_the_stall() -> None:
    stall = "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\nCall Trace:\n acme_copy+0x1/0x2\n do_syscall_64+0x1/0x2\n"
    last = "rcu: Stack dump where RCU GP kthread last ran:\nRIP: 0010:other_fn+0x1/0x2\nCall Trace:\n do_syscall_64+0x1/0x2\n"
    assert "other_fn" not in title(stall + last)


def test_a_warning_that_a_decoding_script_prints_twice_is_one() -> None:
    text = "WARNING: CPU: 1 PID: 9 at lib/acme.c:38 spin_unlock include/linux/spinlock.h:404 [inline]\n"
    text += "WARNING: CPU: 1 PID: 9 at lib/acme.c:38 acme_exit+0x137/0x1e3 lib/acme.c:37\n"
    text += "RIP: 0010:acme_exit+0x137/0x1e3 lib/acme.c:38\nCall Trace:\n acme_free+0x1/0x2 net/acme.c:1\n"
    assert title(text) == "WARNING in acme_exit"
    assert len(diagnose(log(text)).events) == 1
