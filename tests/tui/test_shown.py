"""What is told shows the same on a terminal as what Textual draws, also where a key was answered ahead of it."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.shown import LETTER, Shown

ROWS, COLUMNS = 5, 24
COLOURS = st.sampled_from(["", "1;38;2;200;204;208", "48;2;22;25;29", "7", "4;31"])
TEXTS = st.builds(str.__add__, st.sampled_from("ab─字"), st.text("ab─字é\u0301", max_size=5))


@st.composite
def pieces(draw: st.DrawFn) -> str:
    """Text in its colours that fills a region, as Textual's does: the left half of a row, the right one, or both."""
    column, width = draw(st.sampled_from([(1, 12), (13, 12), (1, 24)]))
    text, codes = draw(TEXTS), draw(COLOURS)
    filled = text + " " * (width - cell_len(text))
    place = f"\x1b[{draw(st.integers(1, ROWS))};{column}H"
    return f"{place}\x1b[{codes}m{filled}\x1b[0m" if codes else place + filled


CURSORS = st.builds(
    lambda row, column: f"\x1b[{row};{column}H", st.integers(1, ROWS), st.integers(1, COLUMNS)
)
FRAMES = st.builds(lambda parts, cursor: "".join(parts) + cursor, st.lists(pieces(), max_size=4), CURSORS)
WHOLE = "".join(f"\x1b[{row};1H{'.' * COLUMNS}" for row in range(1, ROWS + 1)) + "\x1b[1;1H"


class Terminal:
    """A terminal of its own for what is told."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self._screen)

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    def row(self, number: int) -> str:
        """What stands in its cells."""
        return "".join(self._screen.buffer[number][x].data or "_" for x in range(COLUMNS))

    def cells(self) -> object:
        """Every cell with its colours, and where the cursor is."""
        buffer, cursor = self._screen.buffer, self._screen.cursor
        return [[buffer[y][x] for x in range(COLUMNS)] for y in range(ROWS)], (cursor.y, cursor.x)


@given(st.lists(FRAMES, max_size=5), st.booleans())
def test_only_what_differs_is_told_and_shows_the_same(frames: list[str], known: bool) -> None:
    shown, told, drawn = Shown(), Terminal(), Terminal()
    for frame in ([WHOLE] if known else []) + frames:
        told.feed(shown.take(frame))
        drawn.feed(frame)
    assert told.cells() == drawn.cells()
    assert all(shown.take(frame) == "" for frame in frames[-1:])


@given(st.lists(FRAMES, max_size=3), FRAMES, st.lists(FRAMES, max_size=3), st.lists(FRAMES, max_size=3))
def test_what_was_foreseen_wrongly_is_put_right(
    before: list[str], ahead: str, meanwhile: list[str], after: list[str]
) -> None:
    shown, told, drawn = Shown(), Terminal(), Terminal()
    for frame in (WHOLE, *before):
        told.feed(shown.take(frame))
        drawn.feed(frame)
    ready = shown.prepare(ahead)
    assert ready and shown.foresee(ready)
    told.feed(ready.told)
    seen = Terminal()
    for frame in (WHOLE, *before, ahead):
        seen.feed(frame)
    assert told.cells() == seen.cells()
    for frame in meanwhile:
        assert shown.take(frame) == ""
        drawn.feed(frame)
    behind, known = shown.settle()
    assert known
    told.feed(behind)
    for frame in after:
        told.feed(shown.take(frame))
        drawn.feed(frame)
    assert told.cells() == drawn.cells()


def test_a_letter_is_told_where_it_will_stand() -> None:
    shown = Shown()
    shown.take("\x1b[1;1Hcrash> ab    \x1b[1;10H")
    ready = shown.prepare(f"\x1b[1;8Hab{LETTER}\x1b[1;11H")
    assert ready and ready.told == f"\x1b[1;10H{LETTER}\x1b[1;11H" and shown.foresee(ready, "c")
    assert shown.take("\x1b[1;8Habc  \x1b[1;11H") == "" and shown.settle() == ("", True)


def test_what_is_not_known_or_has_changed_is_not_foreseen() -> None:
    shown = Shown()
    assert shown.prepare("\x1b[1;1Hx") is None
    shown.take("\x1b[1;1Hab\x1b[2;1Hcd")
    assert shown.prepare("\x1b[1;2Hxy") is None  # one cell beyond
    ready = shown.prepare("\x1b[1;1Hx\x1b[2;1Hy")
    shown.take("\x1b[2;1Hz")
    assert ready and not shown.foresee(ready)


@pytest.mark.parametrize(
    "odd", ["\x1b[1;1Ha\tb", "\x1b[1;1Ha\x1b[Kb", "\x1b[1;1Ha\x9bb", "\x1b[1;1Ha\u202eb", "\x1b[1;2H\u0301"]
)
def test_what_is_no_plain_frame_passes_and_nothing_is_known_after_it(odd: str) -> None:
    shown = Shown()
    shown.take("\x1b[1;1Hab")
    assert shown.take(odd) == odd
    assert shown.take("\x1b[1;1Hab") == "\x1b[1;1Hab"


@pytest.mark.parametrize("other", ["\x1b[?1049h", "\x1b]52;c;YQ==\x07", "\x1b[?25l", "", "plain"])
def test_anything_else_passes(other: str) -> None:
    assert Shown().take(other) == other


@pytest.mark.parametrize("cluster", ["👍🏽", "❤️", "👩\u200d👧", "👍"])
def test_what_follows_a_cluster_stands_where_it_belongs_on_any_terminal(cluster: str) -> None:
    shown, terminal = Shown(), Terminal()  # pyte takes each of its parts for a character of its own
    terminal.feed(shown.take(f"\x1b[2;1H{'x' * COLUMNS}"))
    terminal.feed(shown.take(f"\x1b[2;1H{cluster} ok{' ' * 18}│"))
    assert terminal.row(1)[2:5] == " ok" and terminal.row(1).endswith("│")
    terminal.feed(shown.take(f"\x1b[2;1H{cluster} okZ"))
    assert terminal.row(1)[2:6] == " okZ"


def test_a_frame_for_a_larger_terminal_is_not_told() -> None:
    shown = Shown()
    assert shown.take("\x1b[1;1Hab\x1b[6;1Hcd", (COLUMNS, ROWS)) == ""
    assert shown.take(f"\x1b[1;1H{'a' * 25}", (COLUMNS, ROWS)) == ""
    assert shown.take(f"\x1b[1;1H{'a' * 24}", (COLUMNS, ROWS)) == f"\x1b[1;1H{'a' * 24}"
