"""The transcript of the crash session. Only lines that are on the screen are looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from parsers.spans import Marks
from rca.crash.offers import word_at, words
from rca.crash.transcript import Block, Transcript, heading
from tui import layout
from tui.driver import Foreseen
from tui.widgets.drawing import Drawn, draw, widest
from tui.widgets.folds import Folds
from tui.widgets.paging import foreseen, turn
from tui.widgets.seeking import next_hit

FLOOD = 10_000
"""Lines since the last drawing."""
SIDEWAYS = 10
"""Cells that the arrow keys move by."""


class TranscriptView(ScrollView, can_focus=True):
    """Follows the end unless a person scrolled up. Commands are blocks that fold; a cursor stands on a word."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"transcript--cursor"}
    DEFAULT_CSS = "TranscriptView > .transcript--cursor { background: $panel; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k,up", "move(-1)", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("w", "word(1)", show=False),
        Binding("b", "word(-1)", show=False),
        Binding("g,home", "first", show=False),
        Binding("G,end", "last", show=False),
        Binding("space", "page_down", show=False),
        Binding("minus", "fold(True)", show=False),
        Binding("plus,equals_sign", "fold(False)", show=False),
        Binding("underscore", "fold_all", show=False),
        Binding("enter", "fold_here", show=False),
        Binding("m", "mark", show=False),
    ]

    def __init__(self, transcript: Callable[[], Transcript]) -> None:
        super().__init__(classes="lines")
        self._transcript = transcript
        self._shown: list[str] | None = None
        self._seen = 0
        self._widest = 0
        self.breath = 0.2
        """Seconds until what has come meanwhile is worth a drawing: a flood is not read while it comes."""
        self._following = True
        self._folds = Folds()
        self._line = self._column = 0
        self._mark: int | None = None
        self._base, self._here = Style(), -1
        """Of the drawing that is being made: its style, and the line under the cursor while the view has the focus."""
        self.marks = Marks()
        self.needle = ""
        self.hit = -1

    def opened(self) -> None:
        """Another text stands here now: begin at its top."""
        self._forget()
        self._following = False
        self._measure()
        self.scroll_home(animate=False, immediate=True)
        self.refresh()

    def grown(self) -> None:
        """Take in lines that came since; another or a shorter transcript is a new one."""
        lines = self._transcript().lines
        if lines is not self._shown or len(lines) < self._seen:
            self._forget()
            self._following = True
        self._measure()
        if self._following:
            self._to_end()
            self.call_after_refresh(self._to_end)  # when the scrollbars have found their places
        self.refresh()

    def _forget(self) -> None:
        self._shown = self._transcript().lines
        self._seen = self._widest = self._line = self._column = 0
        self._mark, self.hit = None, -1
        self._folds.clear()

    def _measure(self) -> None:
        lines = self._transcript().lines
        count = len(lines)
        self._widest = max(self._widest, widest(lines, self._seen, count))
        self.breath = 0.6 if count - self._seen > FLOOD else 0.2
        self._seen = count
        size = Size(self._widest, self._folds.rows(count))
        self.set_reactive(TranscriptView.virtual_size, size)  # plainly set, it lays out the whole screen
        self._scroll_update(size)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever scrolls up reads; whoever is at the end follows."""
        super().watch_scroll_y(old_value, new_value)
        self._following = new_value >= self.max_scroll_y

    def _to_end(self) -> None:
        if self._following:
            self.scroll_end(animate=False, immediate=True, force=True)
            self._line = max(0, self._seen - 1)

    def on_resize(self, event: Resize) -> None:
        """Keep the end in sight. A narrow screen is a slow link: its scrollbar would double the bytes of a page."""
        self.styles.scrollbar_size_vertical = 0 if layout.narrow(self.app.size.width) else 1
        if self._following:
            self.call_after_refresh(self._to_end)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The visible lines. What is the same for all of them is asked once: asking costs as much as drawing."""
        self._base, self._here = self.rich_style, self.here if self.has_focus else -1
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        x, top = self.scroll_offset
        width = self.scrollable_content_region.width
        base, said = self._base, self._transcript()
        index = self._folds.line(top + y)
        if index >= len(said.lines):
            return Strip.blank(width, base)
        here = index == self._here
        if here:
            base += Style(bgcolor=self.get_component_rich_style("transcript--cursor").bgcolor)
        block = said.block_at(index) if said.blocks else None
        head = block is not None and index == block.start - 1
        beside = heading(block, len(said.lines)) + self._sign(block) if block and head else ""
        text = draw(
            said.lines,
            index,
            Drawn(
                self.marks, self.needle, beside, width, index == self.hit, self._marked(index), here or x > 0
            ),
            base,
        )
        if here:
            word = word_at(text.plain, self._column)
            start, end = (word.start, word.end) if word else (self._column, self._column + 1)
            text.stylize("reverse", start, end)
        strip = Strip(text.render(self.app.console)).apply_style(base).crop(x, x + width)
        return strip.adjust_cell_length(width, base).simplify()  # every style costs bytes

    def _sign(self, block: Block) -> str:
        return "  [+]" if self._folds.folded(block.start) else "  [-]" if block.end != block.start else ""

    def follow(self) -> None:
        """Go to the end and stay there: somebody asked and wants the answer."""
        self._following = True
        self._to_end()

    def reveal(self, index: int) -> None:
        """Bring a line to the middle of the screen where it can be seen, unless somebody is reading elsewhere."""
        if all(node.display for node in self.ancestors_with_self) and not self.has_focus:
            self._centre(index)

    def point_at(self, index: int) -> None:
        """Mark a line and bring it to the middle of the screen."""
        self.hit = index
        self._centre(index)
        self.refresh()

    def _centre(self, index: int) -> None:
        def go() -> None:
            self._following = False
            row = self._folds.row(index)
            self.scroll_to(y=max(0, row - self.size.height // 2), animate=False, immediate=True)

        self._unfold(index)
        self._line = index
        go()
        self.call_after_refresh(go)  # after what following the output still had in hand

    def to_top(self, index: int) -> None:
        """Bring a line to the top of the screen."""
        self._following = False
        self._line = index
        self.scroll_to(y=self._folds.row(index), animate=False, immediate=True)

    @property
    def top(self) -> int:
        """The line at the top of the screen."""
        return self._folds.line(self.scroll_offset.y)

    # Pages

    def action_page_down(self) -> None:
        """A page further, at once."""
        turn(self, 1)

    def action_page_up(self) -> None:
        """A page back."""
        turn(self, -1)

    def foresee(self, key: str) -> Foreseen:
        """The page that comes next in the direction in which one is reading."""
        return foreseen(self, key)

    # The cursor

    @property
    def here(self) -> int:
        """The line under the cursor, which never leaves the screen."""
        top = self.scroll_offset.y
        last = min(top + max(1, self.scrollable_content_region.height), self._folds.rows(self._seen)) - 1
        return self._folds.line(max(0, min(max(self._folds.row(self._line), top), last)))

    @property
    def text_here(self) -> tuple[str, int]:
        """The text under the cursor and the cursor's column."""
        lines = self._transcript().lines
        return (lines[self.here].expandtabs(8) if self._seen else "", self._column)

    def action_move(self, by: int) -> None:
        """To another line."""
        row = self._folds.row(self.here) + by
        if 0 <= row < self._folds.rows(self._seen):
            self._line = self._folds.line(row)
            self._following = row == self._folds.rows(self._seen) - 1
            top, height = self.scroll_offset.y, self.scrollable_content_region.height
            if not top <= row < top + height:
                self.scroll_to(y=row if row < top else row - height + 1, animate=False, immediate=True)
        self.refresh()

    def action_word(self, by: int) -> None:
        """To the next or previous word that can be asked about, on the next line if this one has no more."""
        if not self._to_word(by):
            line = self.here
            self.action_move(by)
            if self.here != line:
                self._column = -1 if by > 0 else len(self.text_here[0])
                self._to_word(by)
        self.refresh()

    def _to_word(self, by: int) -> bool:
        text, column = self.text_here
        starts = [word.start for word in words(text)]
        beyond = (
            [at for at in starts if at > column] if by > 0 else [at for at in starts if at < column][::-1]
        )
        self._column = beyond[0] if beyond else max(0, column)
        return bool(beyond)

    def action_scroll_right(self) -> None:
        """Sideways, by more than a letter."""
        self.scroll_relative(x=SIDEWAYS, animate=False)

    def action_scroll_left(self) -> None:
        """Back."""
        self.scroll_relative(x=-SIDEWAYS, animate=False)

    def action_first(self) -> None:
        """To the first line."""
        self._line, self._following = 0, False
        self.scroll_home(animate=False, immediate=True)
        self.refresh()

    def action_last(self) -> None:
        """To the last line, and stay with it."""
        self.follow()
        self.refresh()

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse is; a heading opens or folds its block."""
        if event.y + self.scroll_offset.y >= self._folds.rows(self._seen):
            return
        self._line = self._folds.line(event.y + self.scroll_offset.y)
        self._column = event.x + self.scroll_offset.x
        if self.check_action("fold_here", ()):
            self.action_fold_here()
        self.refresh()

    # Blocks

    @property
    def block_here(self) -> Block | None:
        """The block under the cursor."""
        return self._transcript().block_at(self.here)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter folds on a heading only; elsewhere it is the pane's."""
        if action == "fold_here":
            block = self.block_here
            return block is not None and self.here == block.start - 1
        return True

    def action_fold_here(self) -> None:
        """Fold the block under the cursor, or open it."""
        if block := self.block_here:
            self._set(block, not self._folds.folded(block.start))

    def action_fold(self, folded: bool) -> None:
        """Fold or open the block under the cursor."""
        if block := self.block_here:
            self._set(block, folded)

    def action_fold_all(self) -> None:
        """Fold all blocks; when all are folded, open them."""
        here = self.here
        ended = [block for block in self._transcript().blocks if block.end and block.end > block.start]
        if all(self._folds.folded(block.start) for block in ended):
            self._folds.clear()
        else:
            for block in ended:
                self._folds.fold(block.start, block.end or block.start)
        self._refold(here)

    def _set(self, block: Block, folded: bool) -> None:
        here = self.here
        if not folded:
            self._folds.open(block.start)
        elif block.end is not None:
            self._folds.fold(block.start, block.end)
            here = min(here, block.start - 1)
        else:
            self.notify("A running command cannot be folded")
        self._refold(here)

    def _refold(self, here: int) -> None:
        """Draw anew, the cursor's line where it was on the screen if that can be."""
        height = self._folds.row(here) - max(0, self._folds.row(here) - self.scroll_offset.y)
        self._line = here
        self._following = False
        self._measure()
        row = self._folds.row(here)
        if not height <= row < height + max(1, self.scrollable_content_region.height):
            self.scroll_to(y=max(0, row - 1), animate=False, immediate=True)
        self.refresh()

    def _unfold(self, line: int) -> None:
        start = self._folds.hiding(line)
        if start is not None:
            self._folds.open(start)
            self._measure()

    # Marked lines

    def action_mark(self) -> None:
        """Begin to mark lines at the cursor, or stop."""
        self._mark = self.here if self._mark is None else None
        self.refresh()

    @property
    def marking(self) -> bool:
        """Whether lines are marked beside the cursor's own."""
        return self._mark is not None

    def unmark(self) -> None:
        """The marked lines have gone where they were wanted."""
        self._mark = None
        self.refresh()

    @property
    def marked(self) -> range:
        """The lines that are marked: from the mark to the cursor, or the cursor's own."""
        here = self.here
        other = here if self._mark is None else self._mark
        return range(min(here, other), max(here, other) + 1)

    def _marked(self, index: int) -> bool:
        return self._mark is not None and index in self.marked

    # Search

    def search(self, needle: str) -> bool:
        """Go to the first line from the top of the screen on that holds `needle`. False when none does."""
        self.needle = needle.casefold()
        self.hit = self.top - 1
        if not needle:
            self.refresh()
            return True
        return self.step(1)

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) hit, around the ends; a folded block that holds it is opened."""
        lines = self._transcript().lines
        if not self.needle or not lines:
            return False
        self.hit = next_hit(lines, self.needle, self.hit, by)
        if self.hit >= 0:
            self._unfold(self.hit)
            self._line, self._following = self.hit, False
            row = self._folds.row(self.hit)
            self.scroll_to(y=max(0, row - self.size.height // 2), animate=False)
        self.refresh()
        return self.hit >= 0
