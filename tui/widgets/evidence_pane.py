"""All evidence of the case: what was run or read, and its text."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rca.crash.transcript import Transcript
from rca.diagnosis.sources import LOGS
from rca.evidence import Citation, Evidence
from rca.passages import Passage
from rca.steps.base import Facts
from tui.widgets.reader import Reader
from tui.widgets.seeking import holds


class EvidencePane(Vertical):
    """Names above, the chosen one's text below."""

    def __init__(self) -> None:
        super().__init__(id="evidence")
        self.names = OptionList(id="names", compact=True, markup=False)
        self._evidence: dict[str, Evidence] = {}
        self._shown = ""
        self._text = Transcript()
        self.reader = Reader(lambda: self._text, self._holding)
        self.border_title = "evidence"

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield self.names
        yield self.reader

    def on_mount(self) -> None:
        """Say where one reads: citations name lines."""
        self.set_interval(0.3, self._say_where)

    def _say_where(self) -> None:
        count = len(self._text.lines)
        where = f"{self._shown}:{self.reader.view.here + 1} of {count}" if count else ""
        self.border_subtitle = Content(where).markup

    def show(self, facts: Facts) -> None:
        """List what there is by now; the chosen one stays chosen."""
        if facts.evidence == self._evidence:
            return
        self._evidence = dict(facts.evidence)
        kept = self.names.highlighted
        chosen = str(self.names.get_option_at_index(kept).id) if kept is not None else ""
        self.names.clear_options()
        names = self._names()
        self.names.add_options(Option(_row(self._evidence[name]), name) for name in names)
        self.names.highlighted = names.index(chosen) if chosen in names else 0 if names else None

    def _names(self) -> list[str]:
        """What says something first: the logs, then by name; last what could not be had."""
        return sorted(
            self._evidence, key=lambda name: (not self._evidence[name].lines, name not in LOGS, name)
        )

    def open_at(self, citation: Citation) -> None:
        """Show a cited line in its place."""
        if citation.evidence not in self._evidence:
            return
        self.names.highlighted = self._names().index(citation.evidence)
        self._open(citation.evidence)
        self.reader.view.focus()
        self.reader.view.point_at(citation.line - 1)

    def marked(self) -> tuple[Citation, ...]:
        """The marked lines, or the one under the cursor, as citations; empty where nothing could be had."""
        item, lines = self._evidence.get(self._shown), self.reader.view.marked
        return tuple(item.cite(n + 1) for n in lines if n < len(item.lines)) if item else ()

    def passage(self) -> Passage | None:
        """The marked lines, or else all of them."""
        view, lines = self.reader.view, self._text.lines
        if not view.marking or not lines:
            return Passage(self._shown, lines) if lines else None
        marked = view.marked
        return Passage(f"{self._shown}_{marked.start + 1}-{marked.stop}", lines[marked.start : marked.stop])

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the text under the cursor."""
        event.stop()
        self._open(str(event.option_id))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter: read it."""
        event.stop()
        self.reader.view.focus()

    def _holding(self, needle: str) -> str:
        """The first piece of evidence in the list with a line that holds this."""
        return next((name for name in self._names() if holds(self._evidence[name].lines, needle)), "")

    def _open(self, name: str) -> None:
        item = self._evidence.get(name)
        if item is None or name == self._shown:
            return
        self._shown = name
        self._text = Transcript([item.problem] if item.problem and not item.lines else list(item.lines))
        self.border_title = Content(f"evidence ─ {name}").markup
        self.reader.view.opened()


def _row(item: Evidence) -> Text:
    """``bt-a  214 lines  bt -a``."""
    lines = "line " if len(item.lines) == 1 else "lines"
    count = f"{len(item.lines):>7} {lines}" if item.lines or not item.problem else "      nothing"
    text = Text(f"{item.id:<18}", "bold", no_wrap=True, overflow="ellipsis")
    text.append(f" {count}  ", "not bold")
    text.append(f"{item.what} ", "not bold dim")
    if item.problem:
        text.append(item.problem, "not bold yellow")
    text.expand_tabs(8)
    return text
