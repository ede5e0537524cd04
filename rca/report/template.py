"""Templates: which headings an export has, in which order, and the team's own words between them.

A template is a text file. Its lines are

    # words            the title                       ## words         a heading
    ##? words          a heading that is left out, with what follows it, where that says nothing
    Words: $name       a label and its text             $name            a block by itself
    - words            an item of a list               words            a paragraph's line
    ; words            a remark that is not exported

``$name`` stands for what `rca.report.content.NAMES` lists, ``$$`` for a dollar sign. There is nothing else: no
conditions, no loops, no code. A team's own file comes before the one that is built in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rca.report.content import NAMES, Content
from rca.report.document import Block, Document, Heading, Labelled, Line, Prose, Verbatim
from rca.report.form import UNKNOWN
from rca.report.sentences import flat
from rca.shipped import shipped

BUILT_IN = Path(__file__).parent / "templates"
LONGEST = 1 << 18
"""Bytes that a template may have."""

_PLACE = re.compile(r"\$(\$|[a-z_]+|)")
_BLOCK = re.compile(r"(?:([^$]*[^$\s]):\s+)?\$([a-z_]+)\s*")
_HEADING = re.compile(r"(##?)(\?)?\s+(\S.*)")


class TemplateError(ValueError):
    """A template that cannot be used; the text names file and line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of a template."""

    kind: str
    """``heading``, ``block``, ``item``, ``words`` or ``gap``."""
    text: str
    """The words, or the name of the block."""
    level: int = 0
    optional: bool = False
    label: str = ""


Template = tuple[Piece, ...]


def load(format_name: str, length: str, folders: Iterable[Path]) -> Template:
    """The template of a format and a length (``short`` or ``full``): the first of these files that is there.

    In each folder ``LENGTH.FORMAT.txt`` comes before ``LENGTH.txt``; `BUILT_IN` is the last folder. Raises
    TemplateError for a file that cannot be read or used: a broken template is never passed over in silence.
    """
    for folder in (*folders, shipped(BUILT_IN)):
        for path in (folder / f"{length}.{format_name}.txt", folder / f"{length}.txt"):
            try:
                with path.open("rb") as file:
                    data = file.read(LONGEST + 1)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                raise TemplateError(f"{path}: cannot be read: {error.strerror}") from error
            if len(data) > LONGEST:
                raise TemplateError(f"{path}: longer than {LONGEST} bytes")
            try:
                return parse(data.decode("utf-8"), str(path))
            except UnicodeDecodeError as error:
                line = data.count(b"\n", 0, error.start) + 1
                raise TemplateError(f"{path}, line {line}: not UTF-8") from error
    raise TemplateError(f"there is no template {length}")


def parse(text: str, origin: str) -> Template:
    """Read a template. Raises TemplateError at the first line that is none."""
    pieces = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if line.startswith(";"):
            continue
        for match in _PLACE.finditer(line):
            if not match[1]:
                raise TemplateError(f"{origin}, line {number}: a single $; write $$ for a dollar sign")
            if match[1] != "$" and match[1] not in NAMES:
                raise TemplateError(
                    f"{origin}, line {number}: unknown name ${match[1]}; known are {', '.join(sorted(NAMES))}"
                )
        try:
            pieces.append(_piece(line.strip()))
        except ValueError as error:
            raise TemplateError(f"{origin}, line {number}: {error}") from error
    if not any(piece.kind == "block" for piece in pieces):
        raise TemplateError(f"{origin}: names no field, so every export would be empty")
    return tuple(pieces)


def _piece(line: str) -> Piece:
    if not line:
        return Piece("gap", "")
    if line.startswith("#"):
        match = _HEADING.fullmatch(line)
        if not match:
            raise ValueError("a heading is # or ## (or ##?), a blank and words")
        return Piece("heading", match[3], len(match[1]), bool(match[2]))
    if match := _BLOCK.fullmatch(line):
        return Piece("block", match[2], label=(match[1] or "").replace("$$", "$"))
    if line.startswith("- "):
        return Piece("item", line[2:])
    return Piece("words", line)


def fill(template: Template, content: Content) -> Document:
    """The document that a template makes of what there is. What is not known says UNKNOWN."""
    blocks: list[Block] = []
    for section in _sections(template):
        named = [piece.text for piece in section if piece.kind == "block"]
        if section[0].optional and not any(map(_says, (content[name] for name in named))):
            continue
        before = Piece("gap", "")
        for piece in section:
            _add(blocks, piece, content, joined=before.kind in ("words", "item"))
            before = piece
    return tuple(blocks)


def _sections(template: Template) -> list[list[Piece]]:
    found: list[list[Piece]] = []
    for piece in template:
        if piece.kind == "heading" or not found:
            found.append([])
        found[-1].append(piece)
    return found


def _says(block: object) -> bool:
    return not isinstance(block, Prose | Verbatim) or bool(block.lines)


def _add(blocks: list[Block], piece: Piece, content: Content, joined: bool) -> None:
    if piece.kind == "heading":
        blocks.append(Heading(piece.level, _words(piece.text, content)))
    elif piece.kind == "block":
        found = content[piece.text]
        if isinstance(found, Prose | Verbatim) and not found.lines:
            found = Prose((Line(UNKNOWN),))
        blocks.append(
            Labelled(piece.label, found.lines) if piece.label and isinstance(found, Prose) else found
        )
    elif piece.kind != "gap":
        line = Line(_words(piece.text, content), listed=piece.kind == "item")
        last = blocks[-1] if joined else None
        if isinstance(last, Prose):
            blocks[-1] = Prose((*last.lines, line))
        else:
            blocks.append(Prose((line,)))


def _words(text: str, content: Content) -> str:
    """The words with each name replaced by its first lines' text, on one line."""

    def value(match: re.Match[str]) -> str:
        if match[1] == "$":
            return "$"
        found = content[match[1]]
        said = (
            "; ".join(line.lead + line.text for line in found.lines if line.text)
            if isinstance(found, Prose)
            else ""
        )
        return flat(said) or UNKNOWN

    return _PLACE.sub(value, text)
