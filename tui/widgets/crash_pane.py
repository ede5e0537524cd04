"""The crash session: its transcript, the prompt and the search line."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from parsers.spans import Marks
from parsers.text import visible
from rca.crash.base import MANDATORY, SessionState, evidence_id
from rca.crash.transcript import Transcript
from rca.steps.base import Facts
from tui.widgets.transcript import TranscriptView


def session_words(facts: Facts) -> str:
    """The state of the session in a few words: ``running bt -a  4/6``."""
    crash = facts.crash
    if crash.state is None:
        return crash.message or "not started"
    words = crash.state.value
    if crash.state == SessionState.BUSY:
        words = f"running {crash.running or crash.message}"
    elif crash.message:
        words = f"{words}: {crash.message}"
    done = sum(1 for command in MANDATORY[1:] if evidence_id(command) in facts.evidence)
    return f"{words}  {done}/{len(MANDATORY) - 1}" if done or crash.state == SessionState.BUSY else words


class Prompt(Input):
    """crash's prompt, with the commands typed before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "older(1)", show=False),
        Binding("down", "older(-1)", show=False),
        Binding("escape", "app.leave", show=False),
    ]

    def __init__(self, history: Callable[[], tuple[str, ...]]) -> None:
        super().__init__(id="prompt", compact=True, select_on_focus=False, placeholder="type a crash command")
        self.cursor_blink = False
        self._history = history
        self._back = 0

    def action_older(self, by: int) -> None:
        """Go through the history."""
        history = self._history()
        self._back = max(0, min(len(history), self._back + by))
        self.value = history[-self._back] if self._back else ""
        self.cursor_position = len(self.value)

    def clear_line(self) -> None:
        """Ready for the next command."""
        self._back = 0
        self.value = ""


class SearchLine(Input):
    """Where the search text is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "app.leave", show=False)]


class CrashPane(Vertical):
    """Transcript above, prompt below."""

    class Asked(Message):
        """A command was typed."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self, lines: Callable[[], list[str]], history: Callable[[], tuple[str, ...]]) -> None:
        super().__init__(id="crash")
        self.view = TranscriptView(lines)
        self.prompt = Prompt(history)
        self._revealed: Transcript | None = None
        self.search = SearchLine(id="search", compact=True, placeholder="search")
        self.search.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield self.view
        self.search.display = False
        yield self.search
        with Horizontal(id="prompt-row"):
            yield Static("crash> ", id="prompt-label", markup=False)
            yield self.prompt

    def show(self, facts: Facts) -> None:
        """Draw what is known of the session."""
        self.border_title = Content(visible(f"crash session ─ {session_words(facts)}")).markup
        if diagnosis := facts.diagnosis:
            marks = Marks(
                diagnosis.guilty.function,
                diagnosis.guilty.module,
                frozenset(diagnosis.modules_out_of_tree),
            )
            if marks != self.view.marks:
                self.view.marks = marks
                self.view.refresh()

    def reveal_guilty(self, transcript: Transcript, facts: Facts) -> None:
        """Show the guilty frame in the backtrace: what one came for, not the end of the last command."""
        ended = {block.command: block for block in transcript.blocks if block.end is not None}
        block = ended.get("bt")
        if block is None or MANDATORY[-1] not in ended or transcript is self._revealed:
            return
        if facts.diagnosis and facts.diagnosis.title:
            self._revealed = transcript  # once: later commands are followed
        self.view.grown()
        guilty = facts.diagnosis.guilty.function if facts.diagnosis else ""
        lines = range(block.start, block.end or block.start)
        named = (n for n in lines if guilty and guilty in transcript.lines[n])
        self.view.reveal(next(named, block.start))

    def open_search(self) -> None:
        """Show the search line."""
        self.search.display = True
        self.search.value = ""
        self.search.focus()

    def close_search(self) -> None:
        """Back to the transcript."""
        self.search.display = False
        self.view.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A command, or a search text."""
        event.stop()
        if event.input is self.search:
            self.close_search()
            if not self.view.search(event.value):
                self.notify(f"No line holds {visible(event.value)}", markup=False)
            return
        command = event.value.strip()
        self.prompt.clear_line()
        if command:
            self.view.follow()
            self.post_message(self.Asked(command))
