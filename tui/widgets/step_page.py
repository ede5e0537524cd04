"""A step's page: why it is taken, what it concludes, the proof and what to do."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from rca.steps.base import Step
from rca.verdict import Verdict
from tui.widgets.checklist import BADGE_STYLES


def page(step: Step, verdict: Verdict) -> Text:
    """The page as text; nothing in it is markup."""
    text = Text(f"{verdict.badge.value:<4}", BADGE_STYLES[verdict.badge])
    text.append(f"  {verdict.summary}\n", "not dim bold default")
    if verdict.citations:
        text.append("\nProof\n", "bold")
        for citation in verdict.citations:
            text.append(f"  {citation}", "cyan")
            text.append(f"  {citation.text.expandtabs(8).strip()}\n")
    if verdict.remedy:
        text.append("\nWhat to do\n", "bold")
        text.append("".join(f"  {line}\n" for line in verdict.remedy.splitlines()))
    if verdict.details:
        text.append("\nDetails\n", "bold")
        text.append("".join(f"  {line}\n" for line in verdict.details))
    text.append("\nWhy this step\n", "bold")
    text.append(f"  {step.why}\n")
    if step.commands:
        text.append("\nThe runbook's own commands\n", "bold")
        text.append("".join(f"  {line}\n" for line in step.commands), "dim")
    text.expand_tabs(8)
    return text


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
