"""A paste is data, whatever it holds and however its bytes arrive."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste

from tui.pasting import PasteDecoder

START, END = b"\x1b[200~", b"\x1b[201~"
PIECES = st.one_of(
    st.sampled_from(
        [START, END, b"\x1b", b"\x1b[", b"\x1b[20", b"1~", b"\x1b[31m", b"!yi!id\n", b"\xc3", b"\xa9"]
    ),
    st.binary(max_size=8),
)
BYTES = st.lists(PIECES, max_size=12).map(b"".join)


def decoded(*chunks: bytes) -> str:
    decoder = PasteDecoder("utf-8")
    return "".join(map(decoder.decode, chunks)) + decoder.decode(b"", final=True)


@given(BYTES, st.lists(st.integers(0, 40), max_size=6))
@example(START + b"a" + END, [1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_where_the_bytes_are_cut_makes_no_difference(sent: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    chunks = [sent[begin:end] for begin, end in pairwise(edges)]
    assert decoded(*chunks) == decoded(sent)


@given(BYTES)
def test_outside_a_paste_nothing_changes(sent: bytes) -> None:
    typed = sent.replace(START, b"")
    if START not in typed:
        assert decoded(typed) == typed.decode("utf-8", "replace")


@given(BYTES)
def test_a_paste_is_one_event_and_presses_no_key(pasted: bytes) -> None:
    inside = pasted.replace(END, b"") + b"."
    if END in inside:
        return
    parser = XTermParser()
    found = [*parser.feed(decoded(b"a" + START + inside + END + b"z"))]
    keys = [event.key for event in found if isinstance(event, Key)]
    pastes = [event.text for event in found if isinstance(event, Paste)]
    text = inside.decode("utf-8", "replace").replace("\x1b", "\\x1b").replace("\x00", "")
    assert keys == ["a", "z"] and pastes == [text] and len(found) == 3
