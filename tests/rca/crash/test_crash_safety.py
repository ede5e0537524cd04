"""What safe mode lets through and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.crash.base import MANDATORY
from rca.crash.safety import malformed, refusal

ALLOWED = (
    *MANDATORY,
    "bt -FF 1234",
    "bt -sx",
    "mod -t",
    "mod -s mlx5_core /usr/lib/debug/x.ko.debug",
    "dis -rl ffffffffc046d048",
    "sym jiffies",
    "struct task_struct.comm,pid ff281ea44125a0c0",
    "task_struct ff281ea44125a0c0",
    "*task_struct.pid ff281ea44125a0c0",
    "p init_task.comm",
    "p (1 > 2)",
    "p init_task->comm",
    "px jiffies",
    "rd -8 ffffffff81000000 64",
    "foreach UN bt",
    "ps -m",
    "runq -m",
    "kmem -s kmalloc-64",
    "gdb info line schedule",
    "gdb x/20i schedule",
    "gdb set print pretty on",
    "gdb set debuginfod enabled off",
    "set -p",
    "set 1234",
    "set scroll off",
    "sf",
    "hex",
    "alias",
    "help bt",
    "repeat -2 runq",
    'log -T "a | b"',
    "quit",
    "",
)
REFUSED = (
    "!",
    "!sh",
    "! id",
    "|",
    "log | grep BUG",
    "log > /tmp/x",
    "log >> /tmp/x",
    "log>/tmp/x",
    "< /tmp/commands",
    "p (1) | sh",
    "p ((1) > 2) | sh",
    "ls",
    "cat /etc/shadow",
    "vi",
    "extend trace.so",
    "wr ffffffff81000000 0",
    "sn",
    "set scroll on",
    "set gdb on",
    "set console /dev/ttyS0",
    "set error /tmp/x",
    "rd -r /tmp/x ffffffff81000000 64",
    "sys -panic",
    "alias x extend",
    "repeat -1 !sh",
    "repeat ls",
    "gdb shell id",
    "gdb she id",
    "gdb python print(1)",
    "gdb source /tmp/x",
    "gdb pipe p 1",
    "gdb set logging on",
    "gdb",
    "g shell id",
    "shell id",
    "python",
    "py print(1)",
    "source /tmp/x",
    "gcore",
    "dump memory /tmp/x 0 1",
    'p $_shell("id")',
    "./script",
    "/bin/sh",
    "a\nb",
    "a\x03",
    "bt \u202e",
    "p " + "1" * 1500,
)


@pytest.mark.parametrize("command", ALLOWED)
def test_looking_is_allowed(command: str) -> None:
    assert refusal(command) == ""


@pytest.mark.parametrize("command", REFUSED)
def test_reaching_out_is_refused_in_a_sentence(command: str) -> None:
    assert refusal(command).endswith(".")


@given(st.text())
def test_never_raises_and_never_lets_control_characters_pass(command: str) -> None:
    reason = refusal(command)
    assert reason or (command.strip().isascii() and command.strip().isprintable())


@given(st.sampled_from(["|", "!", ">"]), st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_a_bare_redirection_never_passes(sign: str, rest: str) -> None:
    assert refusal(f"log {sign} {rest}")


def test_malformed_holds_without_safe_mode_too() -> None:
    assert malformed("log | grep BUG") == ""
    assert malformed("log\n") and malformed("x" * 1501)
