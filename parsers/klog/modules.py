"""The list of modules that an oops prints."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.klog.model import Module
from parsers.klog.records import Record

_MODULE = re.compile(r"([\w-]+)(?:\(([A-Z+-]*)\))?")
_UNLOADED = re.compile(r"\[last unloaded: ([\w-]+)")
_LONGEST = 64_000
"""Characters of one line that are read: no kernel has a thousand modules."""
HEAD = "Modules linked in:"
TAINTS = " taints kernel"
_TAINTING = re.compile(
    r"^([\w-]{1,64}): (?:loading out-of-tree module|module license '.{0,80}') taints kernel"
)


def read_modules(records: Sequence[Record], index: int) -> tuple[tuple[Module, ...], str]:
    """Read the list that begins in ``records[index]``; returns the modules and the one unloaded last.

    Lists run on over several lines when a mailer or an old kernel broke them.
    """
    text = records[index].text
    begin = text.index(HEAD) + len(HEAD)
    parts = [text[begin : begin + _LONGEST]]
    for record in records[index + 1 : index + 40]:
        if "[last unloaded" in parts[-1] or not _more(record.text):
            break
        parts.append(record.text)
    whole = " ".join(parts)
    listed, _, tail = whole.partition("[last unloaded:")
    unloaded = _UNLOADED.search("[last unloaded:" + tail) if tail else None
    modules = []
    for word in listed.split():
        found = _MODULE.fullmatch(word)
        if found:
            modules.append(Module(found[1], found[2] or ""))
    return tuple(modules), unloaded[1] if unloaded else ""


def tainting(record: Record) -> str:
    """The module that the kernel calls foreign here, ``drbd: loading out-of-tree module taints kernel.``; else empty.

    Since 3.2 it says so once, of the first such module (kernel/module.c, now kernel/module/main.c).
    """
    found = _TAINTING.match(record.text.strip())
    return found[1] if found else ""


def _more(text: str) -> bool:
    text = text.strip()
    if not text or ":" in text.replace("[last unloaded:", "") or "+0x" in text or "<" in text or "=" in text:
        return False
    words = text.partition("[last unloaded")[0].split()
    return all(_MODULE.fullmatch(word) for word in words)
