"""Acceptance scenarios that the diagnosis decides. The logs are written after the sources of the kernel 4.18 el8_10."""

from __future__ import annotations

import pytest

from parsers.crash.bt import read_bt
from parsers.crash.stacks import Doing, group
from parsers.spans import Marks, Role, spans
from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.model import Confidence, Diagnosis, Guilty
from rca.report.drafting.knowledge import taint_words
from tests.rca.diagnosis.diagnosis_samples import evidence, log

_CPU = "CPU: {} PID: {} Comm: {} Kdump: loaded Tainted: G           OE     -------- -  - 4.18.0-553.el8_10.x86_64 #1\n"

LIST = (
    "list_del corruption. next->prev should be ff110001a0b1c2d0, but was ff110001a0b1c3e8\n"
    "------------[ cut here ]------------\n"
    "kernel BUG at lib/list_debug.c:56!\n"
    "invalid opcode: 0000 [#1] SMP NOPTI\n"
    + _CPU.format(7, 606, "kworker/u40:27")
    + "Workqueue: mlx5_cmd_0000:11:00.0 cmd_work_handler [mlx5_core]\n"
    "RIP: 0010:__list_del_entry_valid.cold.1+0x20/0x48\n"
    "Call Trace:\n process_one_work+0x117/0x360\n worker_thread+0x30/0x390\n kthread+0x134/0x150\n"
    "Modules linked in: rdma_cm(OE) ib_cm(OE) mlx5_ib(OE) ib_core(OE) mlx5_core(OE)\n"
)

LOCKUP = (
    "NMI watchdog: Watchdog detected hard LOCKUP on cpu 4\n"
    + _CPU.format(4, 4242, "acmed")
    + "RIP: 0010:native_queued_spin_lock_slowpath+0x5b/0x1d0\n"
    "Call Trace:\n _raw_spin_lock_irqsave+0x32/0x40\n acme_submit+0x44/0x120 [acme]\n"
    "Sending NMI from CPU 4 to CPUs 0-3:\n"
    "NMI backtrace for cpu 0\n" + _CPU.format(0, 0, "swapper/0") + "RIP: 0010:native_safe_halt+0xe/0x20\n"
    "Call Trace:\n default_idle+0xa/0x10\n do_idle+0x1f9/0x260\n"
    "NMI backtrace for cpu 2\n"
    + _CPU.format(2, 4300, "acme_irq")
    + "RIP: 0010:acme_complete+0x10/0x90 [acme]\n"
    "Call Trace:\n acme_poll+0x50/0x100 [acme]\n"
    "Kernel panic - not syncing: Hard LOCKUP\n"
)

IDLE = """PID: 0        TASK: ffffffff84a18840  CPU: 0    COMMAND: "swapper/0"
 #0 [fffffe0000009e48] crash_nmi_callback at ffffffff82a56d83
 #1 [fffffe0000009e50] nmi_handle at ffffffff82a26e43
 #2 [fffffe0000009ea8] default_do_nmi at ffffffff83402ec9
 #3 [fffffe0000009ec8] do_nmi at ffffffff82a2741f
 #4 [fffffe0000009ef0] end_repeat_nmi at ffffffff83601684
    [exception RIP: native_safe_halt+14]
    RIP: ffffffff8340f27e  RSP: ffffffff84a03e88  RFLAGS: 00000246
--- <NMI exception stack> ---
 #5 [ffffffff84a03e88] native_safe_halt at ffffffff8340f27e
 #6 [ffffffff84a03e88] __cpuidle_text_start at ffffffff8340ee7a
 #7 [ffffffff84a03e90] do_idle at ffffffff82b1c3f9
"""

MCE = (
    "mce: [Hardware Error]: CPU 3: Machine Check Exception: 5 Bank 7: be00000000800400\n"
    "mce: [Hardware Error]: RIP !INEXACT! 10:<ffffffff8a2b4c5d> {mlx5e_poll_rx_cq+0x5/0x10}\n"
    "mce: [Hardware Error]: TSC 1234567890abcd ADDR 3fff81760\n"
    "mce: [Hardware Error]: Machine check: Processor context corrupt\n"
    "Kernel panic - not syncing: Fatal machine check on current CPU\n"
    + _CPU.format(3, 0, "swapper/3").replace("Tainted: G   ", "Tainted: G   M")
)

POISON = (
    "general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] SMP PTI\n"
    + _CPU.format(1, 900, "acmed")
    + "RIP: 0010:acme_remove+0x2a/0x90 [acme]\n"
    "Call Trace:\n acme_release+0x44/0x120 [acme]\n __fput+0xb7/0x250\n"
)

MEMBER = (
    "BUG: unable to handle kernel NULL pointer dereference at 0000000000000028\n"
    "PGD 0 P4D 0\nOops: 0000 [#1] SMP PTI\n"
    + _CPU.format(3, 0, "swapper/3")
    + "RIP: 0010:mlx5e_poll_rx_cq+0x5/0x10 [mlx5_core]\nCR2: 0000000000000028\n"
    "Call Trace:\n <IRQ>\n mlx5e_napi_poll+0xd4/0x6c0 [mlx5_core]\n net_rx_action+0x149/0x3b0\n"
)


def _all(found: Diagnosis) -> str:
    """Everything that is said to have done it."""
    return " ".join((found.title, *(item.claim for item in found.hypotheses)))


def test_scenario_05_the_finder_of_a_damaged_list_is_not_its_culprit() -> None:
    found = diagnose(log(LIST))
    assert found.kind == "list-corruption" and found.confidence is Confidence.POSSIBLE
    assert any("Someone else wrote over" in item.claim for item in found.hypotheses)
    assert any("cmd_work_handler [mlx5_core]" in item.text for item in found.statements)


def test_scenario_06_a_hard_lockup_points_to_the_holder_on_another_cpu() -> None:
    found = diagnose(log(LOCKUP))
    assert found.kind == "hard-lockup" and found.guilty.function != "native_queued_spin_lock_slowpath"
    assert "stands on another CPU" in _all(found)
    held = [item.text for item in found.statements if "may hold" in item.text]
    assert held == ["CPU 2 was in acme_complete [acme]: it may hold what is waited for"]
    assert "find the holder on another CPU" in found.next_checks[0]


def test_scenario_07_an_idle_cpu_below_an_nmi_is_never_the_culprit() -> None:
    found = diagnose(log(LOCKUP) | evidence("bt-a", IDLE))
    assert "native_safe_halt" not in _all(found) and "CPU 0" not in _all(found)
    marks = Marks(found.guilty.function, found.guilty.module)
    for line in IDLE.splitlines():
        assert Role.GUILTY not in {span.role for span in spans(line, marks)}
    assert [stack.doing for stack in group(read_bt(IDLE.splitlines()))] == [Doing.IDLE]


def test_scenario_08_a_machine_check_is_hardware() -> None:
    found = diagnose(log(MCE))
    assert (found.kind, found.subsystem, found.guilty) == ("mce", "hardware", Guilty())
    assert not any("kernel" in fix or "driver" in fix for fix in found.fixes)
    asked = " ".join(found.next_checks)
    assert "decode bank and status" in asked and "which DIMM" in asked
    assert "mlx5e_poll_rx_cq" not in _all(found)


@pytest.mark.parametrize("panic", ['""', '"general protection fault, probably for non-canonical address"'])
def test_scenario_19_an_entry_that_was_already_off_its_list(panic: str) -> None:
    """crash 7.3.2 knows nothing of the words of 8.10 and says PANIC: ""."""
    found = diagnose(
        log(POISON) | evidence("sys", f"     RELEASE: 4.18.0-553.el8_10.x86_64\n       PANIC: {panic}\n")
    )
    assert found.kind == "gpf" and "already taken off its list" in found.mechanism
    assert found.confidence is Confidence.POSSIBLE and not found.warnings


def test_scenario_20_a_small_address_is_a_member_of_a_null_struct() -> None:
    found = diagnose(log(MEMBER))
    assert found.mechanism == "read of a struct member at offset 0x28 of a NULL pointer"
    assert any("struct -o" in check for check in found.next_checks)


def test_scenario_21_taint_is_decoded_by_its_letters_alone() -> None:
    found = diagnose(log(LIST.replace("mlx5_core(OE)\n", "mlx5_core(OE) tls(X)\n")))
    assert {letter for letter in found.taint if taint_words(letter)} == {"O", "E"}
    assert "tls" not in found.modules_out_of_tree and "mlx5_core" in found.modules_out_of_tree
    assert "technology preview" in taint_words("X") and "technology preview" not in taint_words("T")
    assert all(taint_words(letter) for letter in "rtuJ")
