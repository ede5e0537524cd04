"""Atlassian Document Format, in which Jira Cloud's API takes and keeps text: one JSON document, no escapes needed.

The nodes are those that the vendor documents for Jira: doc, heading, paragraph, text, hardBreak, bulletList, listItem,
codeBlock, table, tableRow, tableHeader, tableCell; of the marks strong alone.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from rca.report.document import Block, Document, Heading, Labelled, Line, Prose, Table, Verbatim

Node = dict[str, Any]


def render(document: Document) -> str:
    """The document as one line of JSON, ending with a newline."""
    content = [node for block in document for node in _block(block)]
    return json.dumps({"version": 1, "type": "doc", "content": content}, ensure_ascii=False) + "\n"


def _block(block: Block) -> list[Node]:
    match block:
        case Heading(level, text):
            return [{"type": "heading", "attrs": {"level": level}, "content": _text(text)}]
        case Prose(lines):
            return _lines(lines, [])
        case Labelled(label, lines):
            return _lines(lines, _text(f"{label}: " if block.inline else f"{label}:", strong=True))
        case Verbatim(lines):
            return [{"type": "codeBlock", "content": _text("\n".join(lines))}]
        case Table(head, rows):
            cells = [[("tableHeader", cell) for cell in head]]
            cells += [[("tableCell", cell) for cell in row] for row in rows]
            return [{"type": "table", "content": [_row(row) for row in cells]}]


def _row(cells: list[tuple[str, str]]) -> Node:
    return {
        "type": "tableRow",
        "content": [
            {"type": kind, "attrs": {}, "content": [_paragraph(_text(text))]} for kind, text in cells
        ],
    }


def _lines(lines: tuple[Line, ...], label: list[Node]) -> list[Node]:
    """Paragraphs and lists in turn; an empty line parts two paragraphs. The label leads the first of them."""
    nodes: list[Node] = []
    inline = list(label)
    for kind, run in groupby(lines, lambda line: "item" if line.listed else "text" if line.text else "gap"):
        if kind == "gap":
            continue
        if kind == "item":
            nodes += [_paragraph(inline)] if inline else []
            items = [{"type": "listItem", "content": [_paragraph(_line(line))]} for line in run]
            nodes.append({"type": "bulletList", "content": items})
        else:
            for number, line in enumerate(run):
                if number or (inline and len(lines) > 1):
                    inline.append({"type": "hardBreak"})
                inline += _line(line)
            nodes.append(_paragraph(inline))
        inline = []
    return nodes + ([_paragraph(inline)] if inline else [])


def _line(line: Line) -> list[Node]:
    return [*_text(line.lead, strong=True), *_text(f"{line.text} {line.mark}" if line.mark else line.text)]


def _paragraph(inline: list[Node]) -> Node:
    return {"type": "paragraph", "content": inline}


def _text(text: str, *, strong: bool = False) -> list[Node]:
    """A text node; none for no text, which the format forbids."""
    if not text:
        return []
    node: Node = {"type": "text", "text": text}
    return [{**node, "marks": [{"type": "strong"}]} if strong else node]
