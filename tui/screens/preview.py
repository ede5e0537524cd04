"""The RCA as it would leave, in every format, before it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rca.crash.transcript import Transcript
from rca.report.export import NAMES
from rca.report.rendering import Rendered, Wish
from rca.report.template import TemplateError
from tui import handout
from tui.desk import Desk
from tui.widgets.transcript import TranscriptView

_KEYS = "f format  s short  p provenance  r redact  l replacements  y copy  x write  Esc back"


class Preview(ModalScreen[None]):
    """Follows the form; what is chosen here stays chosen while the window is open."""

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

    def __init__(self, desk: Desk, wish: Wish) -> None:
        super().__init__()
        self.wish = wish
        self._desk = desk
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
        """Show it."""
        self._draw()
        self.view.focus()
        self.set_interval(1.0, self._draw)

    def _draw(self) -> None:
        try:
            found = self._desk.render(self.wish)
        except TemplateError as error:
            found = Rendered(str(error))
        shown = "".join(f"{item}\n" for item in found.replacements) if self._listing else found.text
        lines = (shown or "Nothing was replaced").splitlines()
        if lines != self._text.lines:
            self._text = Transcript(lines)
            self.view.opened()
        wish = self.wish
        parts = [
            wish.format,
            "short" if wish.short else "full",
            f"provenance {'on' if wish.provenance else 'off'}",
            f"redaction on, {len(found.replacements)} replaced" if wish.redact else "redaction off",
            f"{len(found.text.splitlines())} lines, {len(found.text)} characters",
        ]
        self._head.update(" │ ".join(parts))

    def action_format(self) -> None:
        """The next format."""
        self.wish = replace(self.wish, format=NAMES[(NAMES.index(self.wish.format) + 1) % len(NAMES)])
        self._draw()

    def action_switch(self, name: str) -> None:
        """Switch one of the options."""
        wish = self.wish
        switched = {
            "short": replace(wish, short=not wish.short),
            "provenance": replace(wish, provenance=not wish.provenance),
            "redact": replace(wish, redact=not wish.redact),
        }
        self.wish = switched[name]
        self._draw()

    def action_replacements(self) -> None:
        """The list of what redaction replaced, and back."""
        self._listing = not self._listing
        self._draw()

    def action_copy(self) -> None:
        """Copy what is shown."""
        handout.to_clipboard(self.app, self._desk, self.wish)

    def action_write(self) -> None:
        """Write what is shown into the case directory."""
        if path := handout.write(self.app, self._desk, self.wish):
            self.notify(f"Written to {path}")
