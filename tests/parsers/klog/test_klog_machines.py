"""arm64, ppc64le and s390x: the heading, the instruction pointer and the trace are where those machines print them."""

# ruff: noqa: E501 - lines of a kernel log are as long as they are

from __future__ import annotations

import pytest

from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.model import Guilty
from tests.rca.diagnosis.diagnosis_samples import log

CPU = "CPU: 4 PID: 99 Comm: worker Kdump: loaded Tainted: G           OE    --------- -  - 4.18.0-553.el8_10.{arch} #1\n"

S390X = (
    "Unable to handle kernel pointer dereference in virtual kernel address space\n"
    "Failing address: 0000000000000000 TEID: 0000000000000483\n"
    "Oops: 0004 ilc:3 [#1] SMP\n" + CPU.format(arch="s390x") + "Hardware name: IBM 3906 M03 703 (LPAR)\n"
    "Krnl PSW : 0704c00180000000 000003ff80123456 (acme_do+0x56/0x120 [acme])\n"
    "           R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3\n"
    "Call Trace:\n([<000003ff80123400>] stale_fn+0x0/0x120 [stale])\n [<00000000001ab2c4>] acme_probe+0x24/0x80 [acme]\n"
    " [<00000000001ab300>] really_probe+0x24/0x80\n"
    "Last Breaking-Event-Address:\n [<000003ff80123450>] other_fn+0x50/0x120 [other]\n"
    "Kernel panic - not syncing: Fatal exception: panic_on_oops\n"
)
PPC64LE = (
    "BUG: Kernel NULL pointer dereference on read at 0x00000028\n"
    "Faulting instruction address: 0xc008000001234567\n"
    "Oops: Kernel access of bad area, sig: 11 [#1]\n"
    + CPU.format(arch="ppc64le")
    + "NIP:  c008000001234567 LR: c008000001234500 CTR: c000000000123456\n"
    "REGS: c00000000abcdef0 TRAP: 0300   Tainted: G           OE    --------- -  -  (4.18.0-553.el8_10.ppc64le)\n"
    "NIP [c008000001234567] acme_do+0x56/0x120 [acme]\nLR [c008000001234500] acme_probe+0x40/0x90 [acme]\n"
    "Call Trace:\n[c00000000abce180] [c008000001234500] stale_fn+0x40/0x90 [stale] (unreliable)\n"
    "[c00000000abce1c0] [c000000000171234] acme_probe+0x260/0x520 [acme]\n[c00000000abce260] [c000000000171678] really_probe+0x88/0x5f0\n"
)
ARM64 = (
    "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000028\n"
    "Mem abort info:\n  ESR = 0x96000004\nInternal error: Oops: 96000004 [#1] SMP\n" + CPU.format(arch="aarch64") + "pc : acme_do+0x56/0x120 [acme]\nlr : acme_probe+0x40/0x90 [acme]\nsp : ffff00001234fd00\n"
    "Call trace:\n acme_do+0x56/0x120 [acme]\n acme_probe+0x40/0x90 [acme]\n really_probe+0x1a8/0x430\n"
    "---[ end trace 1234567812345678 ]---\nKernel panic - not syncing: Fatal exception\n"
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "arch"),
    [(S390X, "page-fault", "s390x"), (PPC64LE, "null-deref", "ppc64le"), (ARM64, "null-deref", "aarch64")],
    ids=["s390x", "ppc64le", "arm64"],
)
def test_an_oops(text: str, kind: str, arch: str) -> None:
    found = diagnose(log(text), ())
    assert found.kind == kind
    assert found.rip is not None
    assert (found.rip.function, found.rip.offset, found.rip.size, found.rip.module) == (
        "acme_do",
        0x56,
        0x120,
        "acme",
    )
    assert found.guilty == Guilty("acme_do", "acme")
    assert found.trace == ("acme_do", "acme_probe", "really_probe")
    assert (found.taint, found.process.pid, found.process.cpu) == ("GOE", 99, 4)
    assert found.kernel_release == f"4.18.0-553.el8_10.{arch}"


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("illegal operation: 0001 ilc:1 [#1] SMP\nKrnl PSW : 0704c00180000000 0000000000000002 (0x2)\nCall Trace:\n [<000003ff80123400>] acme_call+0x4/0x120 [acme]\n", "invalid-opcode", "illegal operation in acme_call"),
        ("watchdog: CPU 3 self-detected hard LOCKUP @ acme_spin+0x24/0x90 [acme]\nNIP [c008000001234567] acme_spin+0x24/0x90 [acme]\nCall Trace:\n[c00000000abce180] [c008000001234500] acme_work+0x40/0x90 [acme]\n", "hard-lockup", "hard LOCKUP in acme_spin"),
        ("Severe Machine check interrupt [Not recovered]\nKernel panic - not syncing: Unrecoverable Machine check\n", "mce", "Fatal machine check"),
        ("SError Interrupt on CPU3, code 0xbf000000 -- SError\npc : arch_cpu_idle+0x30/0x1b8\nKernel panic - not syncing: Asynchronous SError Interrupt\n", "hardware-error", "hardware error reported by the CPU (SError)"),
    ],
)  # fmt: skip
def test_other_deaths(text: str, kind: str, title: str) -> None:
    found = diagnose(log(text), ())
    assert (found.kind, found.title) == (kind, title)


@pytest.mark.parametrize(
    "line",
    [
        "IP: [<          (null)>]           (null)",
        "RIP: 0010:[<0000000000000000>]  [<          (null)>]           (null)",
        "RIP: 0010:0x0",
    ],
)
def test_a_call_of_null_in_every_form(line: str) -> None:
    head = "BUG: unable to handle kernel NULL pointer dereference at           (null)\n"
    found = diagnose(log(f"{head}{line}\nCall Trace:\n [<ffffffff81000000>] acme_send+0x1/0x2 [acme]\n"), ())
    assert found.rip is not None
    assert (found.rip.function, found.guilty.module) == ("0x0", "acme")
