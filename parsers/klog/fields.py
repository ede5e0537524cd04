"""Journal entries that come as fields: ``journalctl -o json``, ``-o export`` and ``-o verbose``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_LOOK = 60
"""Lines within which such a journal shows what it is."""
_FIELD = re.compile(r"\s{0,8}(?:__?)?[A-Z][A-Z0-9_]{2,40}=")
_HEAD = re.compile(r"\S.{10,60} \[s=[0-9a-f]+;")
_SPEAKERS = ("kernel", "")


def has_fields(lines: Sequence[str]) -> bool:
    """Whether the text is a journal in fields and not in lines."""
    return any(
        line.startswith(("__CURSOR=", "    MESSAGE=", "MESSAGE="))
        or (line[:2] == '{"' and '"MESSAGE"' in line)
        for line in lines[:_LOOK]
    )


def messages(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The kernel's messages, with the 1-based number of the line that holds each."""
    for number, line in enumerate(lines, 1):
        if line[:1] == "{":
            text = _from_json(line)
            if text is not None:
                yield number, text
        elif (name := line.lstrip()).startswith("MESSAGE="):
            yield number, name[len("MESSAGE=") :]
        elif line.strip() and not _FIELD.match(line) and not _HEAD.match(line):
            yield number, line


def _from_json(line: str) -> str | None:
    """The message of one entry; None for another program's, the line itself where it is no JSON (a cut one)."""
    import json  # not at the top: few logs come as JSON, and reading one should begin at once

    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return line
    message = entry.get("MESSAGE") if isinstance(entry, dict) else None
    if not isinstance(message, str):
        return None
    return message if entry.get("SYSLOG_IDENTIFIER", "") in _SPEAKERS else None
