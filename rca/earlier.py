"""What the other cases kept here died of, so that the same death seen before is told as a recurrence."""

from __future__ import annotations

from pathlib import Path

from rca.case import load_subject
from rca.casefolder import CaseError, cases_folder, is_case
from rca.sources.base import Dump, Where
from rca.sources.saved import dump_from_json

_MOST = 1000
"""Cases that are looked at, the last touched first."""


def earlier(own: Path) -> tuple[Dump, ...]:
    """The dumps of all cases in the state directory but `own`. One that cannot be read is left out; recordings, whose
    deaths are lessons, are too."""
    found = []
    for directory in _cases(own):
        try:
            subject = load_subject(directory)
        except CaseError:
            continue
        dump = dump_from_json(subject.dump)
        if dump is not None and subject.where != Where.RECORDING:
            found.append(dump)
    return tuple(found)


def _cases(own: Path) -> list[Path]:
    try:
        kept = [path for path in cases_folder().iterdir() if path != own and is_case(path)]
        return sorted(kept, key=lambda path: path.stat().st_mtime, reverse=True)[:_MOST]
    except OSError:
        return []
