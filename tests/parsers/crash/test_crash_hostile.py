"""No text makes a parser of crash output raise, and endless lines come to an end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.crash.bt import read_bt
from parsers.crash.code import read_dis, read_sym
from parsers.crash.kmem import read_kmem_i, read_kmem_s
from parsers.crash.messages import read_messages
from parsers.crash.mod import read_mod
from parsers.crash.ps import read_ps_counts, read_runq
from parsers.crash.sysinfo import read_sys
from tests.parsers.crash.crash_samples import BT

WORDS = st.sampled_from(
    [*BT.splitlines(), "kmem: x", "MODULE NAME X", 'PANIC: "', "at", "#1 [", "[exception RIP: ", "RIP: 0"]
)


def read_all(lines: list[str]) -> None:
    for trace in read_bt(lines):
        assert 1 <= trace.line <= trace.end <= len(lines)
    read_mod(lines)
    read_kmem_i(lines)
    read_kmem_s(lines)
    read_sys(lines)
    read_messages(lines)
    read_ps_counts(lines)
    read_runq(lines)
    read_sym(lines)
    read_dis(lines)


@given(st.lists(WORDS | st.text(max_size=40), max_size=30))
def test_no_parser_raises_on_any_text(lines: list[str]) -> None:
    read_all(lines)


ENDLESS = st.sampled_from([" ", "cannot determine ", "a", "0", "ff00ff00ff00 ", "> ", "% of ", "#1 ["])


@given(st.lists(ENDLESS, min_size=1, max_size=4).map("".join))
def test_endless_lines_come_to_an_end(piece: str) -> None:
    read_all([piece * 20_000])
