"""Which piece of evidence holds the best kernel log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rca.evidence import Evidence

LOGS = ("log", "vmcore-dmesg", "crash-log", "journal")
"""Best first: the log out of the dump itself, what the capture kernel saved, what survived on disk."""

_FEW = 3
"""Lines that no log is as short as."""
_READ = frozenset((*LOGS, "sys", "bt", "bt-a", "mod", "kmem-s", "ps-S", "runq"))
_READ_BY_NAME = ("dis", "sym")
"""How the ids of commands begin that are asked about one address or name."""


def reads(id_: str) -> bool:
    """Whether a diagnosis may change with this piece of evidence."""
    return id_ in _READ or id_.startswith(_READ_BY_NAME)


def is_transcript(lines: Sequence[str]) -> bool:
    """Whether a text is what crash printed: a backtrace's header with its first frame below."""
    return any(
        "  TASK: " in line
        and "COMMAND: " in line
        and any("#0 [" in below for below in lines[number + 1 : number + 4])
        for number, line in enumerate(lines)
    )


def best_log(evidence: Mapping[str, Evidence]) -> Evidence | None:
    """The first log that has lines and is whole; else the first that has any, unless a program only said why not."""
    there = [evidence[name] for name in LOGS if name in evidence and evidence[name].lines]
    there = [item for item in there if item.exit_status in (0, None) or len(item.lines) > _FEW]
    whole = [item for item in there if item.ok and not item.truncated and len(item.lines) > _FEW]
    found = whole or there
    return found[0] if found else None
