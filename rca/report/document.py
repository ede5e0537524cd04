"""What leaves: a document of a few kinds of blocks, the same for every format. Nothing here is markup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text."""

    text: str
    """Any text without line ends; an empty one parts two paragraphs."""
    listed: bool = False
    """Whether it is an item of a list."""
    mark: str = ""
    """Its provenance, ``[FACT log:12]``; empty where it is not shown."""
    lead: str = ""
    """A word that stands before the text in bold."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines, each on its own line, some of them items of lists."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label and its text, ``OS: Rocky Linux 8.10``: the short form's block."""

    label: str
    lines: tuple[Line, ...]

    @property
    def inline(self) -> bool:
        """Whether label and text share one line."""
        return len(self.lines) == 1 and not self.lines[0].listed


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines as they are, in a fixed pitch."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells of one line each."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Prose | Labelled | Verbatim | Table
Document = tuple[Block, ...]


def change_text(document: Document, change: Callable[[str], str]) -> Document:
    """The same document with every piece of its text changed."""

    def lines(items: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(replace(line, text=change(line.text), mark=change(line.mark)) for line in items)

    def block(item: Block) -> Block:
        match item:
            case Heading(level, text):
                return Heading(level, change(text))
            case Prose(found):
                return Prose(lines(found))
            case Labelled(label, found):
                return Labelled(change(label), lines(found))
            case Verbatim(found):
                return Verbatim(tuple(map(change, found)))
            case Table(head, rows):
                return Table(tuple(map(change, head)), tuple(tuple(map(change, row)) for row in rows))

    return tuple(map(block, document))
