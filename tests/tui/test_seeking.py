"""Search finds what a plain loop finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets import seeking
from tui.widgets.seeking import next_hit


@given(
    st.lists(st.text("ab\tß", max_size=4), min_size=1, max_size=30),
    st.sampled_from(["a", "ab", " b", "ss"]),
    st.integers(-1, 31),
    st.sampled_from([1, -1]),
)
def test_the_next_hit(lines: list[str], needle: str, after: int, by: int) -> None:
    chunk, seeking._CHUNK = seeking._CHUNK, 4
    try:
        found = next_hit(lines, needle, after, by)
    finally:
        seeking._CHUNK = chunk
    count, at = len(lines), min(after, len(lines))
    order = [(at + by * n) % count for n in range(1, count + 1)]
    expected = next((n for n in order if needle in lines[n].expandtabs(8).casefold()), -1)
    assert found == expected
