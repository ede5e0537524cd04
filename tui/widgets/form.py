"""The RCA form: nine fields and the confidence. What is being typed is never overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from parsers.text import visible
from rca.evidence import Citation
from rca.report.form import UNKNOWN, Field, Form
from rca.report.headings import ABOUT
from rca.report.sentences import Origin, Sentence, quoted
from tui.widgets.confidence import ConfidenceRow
from tui.widgets.field_area import FieldArea

WAIT = 0.3
"""Seconds after which a first change is saved; later ones wait as long again."""
SHOWN = 3
"""Citations that a label names."""


class FormPane(VerticalScroll):
    """Labels and texts, top to bottom. It has the focus itself where a person reads and does not write."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.show('form')", show=False),
        Binding("escape", "screen.leave", show=False),
    ]

    class Typed(Message):
        """A person's text for a field is to be saved."""

        def __init__(self, name: str, text: str, proven: tuple[Sentence, ...] = ()) -> None:
            super().__init__()
            self.field = name
            self.text = text
            self.proven = proven

    def __init__(self, form: Form) -> None:
        super().__init__(id="form")
        self._form = form
        every = (*form.fields, *form.further)
        self.areas = {field.name: FieldArea(field) for field in every}
        self._labels = {field.name: Static(_label(field), classes="label", markup=False) for field in every}
        self.confidence = ConfidenceRow(form)
        self.provenance = Static("", id="provenance", markup=False)
        """Where the line under the cursor comes from."""
        self._waiting: dict[str, Timer] = {}
        self.border_title = "RCA form"
        self._takes(False)

    def compose(self) -> ComposeResult:
        """Lay out."""
        for field in self._form.fields:
            yield self._labels[field.name]
            yield self.areas[field.name]
        yield self.confidence
        yield Static("Behind the short form", classes="behind", markup=False)
        for field in self._form.further:
            yield self._labels[field.name]
            yield self.areas[field.name]
        yield self.provenance

    def opened(self) -> None:
        """The case is there: from now on a person can write."""
        self._takes(True)

    def _takes(self, keys: bool) -> None:
        for widget in (*self.areas.values(), self.confidence):
            widget.can_focus = keys

    @property
    def entry(self) -> Widget:
        """Where somebody who wants to write begins."""
        area = self.areas["Incident"]
        return area if area.can_focus else self

    def changed(self, form: Form) -> None:
        """Follow the form, except where a person types."""
        self._form = form
        self.border_title = f"RCA form {form.filled}/{len(form.fields)}"
        self.confidence.changed(form)
        for name, area in self.areas.items():
            self._labels[name].update(_label(form[name]))
            if area.sent is not None and form[name].text == visible(area.sent):
                area.sent = None
            area.follow(form[name])
            if not area.edited and area.sent is None:
                self._follow(area)
        self._tell()

    def taken(self, name: str) -> None:
        """The field was given back to the evidence: show the draft even while it is focused."""
        self._stop(name)
        area = self.areas[name]
        area.given, area.sent = self._form[name].drafted.text, None
        area.load_text(area.given)

    def pending(self) -> list[tuple[str, str]]:
        """Take the edits that are not yet saved."""
        found = []
        for name, area in self.areas.items():
            self._stop(name)
            if area.edited:
                area.given = area.sent = area.text
                found.append((name, area.text))
        return found

    def focused_field(self) -> str:
        """The heading of the field that has the focus, or nothing."""
        return next((name for name, area in self.areas.items() if area.has_focus), "")

    def put(self, name: str, citations: Iterable[Citation]) -> int:
        """Put cited lines below a field's text, those that it does not hold yet; undo takes them back.

        Returns how many these were.
        """
        area = self.areas[name]
        standing = set(area.text.split("\n"))
        proven = tuple(line for line in map(quoted, citations) if line.text not in standing)
        if proven:
            self._stop(name)
            lines = "\n".join(line.text for line in proven)
            gap = "\n" if area.text and not area.text.endswith("\n") else ""
            area.insert(gap + lines, area.document.end)
            area.given = area.sent = area.text
            self.post_message(self.Typed(name, area.text, proven))
        return len(proven)

    def focused_citations(self) -> tuple[Citation, ...]:
        """What the line being edited rests on: its own proof, what it names in brackets, its field's draft."""
        name = self.focused_field()
        if not name:
            return ()
        return tuple(dict.fromkeys((*self.areas[name].here.citations, *self._form[name].drafted.citations)))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Save the edit in a moment, together with what is typed until then."""
        area = event.text_area
        if not isinstance(area, FieldArea) or not area.edited:
            return
        if area.field.name not in self._waiting:
            self._waiting[area.field.name] = self.set_timer(WAIT, lambda: self._save(area))

    def on_text_area_selection_changed(self) -> None:
        """The cursor stands on another line."""
        self._tell()

    def on_descendant_focus(self) -> None:
        """Another field."""
        self._tell()

    def on_descendant_blur(self) -> None:
        """Nothing typed waits in a field that was left."""
        for area in self.areas.values():
            if area.has_focus:
                continue
            self._save(area)
        self._tell()

    def _tell(self) -> None:
        name = self.focused_field()
        said = self.areas[name].provenance if name else ""
        self.provenance.display = bool(said)
        self.provenance.update(said)

    def _follow(self, area: FieldArea) -> None:
        text = self._form[area.field.name].text
        if text != area.text:
            area.given = text
            area.load_text(text)

    def _save(self, area: FieldArea) -> None:
        self._stop(area.field.name)
        if area.edited:
            area.given = area.sent = area.text
            self.post_message(self.Typed(area.field.name, area.text))

    def _stop(self, name: str) -> None:
        if timer := self._waiting.pop(name, None):
            timer.stop()


def _label(field: Field) -> Text:
    """The heading and whose words stand under it."""
    text = Text(field.name, "bold", no_wrap=True, overflow="ellipsis")
    if field.by_person:
        own = sum(1 for sentence in field.sentences if sentence.origin is Origin.AUTHOR and sentence.text)
        text.append(f"  yours{f', {own} of {len(field.sentences)} lines' if own else ''}", "cyan")
        if field.offer:
            text.append("  F5 shows what the evidence offers, F4 takes it", "not bold dim")
    elif field.text.strip() and field.text.strip() != UNKNOWN:
        inferred = sum(1 for sentence in field.sentences if sentence.origin is Origin.INFERENCE)
        cited = " ".join(map(str, field.citations[:SHOWN]))
        if inferred:
            cited = f"({inferred} inferred) {cited}"
        more = f" +{len(field.citations) - SHOWN}" if len(field.citations) > SHOWN else ""
        text.append(f"  by evidence {cited}{more}".rstrip(), "green")
    else:
        text.append(f"  {UNKNOWN}", "yellow")
        text.append(f"  {ABOUT.get(field.name, '')}", "not bold dim")
    return text
