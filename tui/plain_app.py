"""What all our applications share: the terminal's own colours where those are wanted, and sentences that are inert."""

from __future__ import annotations

import gc

from textual.app import App
from textual.notifications import SeverityLevel

from parsers.text import visible
from tui.terminal import plain_colours


class PlainApp(App[str]):
    """An application whose `run()` gives a sentence or a name, or None."""

    def __init__(self) -> None:
        self.plain = plain_colours()
        """Whether it keeps to the terminal's own colours."""
        super().__init__(ansi_color=self.plain or None)

    def on_ready(self) -> None:
        """All is loaded: garbage is looked for again."""
        gc.enable()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show one sentence for a while. Every widget's and screen's sentence comes through here.

        It may hold foreign words, such as a file's name or ssh's: none of them is markup, none steers the terminal.
        """
        super().notify(visible(message), title=title, severity=severity, timeout=timeout, markup=False)
