"""Who runs and who waits."""

from __future__ import annotations

from parsers.crash.ps import read_ps_counts, read_runq


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
