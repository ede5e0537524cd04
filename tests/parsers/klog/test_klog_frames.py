"""Frames and instruction pointers of four kernel generations and five machines."""

from __future__ import annotations

import pytest

from parsers.klog.frames import NULL, nowhere, read_frame, read_rip, stack_change


@pytest.mark.parametrize(
    ("text", "function", "module", "reliable"),
    [
        ("net_rx_action+0x14d/0x3c0", "net_rx_action", "", True),
        ("mlx5e_napi_poll+0xcc/0x700 [mlx5_core]", "mlx5e_napi_poll", "mlx5_core", True),
        ("mlx5e_napi_poll+0xcc/0x700 [mlx5_core 1f2e3d4c5b6a]", "mlx5e_napi_poll", "mlx5_core", True),
        ("? finish_wait+0x80/0x80", "finish_wait", "", False),
        ("[<ffffffff81234560>] do_fork+0x40/0x200", "do_fork", "", True),
        ("[<ffffffff81234560>] ? do_fork+0x40/0x200", "do_fork", "", False),
        ("[c000000012340000] [c000000000abc000] dump_stack+0xe0/0x160 (unreliable)", "dump_stack", "", False),
        ("([<0000000000123456>] show_trace+0x50/0x70)", "show_trace", "", False),
        ("#7: __list_del_entry_valid.cold.1+0x20/0x48", "__list_del_entry_valid.cold.1", "", True),
    ],
)
def test_frame(text: str, function: str, module: str, reliable: bool) -> None:
    frame = read_frame(text, 3, "IRQ")
    assert frame is not None
    assert (frame.function, frame.module, frame.reliable) == (function, module, reliable)
    assert (frame.line, frame.stack) == (3, "IRQ")


def test_offsets_are_bytes() -> None:
    frame = read_frame("f+0x1a/0x30", 1, "")
    assert frame is not None
    assert (frame.offset, frame.size) == (0x1A, 0x30)


def test_arm_frame() -> None:
    frame = read_frame("[<c0101010>] (unwind_backtrace) from [<c0202020>] (show_stack+0x10/0x14)", 1, "")
    assert frame is not None
    assert frame.function == "unwind_backtrace"


@pytest.mark.parametrize(
    "text", ["Code: 01 02 03 04", "RAX: 0000000000000000", "a line from elsewhere to here", "", "+0x"]
)
def test_no_frame(text: str) -> None:
    assert read_frame(text, 1, "") is None


@pytest.mark.parametrize(
    ("text", "function", "module"),
    [
        ("RIP: 0010:mlx5e_poll_rx_cq+0x8/0x20 [mlx5_core]", "mlx5e_poll_rx_cq", "mlx5_core"),
        ("RIP: 0010:[<ffffffff81234560>]  [<ffffffff81234560>] strncmp+0x10/0x50", "strncmp", ""),
        ("RIP  [<ffffffffc0123456>] foo+0x30/0x40 [bar]", "foo", "bar"),
        ("pc : dma_map+0x24/0x50 [ice]", "dma_map", "ice"),
        ("PC is at acme_tty_open+0x10/0x500", "acme_tty_open", ""),
        ("NIP [c0000000001234ac] rtas_call+0x1c/0x2e0", "rtas_call", ""),
    ],
)
def test_rip(text: str, function: str, module: str) -> None:
    frame = read_rip(text, 1, "")
    assert frame is not None
    assert (frame.function, frame.module) == (function, module)


@pytest.mark.parametrize(
    "text", ["RIP: 0010:0x0", "RIP: 0010:[<0000000000000000>]  [<          (null)>] (null)"]
)
def test_call_of_null(text: str) -> None:
    frame = read_rip(text, 1, "")
    assert frame is not None
    assert frame.function == NULL
    assert nowhere(frame)


def test_wild_jump_is_nowhere() -> None:
    frame = read_rip("RIP: 0010:0xffffffffc0487000", 1, "")
    assert frame is not None
    assert nowhere(frame)
    assert frame.function == "0xffffffffc0487000"


def test_user_space_is_not_the_kernel_s() -> None:
    assert read_rip("RIP: 0033:0x47b6fd", 1, "") is None


@pytest.mark.parametrize(
    ("mark", "stack"), [("<IRQ>", "IRQ"), ("</IRQ>", ""), ("<NMI>", "NMI"), ("<<EOE>>", None), ("text", None)]
)
def test_stack_marks(mark: str, stack: str | None) -> None:
    assert stack_change(mark, "x") == stack
