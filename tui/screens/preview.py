"""The RCA as it would leave, in every format, before it leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rca.crash.transcript import Transcript
from rca.report.export import NAMES
from rca.report.preferences import redacts
from rca.report.rendering import Rendered, Wish
from rca.report.template import TemplateError
from rca.steps.common import count
from tui import handout
from tui.desk import Desk
from tui.widgets.transcript import TranscriptView

_KEYS = "f format  s short  p provenance  r redact  l replacements  y copy  x write  Esc back"


def _spread(text: str) -> str:
    """JSON that is made for a machine, on one line, as people read it; any other text as it is."""
    if text.count("\n") > 1 or not text.startswith("{"):
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


class Preview(ModalScreen[None]):
    """Follows the form; what is chosen here is how the workbench exports from then on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "format", show=False),
        Binding("s", "switch('short')", show=False),
        Binding("p", "switch('provenance')", show=False),
        Binding("r", "switch('redact')", show=False),
        Binding("l", "replacements", show=False),
        Binding("y", "copy", show=False),
        Binding("x", "write", show=False),
        Binding("escape,q", "dismiss", show=False),
    ]

    def __init__(self, desk: Desk, wish: Wish, chosen: Callable[[Wish], None]) -> None:
        """`chosen` hears of every choice at once: a key typed after Esc obeys it."""
        super().__init__()
        self._wish = wish
        self._desk = desk
        self._chosen = chosen
        self._text = Transcript()
        self._listing = False
        self._head = Static("", markup=False)
        self.view = TranscriptView(lambda: self._text)

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialogue", id="preview"):
            yield self._head
            yield self.view
            yield Static(_KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show it as soon as there is a width."""
        self.view.styles.overflow_x = "hidden"
        self.view.focus()
        self.set_interval(1.0, self._draw)

    def on_resize(self) -> None:
        """Other lines fit."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        try:
            found = self._desk.render(self._wish)
        except TemplateError as error:
            found = Rendered(str(error))
        shown = "".join(f"{item}\n" for item in found.replacements) if self._listing else found.text
        lines = self._wrapped(_spread(shown) or "Nothing was replaced")
        if lines != self._text.lines:
            self._text = Transcript(lines)
            self.view.opened()
        wish = self._wish
        parts = [
            wish.format,
            "short" if wish.short else "full",
            f"provenance {'on' if wish.provenance else 'off'}",
            f"redaction on, {len(found.replacements)} replaced" if wish.redact else "redaction off",
            f"{count(len(found.text.splitlines()), 'line')}, {count(len(found.text), 'character')}",
        ]
        self._head.update(" │ ".join(parts))

    def _wrapped(self, text: str) -> list[str]:
        """On the screen only: what leaves keeps its lines."""
        width, console = self.view.scrollable_content_region.width, self.app.console
        return [row.plain for line in text.splitlines() for row in Text(line).wrap(console, width or 80)]

    def action_format(self) -> None:
        """The next format; one that the settings redact is redacted, and so are those after it."""
        name = NAMES[(NAMES.index(self._wish.format) + 1) % len(NAMES)]
        self._choose(replace(self._wish, format=name, redact=self._wish.redact or redacts(name)))

    def action_switch(self, name: str) -> None:
        """Switch one of the options."""
        wish = self._wish
        switched = {
            "short": replace(wish, short=not wish.short),
            "provenance": replace(wish, provenance=not wish.provenance),
            "redact": replace(wish, redact=not wish.redact),
        }
        self._choose(switched[name])

    def _choose(self, wish: Wish) -> None:
        self._wish = wish
        self._chosen(wish)
        self._draw()

    def action_replacements(self) -> None:
        """The list of what redaction replaced, and back."""
        self._listing = not self._listing
        self._draw()

    def action_copy(self) -> None:
        """Copy it as it was chosen."""
        handout.to_clipboard(self.app, self._desk, self._wish)

    def action_write(self) -> None:
        """Write it into the case directory as it was chosen."""
        handout.to_file(self.app, self._desk, self._wish)
