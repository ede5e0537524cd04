"""The messages of crash, and which lines are none."""

from __future__ import annotations

import pytest

from parsers.crash.messages import Severity, read_messages


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
