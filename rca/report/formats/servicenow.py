"""A ServiceNow work note: HTML between ``[code]`` and ``[/code]``, which the journal renders.

An instance may switch that off (``glide.ui.security.allow_codetag``); plain text serves there. Line ends inside become
breaks of their own, so there are none outside of `<pre>`.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

from rca.report.document import Block, Document, Heading, Labelled, Line, Prose, Table, Verbatim


def render(document: Document) -> str:
    """The note, ending with one newline."""
    return f"[code]{''.join(map(_block, document))}[/code]\n"


def _safe(text: str) -> str:
    """Text that is no tag and ends no ``[code]``."""
    return escape(text).replace("[", "&#91;").replace("]", "&#93;")


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level + 1}>{_safe(text)}</h{level + 1}>"
        case Prose(lines):
            return _lines(lines, "")
        case Labelled(label, lines):
            return _lines(lines, f"<b>{_safe(label)}:</b>{' ' if block.inline else '<br>'}")
        case Verbatim(lines):
            return f"<pre>{_safe(chr(10).join(lines))}</pre>"
        case Table(head, rows):
            top = "".join(f"<th>{_safe(cell)}</th>" for cell in head)
            body = "".join(f"<tr>{''.join(f'<td>{_safe(cell)}</td>' for cell in row)}</tr>" for row in rows)
            return f"<table><tr>{top}</tr>{body}</table>"


def _lines(lines: tuple[Line, ...], label: str) -> str:
    parts = []
    for is_list, run in groupby(lines, lambda line: line.listed):
        items = [_line(line) for line in run]
        if is_list:
            if label:
                parts.append(label.removesuffix("<br>"))
            parts.append(f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>")
        else:
            parts.append(f"<p>{label}{'<br>'.join(items)}</p>")
        label = ""
    return "".join(parts) or f"<p>{label}</p>"


def _line(line: Line) -> str:
    lead = f"<b>{_safe(line.lead)}</b>" if line.lead else ""
    return lead + _safe(f"{line.text} {line.mark}" if line.mark else line.text)
