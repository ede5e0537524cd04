"""Backtraces: several tasks, all options, old kernels, other machines."""

from __future__ import annotations

from parsers.crash.bt import read_bt
from tests.parsers.crash.crash_samples import BT


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
