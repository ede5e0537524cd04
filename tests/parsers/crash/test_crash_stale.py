"""Frames that are no callers."""

from __future__ import annotations

import pytest

from parsers.crash.stale import first_frames, is_stale

INIT = """\
PID: 1        TASK: ff193c6100a8a0c0  CPU: 1    COMMAND: "init"
 #0 [ff5e17ee40013bb8] machine_kexec at ffffffffabe6c62f
 #1 [ff5e17ee40013c30] do_exit at ffffffffabe8f4b7
 #2 [ff5e17ee40013c68] do_syscall_64 at ffffffffac803f4d
 #3 [ff5e17ee40013c80] syscall_exit_to_user_mode at ffffffffac80719e
 #4 [ff5e17ee40013c90] do_syscall_64 at ffffffffac803f59
 #5 [ff5e17ee40013f50] entry_SYSCALL_64_after_hwframe at ffffffffaca00126
    RIP: 00007f4bf6f7fa21  RSP: 00007ffe3ba31e98  RFLAGS: 00000246
PID: 2        TASK: ff193c6100a8a0c1  CPU: 0    COMMAND: "kthreadd"
 #0 [ff5e17ee4001bbb8] __schedule at ffffffffabe6c62f
 #1 [ff5e17ee4001bf50] ret_from_fork at ffffffffabe032f2
crash> bt 3
 #9 [ff5e17ee4001bbb8] schedule at ffffffffabe6c62f""".splitlines()


def test_what_lies_below_the_system_call_is_stale() -> None:
    assert [n for n in range(len(INIT)) if is_stale(INIT, n)] == [4, 5]


@pytest.mark.parametrize(
    ("functions", "count"),
    [
        (["a", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"], 3),
        (["a", "do_syscall_64", "kmem_cache_free", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"], 2),
        (["a", "kthread", "ret_from_fork", "ret_from_fork_asm"], 4),
        (["a", "b"], 2),
        (["do_el0_svc", "invoke_syscall", "do_el0_svc", "el0_svc", "el0t_64_sync"], 5),
        ([], 0),
    ],
)
def test_frames_above_the_stale_ones(functions: list[str], count: int) -> None:
    assert first_frames(functions) == count
