"""The transcript of the crash session. Only lines that are on the screen are looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from parsers.spans import Marks, Role, spans

WIDEST = 4_000
"""Cells of a line that can be scrolled to."""
TABS = 56
"""Cells by which tabs are thought to widen a line: to count them in every line of a flood would slow it."""

STYLES = {
    Role.PROMPT: "bold cyan",
    Role.PANIC: "bold red",
    Role.RIP: "bold",
    Role.EXCEPTION: "bold",
    Role.GUILTY: "bold reverse",
    Role.MODULE: "underline",
    Role.MODULE_OOT: "underline yellow",
    Role.SYMBOL: "",
    Role.UNRELIABLE: "dim",
    Role.ADDRESS: "dim",
    Role.STACK: "dim",
    Role.TAINT: "yellow",
    Role.WARNING: "yellow",
    Role.ERROR: "red",
    Role.HEADER: "cyan",
}


class TranscriptView(ScrollView, can_focus=True):
    """Follows the end unless a person scrolled up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", show=False),
        Binding("j", "scroll_down", show=False),
        Binding("g", "scroll_home", show=False),
        Binding("G", "scroll_end", show=False),
        Binding("space", "page_down", show=False),
    ]

    def __init__(self, lines: Callable[[], list[str]]) -> None:
        super().__init__(classes="lines")
        self._lines = lines
        self._seen = 0
        self._widest = 0
        self._following = True
        self.marks = Marks()
        self.needle = ""
        self.hit = -1

    def opened(self) -> None:
        """Another text stands here now: begin at its top."""
        self._seen = self._widest = 0
        self.hit = -1
        self._following = False
        self._measure()
        self.scroll_home(animate=False, immediate=True)
        self.refresh()

    def grown(self) -> None:
        """Take in lines that came since; a shorter transcript is a new one."""
        if len(self._lines()) < self._seen:
            self._seen, self._widest, self._following, self.hit = 0, 0, True, -1
        self._measure()
        if self._following:
            self.scroll_end(animate=False, immediate=True, force=True)
            self.call_after_refresh(self._to_end)
        self.refresh()

    def _measure(self) -> None:
        lines = self._lines()
        count = len(lines)
        self._widest = max(self._widest, max(map(len, lines[self._seen : count]), default=0) + TABS)
        self._seen = count
        self.virtual_size = Size(min(self._widest, WIDEST), count)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever scrolls up reads; whoever is at the end follows."""
        super().watch_scroll_y(old_value, new_value)
        self._following = new_value >= self.max_scroll_y

    def _to_end(self) -> None:
        """Once more, when the scrollbars have found their places."""
        if self._following:
            self.scroll_end(animate=False, immediate=True, force=True)

    def on_resize(self) -> None:
        """Keep the end in sight."""
        if self._following:
            self.call_after_refresh(self._to_end)

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        x, top = self.scroll_offset
        width = self.scrollable_content_region.width
        base = self.rich_style
        lines = self._lines()
        index = top + y
        if index >= len(lines):
            return Strip.blank(width, base)
        line = lines[index][:WIDEST].expandtabs(8)
        text = Text(line, style=base, end="", no_wrap=True)
        for span in spans(line, self.marks):
            text.stylize(STYLES[span.role], span.start, span.end)
        if self.needle:
            at = line.casefold().find(self.needle)
            while at >= 0:
                text.stylize(Style.parse("black on yellow"), at, at + len(self.needle))
                at = line.casefold().find(self.needle, at + len(self.needle))
        if index == self.hit:
            text.stylize("bold underline")
        strip = Strip(text.render(self.app.console)).apply_style(base)
        return strip.crop(x, x + width).adjust_cell_length(width, base)

    def follow(self) -> None:
        """Go to the end and stay there: somebody asked and wants the answer."""
        self._following = True
        self.scroll_end(animate=False, immediate=True, force=True)

    def reveal(self, index: int) -> None:
        """Bring a line to the middle of the screen, unless somebody is reading elsewhere."""
        if not self.has_focus:
            self._centre(index)

    def point_at(self, index: int) -> None:
        """Mark a line and bring it to the middle of the screen."""
        self.hit = index
        self._centre(index)
        self.refresh()

    def _centre(self, index: int) -> None:
        def go() -> None:
            self._following = False
            self.scroll_to(y=max(0, index - self.size.height // 2), animate=False, immediate=True)

        go()
        self.call_after_refresh(go)  # after what following the output still had in hand

    def to_top(self, index: int) -> None:
        """Bring a line to the top of the screen."""
        self._following = False
        self.scroll_to(y=index, animate=False, immediate=True)

    def search(self, needle: str) -> bool:
        """Go to the first line from the top of the screen on that holds `needle`. False when none does."""
        self.needle = needle.casefold()
        self.hit = self.scroll_offset.y - 1
        if not needle:
            self.refresh()
            return True
        return self.step(1)

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) hit, around the ends."""
        lines = self._lines()
        count = len(lines)
        if not self.needle or not count:
            return False
        at = min(self.hit, count)
        for _ in range(count):
            at = (at + by) % count
            if self.needle in lines[at].expandtabs(8).casefold():
                self.hit = at
                self._following = False
                self.scroll_to(y=max(0, at - self.size.height // 2), animate=False)
                self.refresh()
                return True
        self.hit = -1
        self.refresh()
        return False
