"""What a line of crash output or of a kernel log means beyond its words: poisoned pointers, pages near NULL."""

from __future__ import annotations

import re

from rca.diagnosis.poison import poison

_PAGE = 4096
_VALUE = re.compile(r"(?:\b([A-Z][A-Z0-9]{1,4}|x\d{1,2}) ?: *)?\b(?:0x)?([0-9a-f]{16})\b")
_FAULT = re.compile(
    r"(?:NULL pointer dereference(?:,| at)(?: virtual)?(?: address:?)?|paging request at|for address:?|\bCR2:) *"
    r"(?:0x)?([0-9a-f]{8,16})\b"
)


def note(line: str) -> str:
    """A short remark on a line; empty where there is nothing to add."""
    line = line[:1_000]
    if fault := _FAULT.search(line):
        address = int(fault[1], 16)
        if address < _PAGE:
            return f"NULL page: a member at offset {address:#x}" if address else "a NULL pointer"
    said = []
    for found in _VALUE.finditer(line):
        if meaning := poison(int(found[2], 16)):
            said.append(f"{found[1]}: {meaning}" if found[1] else meaning)
    return "; ".join(dict.fromkeys(said))
