"""What is offered for the word under the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.crash.offers import About, offers, word_at, words
from rca.crash.safety import refusal

HEADER = 'PID: 102      TASK: ff193c610277a0c0  CPU: 0    COMMAND: "qla2xxx_0_dpc"'
FRAME = "#11 [ff5ed5d0403dfef8] qla2x00_abort_all_cmds at ffffffffc047d03a [qla2xxx]"


def seen(line: str) -> list[tuple[About, str]]:
    return [(word.about, word.value) for word in words(line)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (HEADER, [(About.PID, "102"), (About.TASK, "ff193c610277a0c0")]),
        (
            FRAME,
            [
                (About.STACK, "ff5ed5d0403dfef8"),
                (About.FUNCTION, "qla2x00_abort_all_cmds ffffffffc047d03a"),
                (About.TEXT, "ffffffffc047d03a"),
                (About.MODULE, "qla2xxx"),
            ],
        ),
        ("    [exception RIP: lab_poll_rx_cq+5]", [(About.FUNCTION, "lab_poll_rx_cq+5")]),
        (
            "    RAX: dead000000000100  RBX: ff193c6102716980  RCX: 000000000000000c",
            [(About.DATA, "ff193c6102716980")],
        ),
        (
            "[   12.3] RIP: 0010:mlx5e_poll_rx_cq+0x8/0x20 [mlx5_core]",
            [(About.FUNCTION, "mlx5e_poll_rx_cq+0x8"), (About.MODULE, "mlx5_core")],
        ),
        (
            "[  9.1] watchdog: BUG: soft lockup - CPU#0 stuck for 11s! [qla2xxx_0_dpc:102]",
            [(About.PID, "102")],
        ),
        (
            ">     102      -1   0  ff193c610277a0c0  RU   0.0        0        0  [qla2xxx_0_dpc]",
            [(About.PID, "102"), (About.TASK, "ff193c610277a0c0")],
        ),
        (
            "ffffffffc033d005 (t) lab_poll_rx_cq+5 [panic_lab]",
            [
                (About.TEXT, "ffffffffc033d005"),
                (About.FUNCTION, "lab_poll_rx_cq+5"),
                (About.MODULE, "panic_lab"),
            ],
        ),
        (
            "ffffffffc047f000  qla2xxx  ffffffffc047d000  16384  (not loaded)  [CONFIG_KALLSYMS]",
            [(About.TEXT, "ffffffffc047f000"), (About.MODULE, "qla2xxx"), (About.TEXT, "ffffffffc047d000")],
        ),
        ("crash> bt -a", []),
    ],
)
def test_words_that_can_be_asked_about(line: str, found: list[tuple[About, str]]) -> None:
    assert seen(line) == found
    for word in words(line):
        assert line[word.start : word.end].removeprefix("0x") == word.value.partition(" ")[0]


def test_the_word_at_a_column() -> None:
    at = FRAME.index("abort")
    word = word_at(FRAME, at)
    assert word is not None and word.about is About.FUNCTION
    commands = [offer.command for offer in offers(word)]
    assert commands[:2] == ["dis -rl ffffffffc047d03a", "dis -l qla2x00_abort_all_cmds"]
    last = word_at(FRAME, len(FRAME) + 10)
    assert last is not None and last.about is About.MODULE
    assert word_at("nothing here", 3) is None


@given(st.text(max_size=200) | st.sampled_from([HEADER, FRAME]))
def test_whatever_is_offered_passes_safe_mode(line: str) -> None:
    for word in words(line):
        assert 0 <= word.start < word.end <= len(line)
        for offer in offers(word):
            assert refusal(offer.command) == "" and offer.tells
