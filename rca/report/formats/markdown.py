"""Markdown as GitHub reads it, without any HTML. Text of kernels and people is inert: it is shown, never obeyed."""

from __future__ import annotations

import re
from itertools import pairwise

from rca.report.document import Block, Document, Heading, Labelled, Line, Prose, Table, Verbatim

_BLOCK = re.compile(r"(#|>|\+|=|~|\||-|\*|:)")
"""What would make a line something else than text."""
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_INLINE = re.compile(r"[\\`*~|]|_(?!_*[^\W_])|(?<=\])[(\[]|!(?=\[)")
"""What begins code or a link, or ends emphasis: an underscore before a letter can end none, so none begins."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
"""An ampersand that would be taken for the beginning of a sign's name."""
_EDGE = {" ": "&nbsp;", "\t": "&#9;"}
"""Blanks at a line's ends, which markdown would drop or take for code."""


def render(document: Document) -> str:
    """CommonMark with tables, ending with one newline."""
    if not document:
        return "\n"
    text = _block(document[0])
    for before, block in pairwise(document):
        close = isinstance(before, Labelled) and isinstance(block, Labelled) and not before.lines[-1].listed
        text += ("  \n" if close else "\n\n") + _block(block)
    return text + "\n"


def inline(text: str) -> str:
    """Text that stays text inside a line."""
    text = _INLINE.sub(lambda match: "\\" + match[0], text)
    return _ENTITY.sub("&amp;", text).replace("<", "&lt;")


def start(text: str) -> str:
    """Text that stays text, and keeps its blanks, as a line of its own."""
    core = text.strip(" \t")
    if not core:
        return "".join(_EDGE[blank] for blank in text)
    ahead, _, behind = text.partition(core)
    safe = inline(core)
    if match := _NUMBERED.match(safe):
        safe = f"{match[1]}\\{safe[match.end(1) :]}"
    elif _BLOCK.match(safe):
        safe = f"\\{safe}"
    elif safe.startswith("["):  # a link's definition, but only at the beginning of a line
        safe = safe.replace("]:", "]\\:")
    return "".join(_EDGE[b] for b in ahead) + safe + "".join(_EDGE[b] for b in behind)


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {inline(text)}".rstrip()
        case Prose(lines):
            return _lines(lines)
        case Labelled(label, lines):
            gap = " " if block.inline else "  \n" if lines and not lines[0].listed else "\n"
            return f"**{inline(label)}:**{gap}{_lines(lines)}"
        case Verbatim(lines):
            return _fenced("\n".join(lines))
        case Table(head, rows):
            return _table(head, rows)


def _lines(lines: tuple[Line, ...]) -> str:
    """Each on its own line when rendered too."""
    text = ""
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        text += _line(line)
        if after is not None:
            hard = not line.listed and not after.listed and line.text and after.text
            # Text right after a list would be taken for a part of its last item.
            text += "\n\n" if line.listed and not after.listed else "  \n" if hard else "\n"
    return text


def _line(line: Line) -> str:
    lead = f"**{inline(line.lead)}**" if line.lead else ""
    text = inline(line.text) if lead else start(line.text)
    marked = f"{text} {inline(line.mark)}" if line.mark else text
    return f"{'- ' if line.listed else ''}{lead}{marked}"


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    lines = [head, ("---",) * len(head), *(tuple(map(inline, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
