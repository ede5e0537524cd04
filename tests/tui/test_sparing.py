"""Frames in fewer bytes show the same on a terminal."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from tui.sparing import sparing

COLUMNS = 72
"""More than the text of a frame needs: none goes beyond its row."""
COLOURS = st.sampled_from([None, "#16191d", "#c8ccd0", "#8b8f93", "red", "bright_blue", "color(245)"])
STYLES = st.builds(
    Style,
    color=COLOURS,
    bgcolor=COLOURS,
    bold=st.booleans(),
    dim=st.booleans(),
    italic=st.booleans(),
    underline=st.booleans(),
    reverse=st.booleans(),
    overline=st.sampled_from([None, None, True]),
)
TEXT = st.text("ab ─", max_size=5)
PIECES = st.builds(
    lambda style, text, system: style.render(text, color_system=system),
    STYLES,
    TEXT,
    st.sampled_from([ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD]),
)
MOVES = st.builds(lambda row, column: f"\x1b[{row};{column}H", st.integers(1, 5), st.integers(1, 9))
FRAMES = st.lists(st.one_of(PIECES, PIECES, MOVES, TEXT, st.just("\r\n")), max_size=12).map("".join)


def shown(*frames: str) -> object:
    """Every cell with its colours, and the state that is left."""
    terminal = pyte.Screen(COLUMNS, 40)
    stream = pyte.Stream(terminal)
    for frame in frames:
        stream.feed(frame)
    cells = {y: {x: terminal.buffer[y][x] for x in range(COLUMNS)} for y in range(40)}
    return cells, (terminal.cursor.y, terminal.cursor.x), terminal.cursor.attrs._replace(data=" ")


@given(st.lists(FRAMES, max_size=3))
def test_a_frame_shows_the_same_and_is_no_longer(frames: list[str]) -> None:
    spared = [sparing(frame) for frame in frames]
    assert shown(*spared) == shown(*frames)
    assert sum(map(len, spared)) <= sum(map(len, frames)) + 4 * len(frames)


def test_a_full_row_leads_to_the_next_as_well() -> None:
    rows = [f"\x1b[{row};1H\x1b[1m{'x' * COLUMNS}\x1b[0m" for row in (19, 20, 21)]
    frame = f"{''.join(rows)}\x1b[22;3H\x1b[1my\x1b[0m\x1b[24;3H"
    assert shown(sparing(frame)) == shown(frame)
    assert sparing(frame).count("\x1bD") == 3


def test_a_colour_is_said_where_it_changes() -> None:
    grey, dark = "38;2;200;204;208;48;2;22;25;29", "38;2;139;143;147;48;2;22;25;29"
    frame = (
        f"\x1b[4;2H\x1b[{grey}m #1 [\x1b[0m\x1b[{dark}mff\x1b[0m\x1b[4;{grey}mm\x1b[0m\x1b[4;80H\r\n\x1b[5;2H"
    )
    assert sparing(frame + f"\x1b[{grey}mx\x1b[0m") == (
        f"\x1b[4;2H\x1b[{grey}m #1 [\x1b[38;2;139;143;147mff\x1b[4;38;2;200;204;208mm"
        "\r\x1bD\x1b[C\x1b[24mx\x1b[0m"
    )
