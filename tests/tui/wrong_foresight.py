"""The workbench, whose panes foresee what will not come: ``python -m tests.tui.wrong_foresight WORDS``."""

from __future__ import annotations

import sys

from textual.widget import Widget

from tui.cli import main
from tui.driver import Foreseen
from tui.foresight import frame
from tui.widgets.crash_pane import Prompt
from tui.widgets.transcript import TranscriptView

WRONG = "[this is wrong]"


def wrong(view: Widget, key: str) -> Foreseen:
    """Every key will show nonsense in the midst of where the widget stands."""
    row = view.region.y + view.size.height // 2 + 1
    nonsense = f"{frame(view)}\x1b[{row};{view.region.x + 3}H{WRONG}\x1b[{row};1H"
    return Foreseen(dict.fromkeys(("space", "j", "m", "question_mark", "f"), nonsense), nonsense)


if __name__ == "__main__":
    setattr(TranscriptView, "foresee", wrong)  # noqa: B010
    setattr(Prompt, "foresee", wrong)  # noqa: B010
    sys.exit(main(sys.argv[1:]))
