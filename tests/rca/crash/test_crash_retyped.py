"""A command line as it stood in the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text import visible
from rca.crash.retyped import retyped


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("crash> bt -a", "crash> bt -a"),
        ("crash> btx\b \b -a", "crash> bt -a"),
        ("crash> log\b\b\b\x1b[Kmod -t", "crash> mod -t"),
        ("crash> bt\b\b\x1b[2@sb", "crash> sbbt"),
        ("crash> foo bar\b\b\b\b\b\b\b\x1b[4Pbar", "crash> bar"),
        ("crash> sym x\r\x1b[7Cd", "crash> dym x"),
        ("crash> \x07kmem", "crash> kmem"),
    ],
)
def test_edits_are_carried_out(sent: str, shown: str) -> None:
    assert retyped(visible(sent)) == shown


@given(st.text(st.sampled_from("ab \b\r\x1b[0123456789KCDP@\x07"), max_size=60))
def test_any_edits_are_survived(sent: str) -> None:
    assert "\n" not in retyped(visible(sent))
