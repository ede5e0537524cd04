"""What is lit up in lines of kernel logs and of crash output."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.spans import Marks, Role, spans

MARKS = Marks("poll_rx", "mlx5_core", frozenset({"vendor"}))

LINES: list[tuple[str, list[tuple[Role, str]]]] = [
    ("crash> bt", [(Role.PROMPT, "crash> bt")]),
    (
        "[    3.618577] BUG: kernel NULL pointer dereference, address: 0000000000000030",
        [(Role.PANIC, "BUG: kernel NULL pointer dereference, address: 0000000000000030")],
    ),
    (
        "Dec 22 09:02:05 node kernel: watchdog: BUG: soft lockup - CPU#1 stuck",
        [(Role.PANIC, "watchdog: BUG: soft lockup - CPU#1 stuck")],
    ),
    ("<0>[1.000000] Kernel panic - not syncing: x", [(Role.PANIC, "Kernel panic - not syncing: x")]),
    (
        "[    3.6] CPU: 1 PID: 0 Comm: swapper/1 Tainted: G           OE      6.1.0 #1",
        [
            (Role.HEADER, "CPU: 1 PID: 0 Comm: swapper/1 "),
            (Role.TAINT, "Tainted: G           OE"),
            (Role.HEADER, "      6.1.0 #1"),
        ],
    ),
    (
        "[    3.6] CPU: 1 PID: 0 Comm: x Not tainted 6.1.0",
        [(Role.HEADER, "CPU: 1 PID: 0 Comm: x Not tainted 6.1.0")],
    ),
    (
        "[    3.618577] RIP: 0010:poll_rx+0x8/0x10 [mlx5_core]",
        [
            (Role.RIP, "RIP: 0010:"),
            (Role.GUILTY, "poll_rx"),
            (Role.RIP, "+0x8/0x10"),
            (Role.GUILTY, "mlx5_core"),
        ],
    ),
    ("[    3.618577] RIP: 0010:0x0", [(Role.RIP, "RIP: 0010:0x0")]),
    (
        "[    3.618577] RIP: 0010:native_safe_halt+0xe/0x20",
        [(Role.RIP, "RIP: 0010:native_safe_halt+0xe/0x20")],
    ),
    ("[    3.618577]  <IRQ>", [(Role.STACK, "<IRQ>")]),
    ("--- <NMI exception stack> ---", [(Role.STACK, "--- <NMI exception stack> ---")]),
    ("[    3.618577] Call Trace:", [(Role.HEADER, "Call Trace:")]),
    ("[    3.618577]  poll_rx.cold+0x1/0x3", [(Role.GUILTY, "poll_rx.cold")]),
    ("[    3.618577]  napi+0x1c/0x30 [vendor]", [(Role.SYMBOL, "napi"), (Role.MODULE_OOT, "vendor")]),
    ("[    3.618577]  napi+0x1c/0x30 [other(OE)]", [(Role.SYMBOL, "napi"), (Role.MODULE_OOT, "other")]),
    (
        "[    3.618577]  ? poll_rx+0x1c/0x30 [mlx5_core]",
        [(Role.UNRELIABLE, "? poll_rx+0x1c/0x30 [mlx5_core]")],
    ),
    (" [<ffffffff81003042>] ? old+0x12/0x22", [(Role.UNRELIABLE, "? old+0x12/0x22")]),
    (
        "[ 3.6] Modules linked in: mlx5_core nvme(OE) xfs [last unloaded: foo]",
        [
            (Role.HEADER, "Modules linked in:"),
            (Role.MODULE, "mlx5_core"),
            (Role.MODULE_OOT, "nvme"),
            (Role.MODULE, "xfs"),
            (Role.MODULE, "foo"),
        ],
    ),
    (
        " #7 [ff7050e0400d0e00] poll_rx at ffffffffc046d06c [mlx5_core]",
        [
            (Role.ADDRESS, "ff7050e0400d0e00"),
            (Role.GUILTY, "poll_rx"),
            (Role.ADDRESS, "ffffffffc046d06c"),
            (Role.GUILTY, "mlx5_core"),
        ],
    ),
    (
        " #4 [c0000000394df9c0] __key.7 at c00800001ce82040 [overlay]  (unreliable)",
        [
            (Role.ADDRESS, "c0000000394df9c0"),
            (Role.UNRELIABLE, "__key.7"),
            (Role.ADDRESS, "c00800001ce82040"),
            (Role.MODULE, "overlay"),
        ],
    ),
    (
        "    [exception RIP: poll_rx+8]",
        [(Role.EXCEPTION, "[exception RIP: "), (Role.GUILTY, "poll_rx"), (Role.EXCEPTION, "+8]")],
    ),
    ("    [exception RIP: other+8]", [(Role.EXCEPTION, "[exception RIP: other+8]")]),
    (
        "    RIP: ffffffffc046d048  RSP: ff7050e0400d0eb8  RFLAGS: 00000202",
        [(Role.RIP, "RIP: ffffffffc046d048"), (Role.ADDRESS, "ff7050e0400d0eb8")],
    ),
    (
        'PID: 0  TASK: ff28  CPU: 1    COMMAND: "x"',
        [(Role.HEADER, 'PID: 0  TASK: ff28  CPU: 1    COMMAND: "x"')],
    ),
    (
        "ffffffffc046f000  mlx5_core  ffffffffc046d000  16384  (not loaded)",
        [(Role.ADDRESS, "ffffffffc046f000"), (Role.GUILTY, "mlx5_core"), (Role.ADDRESS, "ffffffffc046d000")],
    ),
    (
        "ffffffffc046d048 (t) poll_rx+8 [mlx5_core]",
        [(Role.ADDRESS, "ffffffffc046d048"), (Role.GUILTY, "poll_rx"), (Role.GUILTY, "mlx5_core")],
    ),
    ("      KERNEL: /x/vmlinux  [TAINTED]", [(Role.HEADER, "KERNEL:"), (Role.TAINT, "[TAINTED]")]),
    ('       PANIC: "Oops: 0000"', [(Role.HEADER, "PANIC:"), (Role.PANIC, '"Oops: 0000"')]),
    ("WARNING: active task x not found", [(Role.WARNING, "WARNING: active task x not found")]),
    ("bt: page excluded: kernel", [(Role.ERROR, "bt: page excluded: kernel")]),
    ("crash: command not found: foo", [(Role.ERROR, "crash: command not found: foo")]),
    ("words about nothing, 42 of them", []),
    ("", []),
    ("   ", []),
]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line[:40] for line, _ in LINES])
def test_lines(line: str, expected: list[tuple[Role, str]]) -> None:
    assert [(span.role, line[span.start : span.end]) for span in spans(line, MARKS)] == expected


HEADS = (
    "RIP: ",
    "0010:",
    "#6 [",
    "PID: ",
    "? ",
    "Modules linked in:",
    "Tainted: ",
    "crash> ",
    "BUG: ",
    "[    1.000000] ",
)
PARTS = (
    "poll_rx",
    "+0x8/0x10",
    " [mlx5_core]",
    "ff00ff00ff00ff00",
    "] ",
    " at ",
    "G OE",
    "[exception RIP: ",
    "\t",
    "é",
)
PIECES = st.sampled_from(HEADS + PARTS)


@given(st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join))
def test_any_line_gives_sorted_separate_spans(line: str) -> None:
    found = spans(line, MARKS)
    assert all(0 <= span.start < span.end <= len(line) for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    spans(line)
