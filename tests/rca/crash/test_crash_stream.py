"""Bytes to lines: the same in any chunking, and inert."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from parsers.text import split_lines, to_text
from rca.crash import stream
from rca.crash.stream import LineStream, redraw

PROMPT = b"crash> "
PIECES = st.sampled_from(
    [b"crash> ", b"\n", b"\r\n", b"\r", b"bt\n", b"\xc3", b"\xa9", b"\x1b[31m", b"  ", b"word", b"\ncrash> "]
)
OUTPUT = st.lists(PIECES | st.binary(max_size=8), max_size=40).map(b"".join)


def feed(chunks: list[bytes]) -> tuple[list[str], bytes, bool]:
    lines = LineStream()
    finished = [line for chunk in chunks for line in lines.feed(chunk)]
    return finished, lines.tail(), lines.ends_with(PROMPT)


@given(OUTPUT, st.lists(st.integers(0, 400), max_size=12))
@example(b"caf\xc3\xa9\r\n", [4, 6])
def test_chunks_do_not_matter(data: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    chunks = [data[a:b] for a, b in pairwise(edges)]
    whole = feed([data])
    assert feed(chunks) == whole == feed([data[n : n + 1] for n in range(len(data))])


@given(OUTPUT)
def test_no_control_character_survives(data: bytes) -> None:
    lines = LineStream()
    text = "".join([*lines.feed(data), lines.take()])
    assert re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None


@given(st.text(st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"])))
def test_the_same_words_as_any_other_text(text: str) -> None:
    data = text.encode() + b"\n"
    assert tuple(LineStream().feed(data)) == split_lines(to_text(data))


@given(OUTPUT)
def test_the_prompt_is_seen_at_the_very_end_only(data: bytes) -> None:
    lines = LineStream()
    lines.feed(data)
    assert lines.ends_with(PROMPT) == data.rpartition(b"\n")[2].endswith(PROMPT)


def test_redraw_shows_what_a_terminal_shows() -> None:
    assert redraw("\rplease wait... (x)\r                  \r") == ""
    assert redraw("abcdef\rXY") == "XYcdef"
    assert redraw("one\rlonger one\rtwo") == "twoger one"
    assert redraw("crash> half\x08\x08\r\x1b[K\rcrash> bt") == "crash> bt"


@given(st.lists(st.integers(0, 90), max_size=10))
def test_overlong_lines_are_cut_at_the_same_places(cuts: list[int]) -> None:
    before, stream.LONGEST_LINE = stream.LONGEST_LINE, 16
    try:
        data = b"a" * 40 + b"\n" + b"b" * 16 + b"\r\n" + b"c" * 17
        edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
        chunks = [data[a:b] for a, b in pairwise(edges)]
        assert feed(chunks) == feed([data])
        assert feed([data])[0][:4] == ["a" * 16, "a" * 16, "a" * 8, "b" * 16]
    finally:
        stream.LONGEST_LINE = before


def test_progress_and_taking_the_tail() -> None:
    lines = LineStream()
    lines.feed(b"x\n\rplease wait... (gathering task table data)\r        ")
    assert lines.progress() == "gathering task table data"
    lines.take()
    lines.feed(b"tail of output crash> ")
    assert lines.take(without=len(PROMPT)) == "tail of output "
    assert lines.tail() == b""
