"""Logs become events with their spans, context, modules and consequences."""

# ruff: noqa: E501 - lines of a kernel log are as long as they are

from __future__ import annotations

import pytest

from parsers.klog.events import read_log
from parsers.klog.taint import taint_letters

OOPS = """\
[   10.000001] eth0: link up
[   20.000001] BUG: unable to handle kernel NULL pointer dereference at 0000000000000028
[   20.000002] PGD 0 P4D 0
[   20.000003] Oops: 0002 [#1] SMP PTI
[   20.000004] CPU: 3 PID: 606 Comm: kworker/3:2 Kdump: loaded Tainted: G        W  OE    --------- -  - 4.18.0-553.el8_10.x86_64 #1
[   20.000005] Hardware name: ACME Rack/Board, BIOS 1.2 03/04/2024
[   20.000006] Workqueue: acme_wq acme_reset_task [acme]
[   20.000007] RIP: 0010:acme_reset+0x24/0x90 [acme]
[   20.000008] RSP: 0018:ffffb5d0c0e7be50 EFLAGS: 00010246
[   20.000009] RAX: 0000000000000000 RBX: ffff8f1a4a7b1c00 RCX: 0000000000000003
[   20.000010] CR2: 0000000000000028 CR3: 0000000104a0a003 CR4: 00000000007706e0
[   20.000011] Call Trace:
[   20.000012]  acme_reset_task+0x31/0x60 [acme]
[   20.000013]  ? __switch_to_asm+0x41/0x70
[   20.000014]  process_one_work+0x1a7/0x360
[   20.000015] Modules linked in: acme(OE) nvme(P) xfs libcrc32c [last unloaded: old_one]
[   20.000016] ---[ end trace 5f2c1d8e9a7b6c5d ]---
[   20.000017] Kernel panic - not syncing: Fatal exception
""".splitlines()


def test_one_oops_whole() -> None:
    log = read_log(OOPS)
    event = log.events[0]
    assert (event.kind, event.first, event.address) == ("null-deref", 2, 0x28)
    assert event.rip is not None
    assert (event.rip.function, event.rip.module, event.rip.line) == ("acme_reset", "acme", 8)
    assert [frame.function for frame in event.traces[0].frames if frame.reliable] == [
        "acme_reset_task",
        "process_one_work",
    ]
    assert dict(event.registers)["RBX"] == 0xFFFF8F1A4A7B1C00
    assert dict(event.registers)["ERR"] == 2
    context = event.context
    assert (context.cpu, context.pid, context.comm, context.kdump_loaded) == (3, 606, "kworker/3:2", True)
    assert (context.taint, context.release) == ("GWOE", "4.18.0-553.el8_10.x86_64")
    assert (context.workqueue, context.work_function, context.work_module) == (
        "acme_wq",
        "acme_reset_task",
        "acme",
    )
    assert context.hardware.startswith("ACME")


def test_the_trailer_is_the_consequence() -> None:
    (event,) = read_log(OOPS).events
    assert (event.last, event.panic_line) == (17, 18)
    assert event.fatal


def test_modules_with_flags() -> None:
    log = read_log(OOPS)
    assert {module.name: module.flags for module in log.modules} == {
        "acme": "OE",
        "nvme": "P",
        "xfs": "",
        "libcrc32c": "",
    }
    assert log.last_unloaded == "old_one"


def test_two_cpus_that_speak_at_once_are_told_apart() -> None:
    mine = [line.replace("] ", "][   C3] ", 1) for line in OOPS[1:]]
    other = [
        "[   20.1][  T77] RIP: 0010:innocent+0x1/0x2 [bystander]",
        "[   20.1][  T77]  innocent+0x1/0x2 [bystander]",
    ]
    mixed = mine[:5] + other + mine[5:]
    event = read_log(mixed).events[0]
    assert event.interleaved
    assert "innocent" not in {frame.function for frame in event.path}


def test_a_warning_above_panic_on_warn_keeps_its_trace() -> None:
    lines = [
        "WARNING: CPU: 1 PID: 9 at drivers/acme/main.c:8 acme_probe+0x10/0x100 [acme]",
        "Kernel panic - not syncing: panic_on_warn set ...",
        "CPU: 1 PID: 9 Comm: insmod Not tainted 4.18.0-553.el8_10.x86_64 #1",
        "Call Trace:",
        " dump_stack+0x5c/0x80",
        " acme_probe+0x10/0x100 [acme]",
    ]
    (event,) = read_log(lines).events
    assert (event.kind, event.panic_line) == ("warning", 2)
    assert event.traces[0].frames[-1].module == "acme"


def test_list_corruption_is_more_telling_than_its_bug() -> None:
    lines = ["list_del corruption. next->prev should be ffff88, but was ffff99", "------------[ cut here ]------------",
             "kernel BUG at lib/list_debug.c:56!", "invalid opcode: 0000 [#1] SMP PTI"]  # fmt: skip
    (event,) = read_log(lines).events
    assert event.kind == "list-corruption"
    assert event.headings == (1, 3, 4)


def test_a_quiet_log_has_no_events() -> None:
    quiet = ["Linux version 4.18.0-553.el8_10.x86_64 (mock@build) (gcc)", "NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.",
             "systemd[1]: Started Watchdog: BUG reports are welcome", "WARNING: See the documentation for mitigation options."]  # fmt: skip
    log = read_log(quiet)
    assert [event for event in log.events if event.weight >= 2] == []
    assert log.release == "4.18.0-553.el8_10.x86_64"


def test_taint_by_letter() -> None:
    assert taint_letters("G           OE    --------- -  -") == "GOE"
    assert taint_letters("P") == "P"
    assert taint_letters("[W]=WARN, [O]=OOT_MODULE") == "WO"


def test_old_kernels_print_the_stack_s_mark_before_its_first_frame() -> None:
    lines = ["WARNING: at net/acme/input.c:12 acme_ack+0x7a/0xd0()", "Call Trace:",
             " <IRQ>  [<ffffffff81111111>] dump_stack+0x9/0x1b", " [<ffffffff81222222>] tcp_ack+0x7a/0xd0",
             " <<EOE>>  <IRQ>  [<ffffffff81333333>] tcp_rcv+0x7a/0xd0"]  # fmt: skip
    (event,) = read_log(lines).events
    assert [(frame.function, frame.stack) for frame in event.traces[0].frames] == [
        ("dump_stack", "IRQ"), ("tcp_ack", "IRQ"), ("tcp_rcv", "IRQ")]  # fmt: skip


def test_a_hard_lockup_inside_a_warning_is_a_hard_lockup() -> None:
    lines = ["WARNING: at kernel/watchdog.c:240 watchdog_overflow_callback+0x90/0xc0()", "Hardware name: ACME",
             "Watchdog detected hard LOCKUP on cpu 0", "Call Trace:", " [<ffffffff81222222>] acme_poll+0x7a/0xd0 [acme]"]  # fmt: skip
    (event,) = read_log(lines).events
    assert event.kind == "hard-lockup"


def test_lock_reports_tell_taint_and_release_without_a_cpu() -> None:
    lines = [
        "INFO: task acme/0:300 blocked for more than 120 seconds.",
        "      Tainted: G           OE    --------- -  - 4.18.0-553.el8_10.x86_64 #1",
    ]
    context = read_log(lines).events[0].context
    assert (context.taint, context.release) == ("GOE", "4.18.0-553.el8_10.x86_64")


TRAP = "CPU: 2 PID: 77 Comm: worker Not tainted 4.18.0-553.el8_10.x86_64 #1\nRIP: 0010:acme_do+0x1/0x2\n"


@pytest.mark.parametrize(
    ("line", "kind", "weight"),
    [
        ("segment not present: 0018 [#1] SMP PTI", "gpf", 3),
        ("invalid TSS: 0000 [#1] SMP PTI", "gpf", 3),
        ("iret exception: 0000 [#1] SMP PTI", "gpf", 3),
        ("bounds: 0000 [#1] SMP PTI", "invalid-opcode", 3),
        ("fpu exception: 0000 [#1] SMP PTI", "invalid-opcode", 3),
        ("simd exception: 0000 [#1] SMP PTI", "invalid-opcode", 3),
        ("traps: Missing ENDBR: acme_do+0x0/0x40", "bad-ip", 3),
        ("do_IRQ: stack overflow: 1234", "stack-overflow", 3),
        ("Memory failure: 0x12345: recovery action for dirty LRU page: Failed", "hardware-error", 1),
        ("mce: Uncorrected hardware memory error in user-access at 1234567890", "hardware-error", 1),
        (
            "nvme 0000:3b:00.0: PCIe Bus Error: severity=Uncorrected (Fatal), type=Transaction Layer",
            "hardware-error",
            1,
        ),
        ('irq 16: nobody cared (try booting with the "irqpoll" option)', "driver-error", 1),
        ("Buffer I/O error on dev dm-3, logical block 0, lost async page write", "hardware-error", 1),
        ("Aborting journal on device dm-1-8.", "fs-corruption", 2),
        ("GFS2: fsid=c:d.0: fatal: invalid metadata block", "fs-corruption", 2),
        ("IRQ handler type mismatch for IRQ 16", "warning", 2),
    ],
)
def test_rarer_headings(line: str, kind: str, weight: int) -> None:
    (event,) = read_log([line, *TRAP.splitlines()]).events
    assert (event.kind, event.weight) == (kind, weight)


@pytest.mark.parametrize(
    "line",
    [
        "pci 0000:00:1c.0: BAR 13: out of bounds: no space",
        "acme: segment not present: skipped",
        "EXT4-fs (dm-0): mounted filesystem with ordered data mode",
        "GFS2: fsid=c:d.0: Joined cluster",
        "nvme 0000:3b:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)",
        "app[812]: segfault at 0 ip 00007f general protection fault ip:7f sp:7f error:0 in libc.so",
    ],
)
def test_harmless_lines_are_no_events(line: str) -> None:
    assert read_log([line]).events == ()


@pytest.mark.parametrize(
    ("words", "rule", "kind"),
    [
        (
            "01: An NMI occurred. Depending on your system the reason for the NMI is logged",
            "panic-nmi",
            "nmi",
        ),
        ("An NMI occurred. Depending on your system the reason for the NMI is logged", "panic-nmi", "nmi"),
        ("Machine halted.", "panic-halted", "double-fault"),
    ],
)
def test_a_panic_stays_one_whatever_its_words_are_elsewhere(words: str, rule: str, kind: str) -> None:
    (event,) = read_log([f"[   20.000001] Kernel panic - not syncing: {words}"]).events
    assert (event.rule, event.kind, event.weight) == (rule, kind, 3)


def test_machine_halted_is_the_end_of_a_double_fault() -> None:
    fault = "PANIC: double fault, error_code: 0x0"
    filler = ["RIP: 0010:acme_do+0x12/0x34 [acme]", *[" acme_work+0x1/0x2 [acme]"] * 40]
    (event, _) = read_log([fault, *filler, "Kernel panic - not syncing: Machine halted."]).events
    assert (event.kind, event.panic_line) == ("double-fault", 43)
