"""The crash session: its transcript and the prompt."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from parsers.crash.mod import read_mod
from parsers.spans import Marks
from parsers.text import visible
from rca.crash.base import MANDATORY, SessionState, evidence_id
from rca.crash.completion import Vocabulary, complete, describe
from rca.crash.folding import folded, folds
from rca.crash.offers import offers, word_at
from rca.crash.transcript import Block, Transcript
from rca.evidence import Citation, Evidence
from rca.passages import Passage
from rca.steps.base import Facts
from rca.steps.common import human
from tui.driver import Foreseen
from tui.foresight import frame
from tui.screens.choose import Choose
from tui.screens.reading import Reading
from tui.shown import LETTER
from tui.widgets.reader import Reader


def session_words(facts: Facts) -> str:
    """The state of the session in a few words: ``vmcore 1.2 GB ─ running bt -a``."""
    crash = facts.crash
    if crash.shows:
        return f"no session, {crash.shows} is shown"
    if crash.state is None:
        return crash.message or "not started"
    words = crash.state.value
    if crash.state == SessionState.BUSY:
        words = f"running {crash.running or crash.message}"
    elif crash.message.startswith(words):
        words = crash.message
    elif crash.message:
        words = f"{words}: {crash.message}"
    dump = facts.dump
    return f"{dump.vmcore.name} {human(dump.size)} ─ {words}" if dump and dump.vmcore else words


def commands_words(transcript: Transcript) -> str:
    """The commands whose output stands in the transcript: ``log bt bt-a mod``."""
    return " ".join(dict.fromkeys(evidence_id(block.command) for block in transcript.blocks if block.end))


def _name(block: Block) -> str:
    return block.evidence or evidence_id(block.command)


class Ahead(Suggester):
    """How a line goes on; the right arrow, or Tab, takes it."""

    def __init__(self, words: Callable[[], Vocabulary]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._words = words

    async def get_suggestion(self, value: str) -> str | None:
        """The whole line, or nothing."""
        return complete(value, self._words()) or None


class Prompt(Input):
    """crash's prompt, with the commands typed before."""

    class Unclear(Message):
        """Help is wanted on the command that stands there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "older(1)", show=False),
        Binding("down", "older(-1)", show=False),
        Binding("escape", "screen.leave", show=False),
        Binding("tab", "take_suggestion", show=False),
        Binding("f1", "explain", show=False),
    ]

    def __init__(self, history: Callable[[], tuple[str, ...]], words: Callable[[], Vocabulary]) -> None:
        super().__init__(
            id="prompt",
            compact=True,
            select_on_focus=False,
            placeholder="type a crash command",
            suggester=Ahead(words),
        )
        self.cursor_blink = False
        self._history = history
        self._back = 0

    def foresee(self, key: str) -> Foreseen | None:
        """The next letter at the end of what is typed; the width that is left must hold it."""
        end = len(self.value)
        narrow = end + 2 > self.size.width or self.scroll_offset.x
        if self.selection != Selection.cursor(end) or narrow or LETTER in self.value:
            return None
        kept = self.value, self.selection, self._suggestion
        self.set_reactive(Prompt.value, self.value + LETTER)
        self.set_reactive(Prompt.selection, Selection.cursor(end + 1))
        self.set_reactive(Prompt._suggestion, "")
        try:
            typed = frame(self, 1)
        finally:
            self.set_reactive(Prompt.value, kept[0])
            self.set_reactive(Prompt.selection, kept[1])
            self.set_reactive(Prompt._suggestion, kept[2])
        return Foreseen(typed=typed)

    def action_older(self, by: int) -> None:
        """Go through the history."""
        history = self._history()
        self._back = max(0, min(len(history), self._back + by))
        self.value = history[-self._back] if self._back else ""
        self.cursor_position = len(self.value)

    def action_take_suggestion(self) -> None:
        """Tab takes what is suggested; where nothing is, it goes to the next pane."""
        if self._suggestion and self.cursor_at_end:
            self.action_cursor_right()
        else:
            self.screen.focus_next()

    def action_explain(self) -> None:
        """Ask for crash's own help."""
        self.post_message(self.Unclear())

    async def action_submit(self) -> None:
        """Enter: the line is empty at once, for what is typed ahead belongs to the next command."""
        await super().action_submit()
        self._back = 0
        self.value = ""


class CrashPane(Vertical):
    """Transcript above, prompt below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.prompt", show=False),
        Binding("a", "offer", show=False),
        Binding("v", "stacks", show=False),
    ]

    class Asked(Message):
        """A command was typed."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(
        self,
        transcript: Callable[[], Transcript],
        history: Callable[[], tuple[str, ...]],
        symbols: Callable[[], tuple[str, ...]],
    ) -> None:
        """`symbols` gives those of the crashed kernel, sorted; it may take seconds."""
        super().__init__(id="crash")
        self._read_symbols = symbols
        self._learned = ""
        """The vmlinux whose symbols complete what is typed."""
        self._transcript = transcript
        self.reader = Reader(transcript)
        self.prompt = Prompt(history, lambda: Vocabulary(self._modules, self._symbols, history()))
        self._modules: tuple[str, ...] = ()
        self._symbols: tuple[str, ...] = ()
        self._table: Evidence | None = None
        self._revealed: Transcript | None = None
        self._above = self._below = ""
        """The words on the border, as they were last set."""

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield self.reader
        with Horizontal(id="prompt-row"):
            yield Static("crash> ", id="prompt-label", markup=False)
            yield self.prompt

    def show(self, facts: Facts) -> None:
        """Draw what is known of the session."""
        title = Content(visible(f"crash session ─ {session_words(facts)}")).markup
        if title != self._above:
            self._above = self.border_title = title
        self._say_below(self._told())
        if diagnosis := facts.diagnosis:
            marks = Marks(
                diagnosis.guilty.function,
                diagnosis.guilty.module,
                frozenset(diagnosis.modules_out_of_tree),
            )
            if marks != self.reader.view.marks:
                self.reader.view.marks = marks
                self.reader.view.refresh()

        table = facts.evidence.get("mod")
        if table is not None and table is not self._table:
            self._table = table
            self._modules = tuple(module.name for module in read_mod(table.lines))

        if (vmlinux := facts.crash.vmlinux or "") != self._learned:
            self._learned = vmlinux
            self.run_worker(self._learn())

    async def _learn(self) -> None:
        self._symbols = await asyncio.to_thread(self._read_symbols)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what the command does that is being typed."""
        event.stop()
        self._say_below(self._told())

    def _told(self) -> str:
        """What the command does that is being typed, else the commands whose output is there."""
        return describe(self.prompt.value) or commands_words(self._transcript())

    def _say_below(self, words: str) -> None:
        """Other words on a border draw all that it frames anew: a page for each key, on a slow link."""
        markup = Content(visible(words)).markup
        if markup != self._below:
            self._below = self.border_subtitle = markup

    def on_prompt_unclear(self) -> None:
        """Ask crash for its help; without a command, for the list of all."""
        self._ask(f"help {self.prompt.value.split(' ')[0]}".strip())

    def reveal_guilty(self, transcript: Transcript, facts: Facts) -> None:
        """Show the guilty frame in the backtrace: what one came for, not the end of the last command."""
        ended = {block.command: block for block in transcript.blocks if block.end is not None}
        block = ended.get("bt")
        if block is None or MANDATORY[-1] not in ended or transcript is self._revealed:
            return
        if facts.diagnosis and facts.diagnosis.title:
            self._revealed = transcript  # once: later commands are followed
        self.reader.view.grown()
        guilty = facts.diagnosis.guilty.function if facts.diagnosis else ""
        lines = range(block.start, block.end or block.start)
        named = (n for n in lines if guilty and guilty in transcript.lines[n])
        self.reader.view.reveal(next(named, block.start))

    def marked(self) -> tuple[Citation, ...]:
        """The marked lines, or the one under the cursor, as citations of their command's evidence.

        Empty on a heading, and while the command still runs. Lines past the end of the block are left out.
        """
        view, said = self.reader.view, self._transcript()
        lines = view.marked
        block = said.block_at(lines.start)
        if block is None or not block.evidence or block.end is None:
            return ()
        own = range(max(lines.start, block.start), min(lines.stop, block.end))
        return tuple(Citation(block.evidence, n - block.start + 1, said.lines[n].strip()) for n in own)

    def show_citation(self, citation: Citation) -> bool:
        """Bring a cited line into sight and mark it; False where the transcript does not hold it."""
        for block in self._transcript().blocks:
            at = block.start + citation.line - 1
            if (
                block.evidence == citation.evidence
                and block.end is not None
                and block.start <= at < block.end
            ):
                self.reader.view.point_at(at)
                return True
        return False

    def passage(self) -> Passage | None:
        """The marked lines, or else the command under the cursor with its heading and output."""
        view, said = self.reader.view, self._transcript()
        if not view.marking and (block := view.block_here):
            return Passage(_name(block), said.lines[block.start - 1 : block.end])
        lines = view.marked
        if not said.lines:
            return None
        block = said.block_at(lines.start)
        name, before = (_name(block), block.start - 1) if block else ("transcript", -1)
        return Passage(
            f"{name}_{lines.start - before}-{lines.stop - 1 - before}", said.lines[lines.start : lines.stop]
        )

    def to_block(self, by: int) -> None:
        """Bring the next (1) or previous (-1) command to the top of the screen."""
        view = self.reader.view
        starts = [block.start - 1 for block in self._transcript().blocks]
        at = bisect_right(starts, view.top) if by > 0 else bisect_left(starts, view.top) - 1
        if 0 <= at < len(starts):
            view.to_top(starts[at])

    def action_offer(self) -> None:
        """Offer the commands that an expert would run on the word under the cursor."""
        text, column = self.reader.view.text_here
        word = word_at(text, column)
        if word is None:
            self.notify("Nothing on this line can be asked about: no function, address, module or process")
            return
        found = offers(word)
        wide = max((len(offer.command) for offer in found), default=0)
        rows = [Text(visible(f"{offer.command:<{wide}}  {offer.tells}"), no_wrap=True) for offer in found]

        def chosen(number: int | None) -> None:
            if number is not None:
                self._ask(found[number].command)

        self.app.push_screen(Choose(visible(f"{word.about} {text[word.start : word.end]}"), rows), chosen)

    async def action_stacks(self) -> None:
        """Show the backtraces of the block under the cursor with identical ones together."""
        view, block = self.reader.view, self.reader.view.block_here
        lines = self._transcript().lines[block.start : block.end] if block and folds(block.command) else []
        few = await asyncio.to_thread(folded, lines)
        if block and few:
            await self.app.push_screen(
                Reading(f"{block.command}, identical stacks together", few, view.marks)
            )
        else:
            self.notify("Only the backtraces of many tasks fold: put the cursor on bt -a or foreach bt")

    def _ask(self, command: str | None) -> None:
        if command:
            self.reader.view.follow()
            self.post_message(self.Asked(command))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A command."""
        event.stop()
        self._ask(event.value.strip())
