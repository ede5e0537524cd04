"""Plain text, for mail and for fields that render nothing."""

from __future__ import annotations

from itertools import pairwise

from rca.report.document import Block, Document, Heading, Labelled, Line, Prose, Table, Verbatim


def render(document: Document) -> str:
    """Text ending with one newline."""
    text = _block(document[0]) if document else ""
    for before, block in pairwise(document):
        tight = isinstance(before, Heading) or (isinstance(before, Labelled) and isinstance(block, Labelled))
        text += ("\n" if tight else "\n\n") + _block(block)
    return text + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{text}\n{('=' if level == 1 else '-') * min(len(text), 100)}"
        case Prose(lines):
            return "\n".join(map(_line, lines))
        case Labelled(label, lines):
            return f"{label}:{' ' if block.inline else chr(10)}" + "\n".join(map(_line, lines))
        case Verbatim(lines):
            return "\n".join(f"    {line}" for line in lines)
        case Table(_, rows):
            return "\n".join("  ".join(row).rstrip() for row in rows)


def _line(line: Line) -> str:
    text = f"{'- ' if line.listed else ''}{line.lead}{line.text}"
    return f"{text} {line.mark}" if line.mark else text
