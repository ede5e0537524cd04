"""The boundary at which bytes become lines: what comes out can be shown, stored and exported, whatever went in."""

from __future__ import annotations

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text import split_lines, to_lines, to_text, visible


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b2J", r"\x9b2J"),
        ("\x07\x7f\r", r"\x07\x7f\x0d"),
        ("a\u202eb\u2066", r"a\u202eb\u2066"),
        ("\ufeff", r"\ufeff"),
        (os.fsdecode(b"caf\xe9"), r"caf\udce9"),
    ],
)
def test_what_could_steer_a_terminal_or_a_reader_is_spelled_out(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


def test_tabs_newlines_and_letters_of_all_scripts_stay() -> None:
    assert visible("a\tb\nø 漢 🐧") == "a\tb\nø 漢 🐧"


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_inert_and_can_be_written(text: str) -> None:
    found = visible(text)
    found.encode("utf-8")
    assert not [c for c in found if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n"]
    assert visible(found) == found


@given(st.binary())
def test_any_bytes_become_lines_without_their_ends(data: bytes) -> None:
    assert not [line for line in to_lines(data) if "\n" in line]
    assert to_lines(data) == split_lines(to_text(data))


def test_lines_end_at_newlines_only() -> None:
    assert to_lines(b"a\r\nb\x0cc\n\n") == ("a", r"b\x0cc", "")
    assert to_lines(b"") == () and to_lines(b"no end") == ("no end",)
