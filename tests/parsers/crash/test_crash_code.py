"""Addresses and instructions."""

from __future__ import annotations

from parsers.crash.code import read_dis, read_sym


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
