"""The lines that the kernel printed: without prefixes, and with a mailer's breaks mended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from parsers.klog.fields import has_fields, messages
from parsers.klog.prefixes import Stripper


class Record(NamedTuple):
    """One line that the kernel printed."""

    number: int
    """1-based line of the log."""
    text: str
    caller: str
    """Printk caller (``T123``, ``C0``) where the console shows it."""


def read_records(lines: Sequence[str]) -> tuple[list[Record], str]:
    """Strip every line; returns the kernel's records and the node's name if the prefixes tell it."""
    stripper = Stripper()
    strip = stripper.strip
    records = []
    for number, line in messages(lines) if has_fields(lines) else enumerate(lines, 1):
        line = line.rstrip("\r\n")
        if line.endswith("\\x0d"):
            line = line[:-4].replace("\\x0d", "")
        parts = strip(line)
        if parts is not None:
            records.append(Record(number, parts[0], parts[1]))
    return _unwrap(records, lines), stripper.node


_MAIL_WIDTH = range(36, 100)
"""Lengths at which mailers break lines."""
_FULL = 62
"""A line is broken only when its next word would have gone beyond this column."""
_TAILS = (" at", " ?", "Comm:", "Kdump:", "Tainted:", "RIP: 0010:", "Tainted: G", "Modules linked in:")
"""Ends at which no line of the kernel ends."""
_MODULE = re.compile(r"\[[A-Za-z][\w-]{1,60}\]")
_CPU_REST = re.compile(
    r"\s{0,40}(?:loaded |(?:Not t|T)ainted|[A-Z](?: {0,8}[A-Z]){0,12}(?: |$)|[- ]{3}|\d+\.\d+\.\d+\S* #)"
)


def _unwrap(records: list[Record], lines: Sequence[str]) -> list[Record]:
    """Join lines that a mailer broke.

    Where stamps are the rule, a line without one is taken for the rest of the line before if it does not begin with a
    blank and its first word would not have fitted there. Everywhere, a line is joined to one that cannot be complete.
    """
    stamped = 0
    loose: set[int] = set()
    for index, record in enumerate(records):
        if len(lines[record.number - 1]) - len(record.text) >= 8:
            stamped += 1
        elif record.text and (record.text[0] not in " \t<[" or _MODULE.fullmatch(record.text)):
            loose.add(index)
    broken = any("Tainted:" in record.text and " #" not in record.text for record in records)
    if not loose and not broken:
        return records
    dense = stamped >= 4 and stamped * 4 >= len(records)
    out: list[Record] = []
    for index, record in enumerate(records):
        if out and _belongs(
            out[-1], record, index in loose, lines[records[index - 1].number - 1] if dense else ""
        ):
            last = out[-1]
            out[-1] = Record(last.number, f"{last.text.rstrip()} {record.text}", last.caller)
        else:
            out.append(record)
    return out


def _belongs(last: Record, record: Record, loose: bool, previous: str) -> bool:
    """Whether a record is the rest of the one before; `previous` is that one's raw line where stamps are the rule."""
    if len(last.text) > _JOINED:
        return False
    if _splits_cpu_line(last.text, record.text):
        return True
    return loose and (
        last.text.rstrip().endswith(_TAILS) or (previous != "" and _continues(previous, record.text))
    )


_JOINED = 2000
"""No line grows beyond this by joining."""


def _splits_cpu_line(before: str, text: str) -> bool:
    """Whether `text` is the rest of ``CPU: … PID: … Comm: …``, which ends in the release and ``#1``."""
    if "PID: " not in before or "Comm: " not in before or " #" in before or len(before) > 200:
        return False
    return "Hardware" not in text and _CPU_REST.match(text) is not None


def _continues(previous: str, text: str) -> bool:
    word = len(text.split(" ", 1)[0])
    return len(previous) in _MAIL_WIDTH and len(previous) + 1 + word > _FULL
