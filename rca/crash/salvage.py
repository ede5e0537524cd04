"""What the bare terminal's block would have held, out of the raw log, after an end that kept nothing else of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from rca.casefolder import RAW_LOG
from rca.crash.base import Ids
from rca.crash.loan import NAME as BARE
from rca.crash.recall import captured
from rca.crash.retyped import Typing
from rca.crash.stream import LineStream
from rca.evidence import Evidence, Kind

_MOST = 16 << 20
"""Bytes of one block that are read."""
_REST = f"[The {BARE} did not give the prompt back; {RAW_LOG} holds every byte]"


def reached(case: Path) -> int:
    """How many bytes the raw log of a case holds: where the next block begins."""
    try:
        return (case / RAW_LOG).stat().st_size
    except OSError:
        return 0


def salvaged(
    case: Path, start: int, began: datetime, where: str, kept: Iterable[Evidence], prompt: str = "crash> "
) -> Evidence:
    """The block that begins at byte `start`, as far as crash said it, under an id that nothing `kept` has."""
    try:
        with (case / RAW_LOG).open("rb") as raw:
            raw.seek(start)
            data = raw.read(_MOST)
    except (OSError, ValueError, OverflowError):  # the mark may be damaged
        data = b""
    typing = Typing(prompt)
    first, *rest = (typing.shown(line) for line in LineStream().feed(data + b"\n"))
    first = first.removeprefix(
        prompt
    )  # readline draws it anew when the size changes, before this byte or behind
    id_ = Ids(taken=captured(kept)).take(BARE)
    return Evidence(id_, Kind.CRASH, BARE, where, began, (first, *rest, _REST), truncated=True)
