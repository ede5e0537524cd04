"""A recorded case: evidence and dumps as they were, with no node behind them."""

from __future__ import annotations

from collections.abc import Mapping

from rca.evidence import Evidence, Kind, now
from rca.sources.base import NOT_HELD, Command, Dump, Probe, Where


class RecordingSource:
    """Answers from what was recorded, by the probe's id."""

    where = Where.RECORDING

    def __init__(self, evidence: Mapping[str, Evidence], dumps: tuple[Dump, ...] = ()) -> None:
        """Take what was recorded."""
        self.name = "recording"
        self._evidence = evidence
        self._recorded = dumps

    def collect(self, probe: Probe) -> Evidence:
        """Return what was recorded under this id."""
        if found := self._evidence.get(probe.id):
            return found
        if isinstance(probe, Command):
            kind, what = Kind.COMMAND, " ".join(probe.argv)
        else:
            kind, what = Kind.FILE, next(iter(probe.paths), probe.id)
        return Evidence(probe.id, kind, what, self.name, now(), problem=f"the recording {NOT_HELD}")

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        """Return the dumps as they were."""
        return self._recorded

    def which(self, program: str) -> str | None:
        """A recording has no programs."""
        return None

    def exists(self, path: str) -> bool:
        """A recording has no files."""
        return False

    def free_bytes(self, path: str) -> int | None:
        """Has no meaning here."""
        return None

    def disk(self) -> None:
        """Nothing changes here."""
        return

    def close(self) -> None:
        """Nothing runs."""
