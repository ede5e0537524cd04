"""Parsers of crash output, on texts written here in crash's formats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.crash.bt import read_bt
from parsers.crash.code import read_dis, read_sym
from parsers.crash.kmem import read_kmem_i, read_kmem_s
from parsers.crash.messages import Severity, read_messages
from parsers.crash.mod import module_at, read_mod
from parsers.crash.ps import read_ps_counts, read_runq
from parsers.crash.sysinfo import read_sys

BT = """\
PID: 0        TASK: ff281ea44125a0c0  CPU: 1    COMMAND: "swapper/1"
 #0 [ff7050e0400d0c18] machine_kexec at ffffffffa2c6c62f
 #1 [ff7050e0400d0e00] asm_exc_page_fault at ffffffffa3800c02
    [exception RIP: poll_rx+8]
    RIP: ffffffffc046d048  RSP: ff7050e0400d0eb8  RFLAGS: 00000202
    RAX: 0000000000000000  RBX: ffffffffc046f390  RCX: ff7050e0400d0f28
    ORIG_RAX: ffffffffffffffff  CS: 0010  SS: 0018
 #2 [ff7050e0400d0eb8] napi_poll at ffffffffc046d06c [mlx5_core]
--- <IRQ stack> ---
 #3 [ff7050e0400d0f00] do_softirq at ffffffffa2c00000
    RIP: 00007f0000000001  RSP: 00007ffd00000000  RFLAGS: 00000246
    ORIG_RAX: 0000000000000001  CS: 0033  SS: 002b

PID: 103      TASK: ff193c612ff18000  CPU: 0    COMMAND: "a \\"b\\" c"
 #0 [fffffe0000048ea8] crash_nmi_callback at ffffffff9b26058c
    [exception RIP: unknown or invalid address]
    RIP: 0000000000000000  RSP: 0000000000000002  RFLAGS: 00000001
WARNING: possibly bogus exception frame
 #1 [ff5ed5d040383ed0] __key.7 at c00800001ce82040 [overlay]  (unreliable)
"""


def test_bt_of_several_tasks() -> None:
    first, second = read_bt(BT.splitlines())
    assert (first.pid, first.task, first.cpu, first.command) == (0, 0xFF281EA44125A0C0, 1, "swapper/1")
    assert (first.line, first.end, second.line) == (1, 12, 14)
    assert [frame.function for frame in first.frames] == [
        "machine_kexec",
        "asm_exc_page_fault",
        "napi_poll",
        "do_softirq",
    ]
    assert first.frames[2].module == "mlx5_core" and first.frames[2].line == 8
    assert first.frames[2].address == 0xFFFFFFFFC046D06C
    assert [(s.name, s.line, s.after) for s in first.separators] == [("IRQ stack", 9, 3)]
    fault, user = first.exceptions
    assert first.exception is fault
    assert (fault.function, fault.offset, fault.line, fault.rip) == ("poll_rx", 8, 4, 0xFFFFFFFFC046D048)
    assert fault.register_lines == (5, 6, 7) and fault.registers["RBX"] == 0xFFFFFFFFC046F390
    assert user.user and not fault.user and user.function == ""
    assert second.command == 'a \\"b\\" c'
    doubtful = second.exceptions[0]
    assert doubtful.invalid and doubtful.doubtful and doubtful.rip == 0
    assert second.frames[1].unreliable


def test_bt_with_offsets_and_sources() -> None:
    text = """\
 #0 [ff5ed5d040003d68] machine_kexec+447 at ffffffff9b26c62f
    /build/linux/arch/x86/kernel/machine_kexec_64.c: 390
 #1 [ff5ed5d040003dc0] ice_send+0x356 at ffffffff9b3646b7 [ice]
    ff5ed5d040003d70: 0000000000000000 0000000000000000
"""
    (trace,) = read_bt(text.splitlines())
    first, second = trace.frames
    assert (first.offset, first.file, first.file_line) == (
        447,
        "/build/linux/arch/x86/kernel/machine_kexec_64.c",
        390,
    )
    assert (second.offset, second.module, second.file) == (0x356, "ice", "")
    assert trace.pid is None and trace.exceptions == ()


def test_bt_without_headers_begins_anew_with_its_numbers() -> None:
    text = " #8 [ff5ed5d040003d68] a at ffffffff9b26c62f\n #9 [ff5ed5d040003d68] b at ffffffff9b26c62f\n" * 2
    assert [len(trace.frames) for trace in read_bt(text.splitlines())] == [2, 2]


def test_bt_of_old_kernels_and_broken_lines() -> None:
    text = """\
 #3 [f2815e24] stext_lock (via drain_cpu_caches) at c025fa55
 #4 [c5601fec] (nfsd module) at c806e303
 #9 [ffffa14b5ff0bc90] jbd2_commit at
ffffffffc0e54a10 [jbd2]
"""
    (trace,) = read_bt(text.splitlines())
    assert [(f.function, f.module) for f in trace.frames] == [
        ("stext_lock", ""),
        ("", "nfsd"),
        ("jbd2_commit", "jbd2"),
    ]
    assert trace.frames[2].address == 0xFFFFFFFFC0E54A10


def test_bt_of_other_machines_names_the_exception_too() -> None:
    power = read_bt(
        [
            " #0 [c0000000394df800] die at c000000000028d00",
            " [NIP  : acme_do+40]",
            " #1 [c0000000394df9c0] acme_work at c00800001ce82040 [acme]",
        ]
    )
    arm = read_bt(
        [
            " #0 [ffff80002a873580] die at ffff800010016dec",
            "     PC: ffff800008f01234  [acme_do+40]",
            "     LR: ffff800008f01000  [acme_work+4]",
        ]
    )
    for trace in (*power, *arm):
        assert trace.exception is not None
        assert (trace.exception.function, trace.exception.offset) == ("acme_do", 40)
    assert arm[0].exception is not None
    assert arm[0].exception.rip == 0xFFFF800008F01234


def test_sym() -> None:
    rows = read_sym(
        [
            "ffffffffc046d040 (T) poll_rx [mlx5_core] ",
            "ffffffffc046d048 (t) poll_rx+8 [mlx5_core] /usr/src/debug/net/acme.c: 122",
            "ffffffff8b419040 (D) init_task",
            "ffffffffc0922000 MODULE START: acme",
        ]
    )
    assert [(row.name, row.offset, row.module, row.file_line) for row in rows] == [
        ("poll_rx", 0, "mlx5_core", None),
        ("poll_rx", 8, "mlx5_core", 122),
        ("init_task", 0, "", None),
    ]


def test_dis_with_sources() -> None:
    rows = read_dis(
        [
            "/usr/src/debug/net/acme.c: 447",
            "0xffffffffc046d040 <poll_rx>:\tnopl   0x0(%rax,%rax,1) [FTRACE NOP]",
            "0xffffffffc046d048 <poll_rx+8>:\tmov    0x30(%rbx),%rdi",
            "0xffffffffc046d050 <poll_rx+0x10>: lea    (%rax,%rcx,4),%rdx",
            "not an instruction",
        ]
    )
    assert [(row.offset, row.registers, row.file_line) for row in rows] == [
        (0, ("RAX", "RAX"), 447),
        (8, ("RBX",), 447),
        (16, ("RAX", "RCX"), 447),
    ]


def test_runq_counts_who_waits() -> None:
    rows = read_runq(
        """\
CPU 0 RUNQUEUE: ffff8800090436c0
  CURRENT: PID: 588    TASK: ffff88007e4877a0  COMMAND: "udevd"
  RT PRIO_ARRAY: ffff8800090437c8
     [ 89] PID: 588    TASK: ffff88007e4877a0  COMMAND: "udevd"
     [ 98] PID: 161    TASK: ff48df634a111ec0  COMMAND: "handler"
  CFS RB_ROOT: ffff880009043740
     [118] PID: 2110   TASK: ffff88007d470860  COMMAND: "a"
           PID: 2109   TASK: ffff88007f1247a0  COMMAND: "b"

CPU 1 RUNQUEUE: ffff88000905b6c0
  CURRENT: PID: 0      TASK: ffff88007e48ac140  COMMAND: "swapper/1"
  CFS RB_ROOT: ffff88000905b740
     [no tasks queued]
""".splitlines()
    )
    assert [(row.cpu, row.pid, row.waiting, row.line) for row in rows] == [(0, 588, 3, 2), (1, 0, 0, 11)]


def test_ps_counts() -> None:
    assert read_ps_counts(["  RU: 3", "  UN: 17", "crash> quit"]) == {"RU": (3, 1), "UN": (17, 2)}


def test_mod_of_both_layouts() -> None:
    new = """\
     MODULE       NAME             BASE         SIZE  OBJECT FILE
ffffffffc046f000  mlx5_core  ffffffffc046d000  16384  (not loaded)  [CONFIG_KALLSYMS]
ffffffffc056f000  ext4       ffffffffc0560000  99999  /lib/modules/x/ext4.ko.debug
"""
    modules = read_mod(new.splitlines())
    assert [(m.name, m.size, m.object_file, m.line) for m in modules] == [
        ("mlx5_core", 16384, "", 2),
        ("ext4", 99999, "/lib/modules/x/ext4.ko.debug", 3),
    ]
    assert module_at(modules, 0xFFFFFFFFC046D048) is modules[0]
    assert module_at(modules, 0xFFFFFFFF81000000) is None
    old = " MODULE   NAME                 SIZE  OBJECT FILE\nf8c46000  dm_mod               52345  (not loaded)\n"
    (module,) = read_mod(old.splitlines())
    assert module.base is None and not module.holds(0xF8C46000)
    assert read_mod(["ffffffffc046f000  mlx5_core  ffffffffc046d000  16384"]) == ()


def test_kmem_i() -> None:
    text = """\
                 PAGES        TOTAL      PERCENTAGE
    TOTAL MEM   187243     731.4 MB         ----
         FREE   150521       588 MB   80% of TOTAL MEM
   TOTAL SWAP        0            0         ----
    COMMITTED     1234       4.8 MB    1% of TOTAL LIMIT
"""
    rows = read_kmem_i(text.splitlines())
    assert [(r.name, r.pages, r.total, r.percent, r.of, r.line) for r in rows] == [
        ("TOTAL MEM", 187243, "731.4 MB", None, "", 2),
        ("FREE", 150521, "588 MB", 80, "TOTAL MEM", 3),
        ("TOTAL SWAP", 0, "0", None, "", 4),
        ("COMMITTED", 1234, "4.8 MB", 1, "TOTAL LIMIT", 5),
    ]


def test_kmem_s() -> None:
    text = """\
CACHE             OBJSIZE  ALLOCATED     TOTAL  SLABS  SSIZE  NAME
ff19000000000100      512         46        64      4     8k  kmalloc-512
ff19000000000200       96          ?         ?      ?     4k  lab ring
kmem: kmalloc-512: slab: ffffd77680001c00 invalid freepointer: a6086ac099f0c5a4
kmem: lab_ring: cannot gather relevant slab data
f7f8d200 dentry_cache             128      23400     25650    855     4k
"""
    caches, errors = read_kmem_s(text.splitlines())
    assert [(c.name, c.allocated, c.slabs, c.slab_size) for c in caches] == [
        ("kmalloc-512", 46, 4, "8k"),
        ("lab ring", None, None, "4k"),
        ("dentry_cache", 23400, 855, "4k"),
    ]
    assert [(e.cache, e.corruption, e.line) for e in errors] == [
        ("kmalloc-512", True, 4),
        ("lab_ring", False, 5),
    ]


def test_sys() -> None:
    text = """\
      KERNEL: /usr/lib/debug/vmlinux  [TAINTED]
    DUMPFILE: /var/crash/1/vmcore  [PARTIAL DUMP] [INCOMPLETE]
        CPUS: 4 [OFFLINE: 2]
        DATE: Mon Nov 23 09:49:26 UTC 2026
LOAD AVERAGE: 0.00, 0.01, 0.02
       TASKS: 2
    NODENAME: worker-07
     RELEASE: 6.1.0-56-cloud-amd64
     MACHINE: x86_64  (2596 Mhz)
       PANIC: "Oops: 0000 [#1] PREEMPT SMP NOPTI" (check log for details)
         PID: 102
     COMMAND: "a: b"
        TASK: ff18da1befe74180  [THREAD_INFO: ff18da1befe74180]
         CPU: 1
       STATE: TASK_RUNNING (PANIC)
PID: 7  TASK: ff18da1befe74181  CPU: 3  COMMAND: "other"
"""
    found = read_sys(text.splitlines())
    assert found.flags == ("TAINTED", "PARTIAL DUMP", "INCOMPLETE")
    assert found.tainted
    assert (found.cpus, found.offline, found.tasks, found.pid, found.cpu) == (4, 2, 2, 102, 1)
    assert (found.node, found.machine, found.command) == ("worker-07", "x86_64", "a: b")
    assert found.panic == "Oops: 0000 [#1] PREEMPT SMP NOPTI" and found.lines["PANIC"] == 10
    assert found.task == "ff18da1befe74180"
    assert read_sys(['PANIC: ""']).panic == ""


@pytest.mark.parametrize(
    ("line", "kind", "severity"),
    [
        ("crash: /x/vmlinux and /x/vmcore do not match!", "no-match", Severity.FATAL),
        ("crash: /x/vmlinux: no debugging data available", "no-debug-data", Severity.FATAL),
        ("crash: /x/vmcore: not a supported file format", "not-supported", Severity.FATAL),
        ("crash: /x/vmcore: Permission denied", "permission", Severity.FATAL),
        ("crash: /x/vmcore: No such file or directory", "no-file", Severity.FATAL),
        (
            "WARNING: kernel version inconsistency between vmlinux and dumpfile",
            "version-inconsistency",
            Severity.DISTRUST,
        ),
        ("WARNING: active task ff19 on cpu 0 not found in PID hash", "pid-hash", Severity.DISTRUST),
        (
            "WARNING: kernel relocated [202MB]: patching 100 gdb minimal_symbol values",
            "relocated",
            Severity.NOTE,
        ),
        ('bt: page excluded: kernel virtual address: ff19  type: "x"', "page-excluded", Severity.ERROR),
        ("crash: command not found: foo", "unknown-command", Severity.ERROR),
        ("WARNING: something new", "warning", Severity.NOTE),
    ],
)
def test_messages(line: str, kind: str, severity: Severity) -> None:
    (message,) = read_messages(["fine", line])
    assert (message.kind, message.severity, message.line) == (kind, severity, 2)


def test_the_kernels_own_warnings_are_not_crashs() -> None:
    assert (
        read_messages(["[    1.000000] WARNING: CPU: 1 PID: 1", " #1 [ff00] cannot at ffffffff81000000"])
        == ()
    )


WORDS = st.sampled_from(
    [*BT.splitlines(), "kmem: x", "MODULE NAME X", 'PANIC: "', "at", "#1 [", "[exception RIP: ", "RIP: 0"]
)


def read_all(lines: list[str]) -> None:
    for trace in read_bt(lines):
        assert 1 <= trace.line <= trace.end <= len(lines)
    read_mod(lines)
    read_kmem_i(lines)
    read_kmem_s(lines)
    read_sys(lines)
    read_messages(lines)
    read_ps_counts(lines)
    read_runq(lines)
    read_sym(lines)
    read_dis(lines)


@given(st.lists(WORDS | st.text(max_size=40), max_size=30))
def test_no_parser_raises_on_any_text(lines: list[str]) -> None:
    read_all(lines)


ENDLESS = st.sampled_from([" ", "cannot determine ", "a", "0", "ff00ff00ff00 ", "> ", "% of ", "#1 ["])


@given(st.lists(ENDLESS, min_size=1, max_size=4).map("".join))
def test_endless_lines_come_to_an_end(piece: str) -> None:
    read_all([piece * 20_000])
