"""Rows and lines find each other, whatever is folded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.folds import Folds

BLOCKS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=12)
"""Lines of output of each command, and whether they are folded."""


@given(BLOCKS, st.randoms())
def test_rows_and_lines_are_those_of_the_text_that_is_left(
    blocks: list[tuple[int, bool]], order: object
) -> None:
    folds, seen, stretches, line = Folds(), [], [], 0
    for size, folded in blocks:
        seen.append(line)
        start, line = line + 1, line + 1 + size
        if folded:
            stretches.append((start, line))
        else:
            seen += range(start, line)
    order.shuffle(stretches)  # type: ignore[attr-defined]
    for start, end in stretches:
        folds.fold(start, end)
        folds.fold(start, end)
    assert folds.rows(line) == len(seen)
    assert [folds.line(row) for row in range(len(seen))] == seen
    assert [folds.row(number) for number in seen] == list(range(len(seen)))
    for start, end in stretches:
        assert folds.folded(start) == (start < end)
        assert all(folds.hiding(number) == start for number in range(start, end))
        assert all(folds.row(number) == folds.row(start - 1) for number in range(start, end))
        folds.open(start)
    assert folds.rows(line) == line and all(folds.hiding(number) is None for number in seen)
