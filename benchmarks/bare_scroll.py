"""A bare Textual app that shows the lines of `less_bench` and pages through them: what the toolkit itself costs."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment

from tui import terminal

terminal.prepare()

from textual.app import App, ComposeResult  # noqa: E402  # Textual reads what was just prepared
from textual.binding import BindingType  # noqa: E402
from textual.geometry import Size  # noqa: E402
from textual.scroll_view import ScrollView  # noqa: E402
from textual.strip import Strip  # noqa: E402

from benchmarks.less_bench import LINES, line  # noqa: E402


class Lines(ScrollView, can_focus=True):
    """Plain text without a colour, a cursor or a border."""

    BINDINGS: ClassVar[list[BindingType]] = [("space", "page_down", "")]

    def on_mount(self) -> None:
        """Ready for keys."""
        self.virtual_size = Size(80, LINES)
        self.focus()

    def render_line(self, y: int) -> Strip:
        """One of them."""
        return Strip([Segment(line(y + self.scroll_offset.y)[: self.size.width])])


class Bare(App[None]):
    """Nothing else."""

    def compose(self) -> ComposeResult:
        """The lines."""
        yield Lines()


if __name__ == "__main__":
    Bare().run()
