"""The coach's pane: what it says above, what may be chosen below."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.widgets.coach_text import Page


class Choices(OptionList):
    """What may be chosen; pages scroll the text above."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("pagedown,space", "read(1)", show=False),
        Binding("pageup", "read(-1)", show=False),
    ]

    def action_read(self, pages: int) -> None:
        """Scroll what the coach says."""
        text = self.screen.query_one("#coach-text")
        text.scroll_relative(y=pages * max(1, text.size.height - 1), animate=False)


class Explanation(Input):
    """Where one says what the last hint means."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "screen.leave", show=False)]


class CoachPane(Vertical):
    """Shows one page at a time."""

    class Chosen(Message):
        """Something was chosen."""

        def __init__(self, id_: str) -> None:
            super().__init__()
            self.id = id_

    class Explained(Message):
        """The last hint was put into own words."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(id="coach")
        self.border_subtitle = "Space reads on"
        self._text = Static("", markup=False)
        self.choices = Choices(id="choices", compact=True, markup=False)
        self.explanation = Explanation(
            id="explanation", compact=True, placeholder="in your words: what does the last hint tell you?"
        )
        self.explanation.cursor_blink = False
        self._shown: Page | None = None

    def compose(self) -> ComposeResult:
        """Lay out."""
        with VerticalScroll(id="coach-text", can_focus=False):
            yield self._text
        self.explanation.display = False
        yield self.explanation
        yield self.choices

    def show(self, page: Page) -> None:
        """Draw a page; another one starts at its top, with its first choice under the cursor."""
        if page == self._shown:
            return
        other = self._shown is None or page.choices != self._shown.choices
        self._shown = page
        self.border_title = Content(page.title).markup
        self._text.update(page.text)
        if other:
            self.choices.clear_options()
            self.choices.add_options(Option(choice.label, choice.id) for choice in page.choices)
            self.choices.highlighted = 0
            self.query_one("#coach-text").scroll_home(animate=False)

    def ask(self) -> None:
        """Open the line in which the last hint is put into own words."""
        self.explanation.display = True
        self.explanation.value = ""
        self.explanation.focus()

    def close(self) -> None:
        """Back to the choices."""
        self.explanation.display = False
        self.choices.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a click."""
        event.stop()
        self.post_message(self.Chosen(str(event.option_id)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The explanation."""
        event.stop()
        self.close()
        self.post_message(self.Explained(event.value))
