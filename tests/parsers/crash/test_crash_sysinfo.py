"""What crash says of the dump and of the machine."""

from __future__ import annotations

from parsers.crash.sysinfo import read_sys


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
