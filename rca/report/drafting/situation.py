"""What several headings need: did it die, when, what it is called, which lines say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from rca.diagnosis.model import Diagnosis, Statement
from rca.diagnosis.sources import best_log
from rca.diagnosis.titles import NO_FRAME
from rca.evidence import Citation, Evidence, first
from rca.sources.base import Where
from rca.steps.base import Facts
from rca.steps.common import crash_time, fatal_citations, saved_by_kdump
from rca.verdict import Badge, Verdict

_FRAME = re.compile(r"\+0x[0-9a-f]+/0x[0-9a-f]+")
_MOST_FRAMES = 4


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts and the verdicts, and what follows from them at once."""

    facts: Facts
    verdicts: Mapping[int, Verdict]

    @property
    def found(self) -> Diagnosis:
        """The diagnosis, an empty one where there is none."""
        return self.facts.diagnosis or Diagnosis()

    @property
    def log(self) -> Evidence | None:
        """The log that the diagnosis was made from."""
        return best_log(self.facts.evidence)

    @property
    def died(self) -> bool:
        """Whether it is proven that the kernel died, and did not only report something and go on."""
        if saved_by_kdump(self.facts.dump):
            return True
        log = self.log
        if log is not None and log.id == "journal":
            return 1 in self.verdicts and self.verdicts[1].badge is Badge.PASS
        return bool(fatal_citations(log))

    @property
    def fatal(self) -> tuple[Citation, ...]:
        """The line that tells of the death, where there is one."""
        return self.found.citations[:1] or fatal_citations(self.log)[:1]

    @property
    def title(self) -> str:
        """The diagnosis's title in people's words."""
        return self.found.title.replace(f" in {NO_FRAME}", " (no trustworthy frame)")

    @property
    def frames(self) -> tuple[Citation, ...]:
        """The first of the cited lines that are frames of the trace."""
        frames = (cited for cited in self.found.citations[1:] if _FRAME.search(cited.text))
        return tuple(islice(frames, _MOST_FRAMES))

    @property
    def moment(self) -> datetime | None:
        """When the kernel died, with a zone."""
        moment = crash_time(self.facts)
        return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment

    @property
    def moment_lines(self) -> tuple[Citation, ...]:
        """Where crash prints the time."""
        system = self.facts.evidence.get("sys")
        return first(system.grep(r"^\s*DATE: ")) if system else ()

    @property
    def release_lines(self) -> tuple[Citation, ...]:
        """Where crash and the log print the crashed release."""
        pattern = re.escape(self.facts.crashed_release)
        items = (self.facts.evidence.get("sys"), self.log)
        return tuple(cited for item in items if item for cited in first(item.grep(pattern)))

    def statement(self, beginning: str) -> Statement | None:
        """The first finding that begins so."""
        return next((item for item in self.found.statements if item.text.startswith(beginning)), None)

    def in_words(self, moment: datetime) -> str:
        """A time in UTC, and by the node's own clock where that is this machine's."""
        text = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        return text + (_local(moment) if self.facts.where is Where.NODE else "")


def _local(moment: datetime) -> str:
    """The same time by this machine's clock; empty where that has no answer."""
    try:
        here = moment.astimezone()
    except (OverflowError, OSError, ValueError):
        return ""
    return "" if here.tzname() == "UTC" else f" ({here:%Y-%m-%d %H:%M:%S %Z, UTC%z} local time)"
