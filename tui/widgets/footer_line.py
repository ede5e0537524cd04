"""The last line of the screen: the keys that work where the focus is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.widget import Widget
from textual.widgets import Static

from tui.commands import Command, in_use, shown
from tui.widgets.crash_pane import Prompt
from tui.widgets.field_area import FieldArea
from tui.widgets.reader import SearchLine

_TYPING: Mapping[type[Widget], tuple[str, ...]] = {
    FieldArea: (
        "Esc leaves",
        "Tab next field",
        "{proof} proof",
        "{take-the-draft} draft",
        "{offer} offer",
        "^q quit",
    ),
    Prompt: ("Esc leaves", "Tab completes", "F1 help", "Up Down earlier", "^c stop", "^q quit"),
    SearchLine: ("Enter finds", "Esc leaves", "^q quit"),
}
"""Where text is typed most keys are letters. Names in braces are commands', with the keys that they have now."""


class FooterLine(Static):
    """Follows the focus by itself."""

    def __init__(self, usual: Callable[[int, tuple[Command, ...]], str], *further: str) -> None:
        """`usual` gives the line for a width where nothing is typed; `further` keys work while typing, too."""
        super().__init__(id="footer", markup=False)
        self._usual = usual
        self._further = further

    def on_mount(self) -> None:
        """Follow the focus."""
        self.watch(self.screen, "focused", self.tell)

    def on_resize(self) -> None:
        """More or less room."""
        self.tell()

    def tell(self) -> None:
        """Say it for where the focus is now."""
        commands, focused = in_use(self.app), self.screen.focused
        typing = typing_line(type(focused), commands, self._further) if focused else ""
        self.update(typing or self._usual(self.size.width, commands))


def typing_line(place: type[Widget], commands: tuple[Command, ...], further: tuple[str, ...] = ()) -> str:
    """The keys that work where text is typed; empty elsewhere. A command whose key is a letter there has none."""
    keys = {command.name: shown(command.key) for command in commands if not command.priority}
    letters = tuple(f"{{{name}}}" for name, key in keys.items() if len(key) == 1)
    parts = [part.format_map(keys) for part in _TYPING.get(place, ()) if not part.startswith(letters)]
    return " " + "  ".join((*parts, *further)) if parts else ""
