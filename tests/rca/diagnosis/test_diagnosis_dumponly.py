"""A diagnosis from bt, sys and mod where no log can be had; and the same signature as from the log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.model import Confidence, Guilty
from rca.evidence import Evidence
from tests.rca.diagnosis.diagnosis_samples import evidence, log

RECORDED = Path(__file__).parents[3] / "rca" / "recordings" / "mlx5-napi-null" / "evidence"


def recorded(*names: str) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    for name in names:
        found |= evidence(name, (RECORDED / f"{name}.txt").read_text(encoding="utf-8"))
    return found


def test_bt_sys_and_mod_tell_function_module_and_time() -> None:
    found = diagnose(recorded("bt", "sys", "mod"), ())
    assert found.kind == "page-fault"
    assert found.guilty == Guilty("mlx5e_poll_rx_cq", "mlx5_core")
    assert found.title.endswith("in mlx5e_poll_rx_cq")
    assert found.crash_time == datetime(2026, 11, 23, 9, 49, 26, tzinfo=UTC)
    assert (found.node, found.process.comm, found.process.cpu) == ("worker-07", "swapper/1", 1)
    assert "NET_RX" in found.context
    assert any("crash session alone" in warning for warning in found.warnings)
    cited = {item.evidence for item in found.citations}
    assert cited == {"sys", "bt"}


def test_the_frames_signature_is_that_of_the_log() -> None:
    alone = diagnose(recorded("bt", "sys", "mod"), ()).signatures
    by_log = diagnose(recorded("vmcore-dmesg"), ()).signatures
    assert [alone[name] for name in ("rip", "top3", "top5")] == [
        by_log[name] for name in ("rip", "top3", "top5")
    ]


HEADER = 'PID: 77      TASK: ffff8f1a4a7b1c00  CPU: 2    COMMAND: "worker"\n'
TOP = " #0 [ffffb5d0c0e7bc00] machine_kexec at ffffffff8106c62f\n #1 [ffffb5d0c0e7bd10] panic at ffffffff819cd06e\n"


def bt(*functions: str) -> dict[str, Evidence]:
    frames = "".join(
        f" #{n} [ffffb5d0c0e7be{n:02d}] {name} at ffffffff8160000{n}\n" for n, name in enumerate(functions, 2)
    )
    return evidence("bt", HEADER + TOP + frames)


@pytest.mark.parametrize(
    ("functions", "kind"),
    [
        (("sysrq_handle_crash", "write_sysrq_trigger", "do_syscall_64"), "sysrq"),
        (("mce_panic", "do_machine_check"), "mce"),
        (("watchdog_overflow_callback", "__perf_event_overflow"), "hard-lockup"),
        (("watchdog_timer_fn", "__hrtimer_run_queues"), "soft-lockup"),
        (("check_hung_uninterruptible_tasks", "watchdog", "kthread"), "hung-task"),
        (("out_of_memory", "__alloc_pages_slowpath"), "oom"),
        (("__stack_chk_fail", "acme_parse"), "stack-corruption"),
        (("oops_end", "general_protection", "acme_do"), "gpf"),
        (("acme_halt", "acme_work"), "panic"),
    ],
)
def test_the_handler_on_the_stack_tells_the_kind(functions: tuple[str, ...], kind: str) -> None:
    assert diagnose(bt(*functions), ()).kind == kind


def test_the_panic_line_of_sys_is_believed_before_the_stack() -> None:
    system = evidence("sys", '       PANIC: "kernel BUG at fs/inode.c:519!"\n')
    found = diagnose(bt("oops_end", "do_trap", "acme_do") | system, ())
    assert (found.kind, found.title) == ("bug-on", "kernel BUG in acme_do")
    assert found.citations[0].evidence == "sys"


def test_frames_below_the_entry_are_stale() -> None:
    found = diagnose(bt("acme_do", "do_syscall_64", "evil_fn"), ())
    assert "evil_fn" not in found.trace


def test_a_log_without_the_crash_does_not_hide_the_dump() -> None:
    found = diagnose(
        log("[    0.0] Linux version 4.18.0-1.el8.x86_64\n[    1.0] fine\n") | bt("mce_panic"), ()
    )
    assert (found.kind, found.kernel_release) == ("mce", "4.18.0-1.el8.x86_64")
    assert any("holds no crash" in warning for warning in found.warnings)


def test_khungtaskd_s_own_stack_blames_nobody() -> None:
    found = diagnose(bt("check_hung_uninterruptible_tasks", "watchdog", "kthread", "ret_from_fork"), ())
    assert (found.kind, found.guilty, found.confidence) == ("hung-task", Guilty(), Confidence.UNKNOWN)


def test_a_jump_into_nowhere_whose_pointer_crash_lost_is_titled_by_its_caller() -> None:
    found = diagnose(bt("oops_end", "asm_exc_page_fault", "acme_call", "acme_work"), ())
    assert found.title.endswith("in acme_call")


def test_a_task_that_sleeps_is_no_crash() -> None:
    asleep = (
        HEADER
        + " #0 [ffffb5d0c0e7bc00] __schedule at ffffffff8106c62f\n #1 [ffffb5d0c0e7bd10] acme_wait at ffffffff81\n"
    )
    found = diagnose(evidence("bt", asleep), ())
    assert (found.title, found.kind) == ("", "unknown")


@pytest.mark.parametrize(
    "functions", [("mce_panic",), ("unknown_nmi_error",), ("find_child_reaper",), ("out_of_memory",)]
)
def test_no_title_has_a_hole(functions: tuple[str, ...]) -> None:
    title = diagnose(bt(*functions), ()).title
    assert title
    assert not set("{}") & set(title)


def test_a_stack_that_tells_nothing_is_unknown() -> None:
    found = diagnose(
        evidence("bt", HEADER + " #0 [ffffb5d0c0e7bc00] machine_kexec at ffffffff8106c62f\n"), ()
    )
    assert (found.kind, found.confidence, found.guilty) == ("unknown", Confidence.UNKNOWN, Guilty())


def test_a_saved_session_handed_in_as_the_log_is_read_as_what_it_is() -> None:
    text = "".join((RECORDED / f"{name}.txt").read_text(encoding="utf-8") for name in ("sys", "bt", "mod"))
    text = text.replace(
        "Oops: 0000 [#1] PREEMPT SMP NOPTI", "BUG: kernel NULL pointer dereference, address: 0000000000000030"
    )
    found = diagnose(log(text), ())
    assert (found.kind, found.guilty) == ("null-deref", Guilty("mlx5e_poll_rx_cq", "mlx5_core"))
    assert any("output of crash" in warning for warning in found.warnings)


WORDS = st.sampled_from(
    [
        *HEADER.split(),
        *TOP.splitlines(),
        " #2 [0] x at 0",
        "[exception RIP: f+1]",
        "RIP: 0",
        "--- <IRQ stack> ---",
    ]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=30)), max_size=20))
def test_no_crash_output_raises(lines: list[str]) -> None:
    text = HEADER + "\n".join(lines)
    for name in ("bt", "sys", "mod", "runq", "ps-S", "dis-x", "sym-x", "vmcore-dmesg"):
        diagnose(bt("acme_do") | evidence(name, text), ())
        diagnose(evidence("bt", text) | evidence(name, text), ())


@pytest.mark.parametrize("entry", ["do_syscall_64", "do_fast_syscall_32", "invoke_syscall"])
def test_frames_below_the_entry_are_stale_whatever_the_machine(entry: str) -> None:
    found = diagnose(bt("acme_do", "acme_ioctl", entry, "stale_one"))
    assert "acme_ioctl" in found.trace and "stale_one" not in found.trace
