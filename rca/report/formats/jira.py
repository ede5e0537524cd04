"""Jira's wiki markup (Data Center, and fields of Cloud that still take it)."""

from __future__ import annotations

import re
from itertools import pairwise

from rca.report.document import Block, Document, Heading, Labelled, Line, Prose, Table, Verbatim

_INLINE = re.compile(
    r"[{}\[\]|!]"  # macros, links, tables, pictures
    r"|(?<![^\W_])[_*+^~]|[_*+^~](?![^\W_])"  # effects; inside a word they are none
    r"|(?<!\w)-|-(?=-)|\?(?=\?)"  # struck out, dashes, citations
    r"|:(?=[()DP])|;(?=\))|\((?=(?:[/xi!?+*yn-]|on|off|flag\w*|\*\w)\))"  # faces
)
_START = re.compile(r"(#|h[1-6]\.|bq\.)")
_BACKSLASH = "&#92;"
"""Two backslashes are a line break, and one takes the meaning from what follows."""


def render(document: Document) -> str:
    """Wiki markup ending with one newline."""
    text = _block(document[0]) if document else ""
    for before, block in pairwise(document):
        close = isinstance(before, Labelled) and isinstance(block, Labelled) and not before.lines[-1].listed
        text += ("\n" if close or isinstance(before, Heading) else "\n\n") + _block(block)
    return text + "\n"


def inline(text: str) -> str:
    """Text that stays text. Entities in it are spelled out first, or they would be resolved."""
    found = _INLINE.sub(lambda match: "\0" + match[0], text.replace("&", "&amp;"))
    return found.replace("\\", _BACKSLASH).replace("\0", "\\")


def _start(text: str) -> str:
    """Text that stays text at the beginning of a line too."""
    safe = inline(text.strip())
    if match := _START.match(safe):
        return f"&#{ord(match[1][0])};{safe[1:]}"
    return safe


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"h{level}. {inline(text)}"
        case Prose(lines):
            return _lines(lines)
        case Labelled(label, lines):
            return f"*{inline(label)}:*{' ' if block.inline else chr(10)}{_lines(lines)}"
        case Verbatim(lines):
            inside = "\n".join(lines).replace("{noformat}", "(noformat)")
            return f"{{noformat}}\n{inside}\n{{noformat}}"
        case Table(head, rows):
            cells = ["|" + "|".join(inline(cell) or " " for cell in row) + "|" for row in rows]
            return "\n".join(["||" + "||".join(map(inline, head)) + "||", *cells])


def _lines(lines: tuple[Line, ...]) -> str:
    text = ""
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        text += _line(line)
        if after is not None:
            text += "\n\n" if line.listed and not after.listed and after.text else "\n"
    return text


def _line(line: Line) -> str:
    lead = f"*{inline(line.lead)}*" if line.lead else ""
    text = inline(line.text) if lead else _start(line.text)
    return f"{'* ' if line.listed else ''}{lead}{text}" + (f" {inline(line.mark)}" if line.mark else "")
