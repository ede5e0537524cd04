"""Every way to die that an EL8 node is known to take: its kind, and the signature that explains it."""

# ruff: noqa: E501 - lines of a kernel log are as long as they are

from __future__ import annotations

import pytest

from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.signatures import Signature, builtin
from tests.rca.diagnosis.diagnosis_samples import log

KNOWN: dict[str, Signature] = {signature.id: signature for signature in builtin()}
CPU = "CPU: 2 PID: 77 Comm: worker Kdump: loaded Not tainted 4.18.0-553.el8_10.x86_64 #1\n"
TRACE = (
    CPU
    + "RIP: 0010:acme_do+0x12/0x34 [acme]\nCall Trace:\n acme_work+0x1/0x2 [acme]\n process_one_work+0x1/0x2\n"
)
PANIC = "Kernel panic - not syncing: "
REFCOUNT = (
    " at acme_get+0x11/0x20 [acme] in worker[77], uid/euid: 0/0\n"
    "WARNING: CPU: 2 PID: 77 at kernel/panic.c:677 refcount_error_report+0x98/0xa0\n"
    + CPU
    + "RIP: 0010:refcount_error_report+0x98/0xa0\nCall Trace:\n ex_handler_refcount+0x63/0x80\n"
    " fixup_exception+0x32/0x40\n do_trap+0x90/0xe0\n do_invalid_op+0x37/0x50\n invalid_op+0x14/0x20\n"
    "RIP: 0010:acme_get+0x11/0x20 [acme]\n acme_work+0x1/0x2 [acme]\n---[ end trace 1 ]---\n"
)

WAYS = (
    ("BUG: unable to handle kernel NULL pointer dereference at 0000000000000028\nPGD 0 P4D 0\nOops: 0000 [#1] SMP PTI\n" + TRACE, "null-deref", "null-member"),
    ("BUG: unable to handle kernel paging request at ffffc90001234000\nOops: 0000 [#1] SMP PTI\n" + TRACE, "page-fault", "wild-page"),
    ("general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] SMP PTI\n" + TRACE, "gpf", "list-poison"),
    ("------------[ cut here ]------------\nkernel BUG at fs/inode.c:519!\ninvalid opcode: 0000 [#1] SMP PTI\n" + TRACE, "bug-on", "bug-assertion"),
    ("list_del corruption. next->prev should be ffff9a5c4a7b1c08, but was dead000000000200\n------------[ cut here ]------------\nkernel BUG at lib/list_debug.c:56!\ninvalid opcode: 0000 [#1] SMP PTI\n" + TRACE, "list-corruption", "list-corruption"),
    ("kernel BUG at mm/slub.c:380!\ninvalid opcode: 0000 [#1] SMP PTI\n" + TRACE, "slab-corruption", "slub-double-free"),
    ("BUG kmalloc-64 (Tainted: G           OE    ): Redzone overwritten\nINFO: 0x00000000a-0x00000000b. First byte 0x0 instead of 0xcc\n" + TRACE, "slab-corruption", "slub-report"),
    ("BUG: Bad page state in process kworker/3:1  pfn:10a4c3\n" + TRACE, "bad-page", "bad-page"),
    ("refcount_t overflow" + REFCOUNT, "refcount", "refcount"),
    ("refcount_t hit zero" + REFCOUNT, "refcount", "refcount"),
    ("BUG: stack guard page was hit at 00000000aa01bb02 (stack is 00000000cc03dd04..00000000ee05ff06)\nkernel stack overflow (page fault): 0000 [#1] SMP PTI\n" + TRACE, "stack-overflow", "stack-guard"),
    (PANIC + "stack-protector: Kernel stack is corrupted in: acme_parse+0x1a2/0x1b0\n" + TRACE, "stack-corruption", "stack-protector"),
    ("PANIC: double fault, error_code: 0x0\n" + TRACE + PANIC + "Machine halted.\n", "double-fault", "double-fault"),
    (PANIC + "Machine halted.\n" + CPU, "double-fault", "double-fault"),
    ("usercopy: Kernel memory overwrite attempt detected to SLUB object 'kmalloc-64' (offset 60, size 16)!\nkernel BUG at mm/usercopy.c:99!\ninvalid opcode: 0000 [#1] SMP PTI\n" + TRACE, "usercopy", "usercopy"),
    ("detected buffer overflow in memcpy\n------------[ cut here ]------------\nkernel BUG at lib/string.c:1088!\ninvalid opcode: 0000 [#1] SMP PTI\n" + TRACE, "usercopy", "fortify"),
    ("NMI watchdog: Watchdog detected hard LOCKUP on cpu 4\n" + TRACE + PANIC + "Hard LOCKUP\n", "hard-lockup", "hard-lockup"),
    ("watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [worker:77]\n" + TRACE + PANIC + "softlockup: hung tasks\n", "soft-lockup", "soft-lockup"),
    ("INFO: task worker:77 blocked for more than 120 seconds.\nCall Trace:\n __schedule+0x1/0x2\n schedule+0x1/0x2\n acme_wait+0x1/0x2 [acme]\n" + PANIC + "hung_task: blocked tasks\n", "hung-task", "hung-task"),
    ("rcu: INFO: rcu_sched self-detected stall on CPU\n" + TRACE + PANIC + "RCU Stall\n", "rcu-stall", "rcu-stall"),
    ("mce: [Hardware Error]: CPU 3: Machine Check Exception: 5 Bank 7: be00000000800400\nmce: [Hardware Error]: Machine check: Processor context corrupt\n" + PANIC + "Fatal machine check on current CPU\n", "mce", "mce"),
    (PANIC + "Timeout: Not all CPUs entered broadcast exception handler\n", "mce", "mce-timeout"),
    ("{1}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 1\n{1}[Hardware Error]: event severity: fatal\n" + PANIC + "Fatal hardware error!\n", "hardware-error", "ghes"),
    ("EDAC MC0: 1 UE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x12345)\n" + PANIC + "UE row 1, channel-a= 0\n", "hardware-error", "edac"),
    ("NMI: PCI system error (SERR) for reason a1 on CPU 0.\n" + PANIC + "NMI: Not continuing\n", "nmi", "nmi-serr"),
    ("Uhhuh. NMI received for unknown reason 20 on CPU 0.\nDo you have a strange power saving mode enabled?\n" + PANIC + "NMI: Not continuing\n", "nmi", "nmi-unknown"),
    (PANIC + "0c: An NMI occurred. Depending on your system the reason for the NMI is logged in any one of the following resources:\n", "nmi", "nmi-hpwdt"),
    ("pcieport 0000:3a:00.0: AER: Uncorrected (Fatal) error received: 0000:3b:00.0\npcieport 0000:3a:00.0: PCIe Bus Error: severity=Uncorrected (Fatal), type=Transaction Layer\n", "hardware-error", "aer"),
    ("nvme 0000:3b:00.0: PCIe Bus Error: severity=Uncorrected (Fatal), type=Transaction Layer\n", "hardware-error", "aer"),
    ("DMAR: [DMA Write NO_PASID] Request device [3b:00.0] fault addr f0000000 [fault reason 05] PTE Write access is not set\n", "driver-error", "dmar"),
    ("nvme nvme0: I/O 12 QID 4 timeout, reset controller\nnvme nvme0: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0xffff\n", "driver-error", "nvme-timeout"),
    ("mlx5_core 0000:3b:00.0: poll_health:835:(pid 0): device's health compromised - reached miss count\n", "driver-error", "mlx5-health"),
    ("NETDEV WATCHDOG: eth0 (ixgbe): transmit queue 3 timed out\n", "driver-error", "tx-timeout"),
    ("BUG: scheduling while atomic: worker/77/0x00000100\n" + CPU + "Call Trace:\n __schedule_bug+0x1/0x2\n __schedule+0x1/0x2\n acme_sleep+0x1/0x2 [acme]\n", "atomic-sleep", "atomic-sleep"),
    ("EXT4-fs error (device dm-3): ext4_lookup:1591: inode #131074: comm ls: deleted inode referenced: 131080\n" + PANIC + "EXT4-fs (device dm-3): panic forced after error\n", "fs-corruption", "ext4-panic"),
    (PANIC + "Attempted to kill init! exitcode=0x0000000b\n" + CPU, "init-killed", "init-killed"),
    (PANIC + "VFS: Unable to mount root fs on unknown-block(0,0)\n", "root-fs", "root-fs"),
    ("java invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0\nOut of memory and no killable processes...\n" + PANIC + "System is deadlocked on memory\n", "oom", "oom-panic"),
    ("sysrq: SysRq : Trigger a crash\n" + PANIC + "sysrq triggered crash\n", "sysrq", "sysrq"),
    ("WARNING: CPU: 2 PID: 77 at drivers/acme/core.c:12 acme_do+0x12/0x34 [acme]\n" + TRACE + "x\n" * 30 + PANIC + "panic_on_warn set ...\n", "warning", "panic-on-warn"),
    (PANIC + "Software Watchdog Timer expired\n" + CPU, "panic", "userspace-watchdog"),
    (PANIC + "Host injected async #PF in kernel mode\n" + CPU, "panic", "host-pause"),
    ("kernel tried to execute NX-protected page - exploit attempt? (uid: 0)\nBUG: unable to handle kernel paging request at ffff888103a9c000\nOops: 0011 [#1] SMP PTI\n" + CPU + "RIP: 0010:0xffff888103a9c000\nCall Trace:\n acme_call+0x1/0x2 [acme]\n", "bad-ip", "nx-jump"),
    (PANIC + "Fatal exception in interrupt\n", "panic", "fatal-exception"),
    (PANIC + "watchdog pretimeout event\n" + CPU, "panic", "userspace-watchdog"),
    (PANIC + "Out of memory: system-wide panic_on_oom is enabled\n" + CPU, "oom", "oom-panic"),
    (PANIC + "No working init found.  Try passing init= option to kernel.\n", "root-fs", "root-fs"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "signature"), WAYS, ids=[f"{way[2]}-{n}" for n, way in enumerate(WAYS)]
)
def test_kind_and_signature(text: str, kind: str, signature: str) -> None:
    found = diagnose(log(text), ())
    assert found.kind == kind
    known = KNOWN[signature]
    assert set(known.next) <= set(found.next_checks)
    assert set(known.classes)
    assert found.title
    assert "{" not in found.title


def test_these_are_more_than_forty_ways() -> None:
    assert len(WAYS) >= 40


@pytest.mark.parametrize("words", ["refcount_t overflow", "refcount_t hit zero"])
def test_a_reference_counter_s_user_is_the_function_that_the_trap_interrupted(words: str) -> None:
    found = diagnose(log(words + REFCOUNT))
    assert found.title == "WARNING: refcount bug in acme_get"
    assert (found.guilty.function, found.guilty.module) == ("acme_get", "acme")
