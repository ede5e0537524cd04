"""A step's page: why it is taken, what it concludes, the proof and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from rca.steps.base import Step
from rca.verdict import Verdict
from tui.widgets.checklist import BADGE_STYLES


def page(step: Step, verdict: Verdict) -> Group:
    """The page; nothing in it is markup, and what is wrapped stays indented."""
    said = Text(f"{verdict.badge.value:<4}", BADGE_STYLES[verdict.badge])
    head = _rows([(said, Text(verdict.summary, "bold"))])
    parts: list[RenderableType] = [head, *_part("Why this step", [step.why])]
    if verdict.details:
        parts[1:1] = _part("Details", verdict.details)
    if verdict.remedy:
        parts[1:1] = _part("What to do", verdict.remedy.splitlines())
    if verdict.citations:
        cited = [(Text(f"  {one}", "cyan"), _plain(one.text.strip())) for one in verdict.citations]
        parts[1:1] = (_heading("Proof"), _rows(cited))
    if step.commands:
        parts += _part("The runbook's own commands", step.commands, "dim")
    return Group(*parts)


def _part(heading: str, lines: Iterable[str], style: str = "") -> tuple[RenderableType, ...]:
    return _heading(heading), *(Padding(_plain(line, style), (0, 0, 0, 2)) for line in lines)


def _heading(words: str) -> Text:
    return Text(f"\n{words}", "bold")


def _rows(rows: Iterable[tuple[Text, Text]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for row in rows:
        table.add_row(*row)
    return table


def _plain(text: str, style: str = "") -> Text:
    return Text(text.expandtabs(8), style)


class StepPage(VerticalScroll, can_focus=True):
    """Shows one step."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", show=False),
        Binding("j", "scroll_down", show=False),
        Binding("g", "scroll_home", show=False),
        Binding("G", "scroll_end", show=False),
        Binding("enter", "screen.proof", show=False),
        Binding("escape", "screen.leave", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="page")
        self._text = Static("", markup=False)
        self._shown = -1

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield self._text

    def show(self, step: Step, verdict: Verdict) -> None:
        """Show this step; another one starts at its top."""
        self.border_title = f"Step {step.number} ─ {step.title}"
        self._text.update(page(step, verdict))
        if step.number != self._shown:
            self._shown = step.number
            self.scroll_home(animate=False)
