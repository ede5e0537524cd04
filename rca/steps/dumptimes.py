"""When dumps were saved: which of two is the later, and how their times are told."""

from __future__ import annotations

from datetime import timedelta

from rca.sources.base import Dump
from rca.sources.dumps import directory_time
from rca.steps.common import utc
from rca.zones import FARTHEST


def saved(dump: Dump) -> str:
    """``2025-12-22 09:02:05Z``, or without the Z and said to be the node's own time."""
    if dump.saved and dump.zoneless:
        return f"{dump.saved:%Y-%m-%d %H:%M:%S} (node's own time)"
    return utc(dump.saved)


def is_later(dump: Dump, than: Dump) -> bool | None:
    """Whether a dump is the later of two; None where their clocks do not tell.

    Directories named by the node are in one zone. A name against a time in UTC proves nothing within 14 hours.
    """
    if dump.saved is None or than.saved is None:
        return None
    if dump.zoneless == than.zoneless:
        return dump.saved > than.saved
    names = directory_time(dump.directory.name), directory_time(than.directory.name)
    if names[0] and names[1]:
        return names[0] > names[1]
    apart = dump.saved - than.saved
    return None if abs(apart) < FARTHEST else apart > timedelta()
