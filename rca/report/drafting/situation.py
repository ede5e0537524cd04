"""What several headings need: did it die, when, what it is called, which lines say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timezone, tzinfo
from itertools import islice

from rca.diagnosis.model import About, Diagnosis, Statement
from rca.diagnosis.sources import best_log
from rca.diagnosis.titles import for_people
from rca.evidence import Citation, Evidence, first
from rca.settings import settings
from rca.sources.base import Where
from rca.steps.base import Facts
from rca.steps.common import fatal_citations, other_node, release_lines, saved_by_kdump
from rca.steps.titles import PANICKED
from rca.timeline import capture_zone, when_lines
from rca.verdict import Badge, Verdict

_FRAME = re.compile(r"\+0x[0-9a-f]+/0x[0-9a-f]+")
_MOST_FRAMES = 4
_BEFORE, _AFTER = 30, 300
"""Lines around the fatal one that belong to its report."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts and the verdicts, and what follows from them at once."""

    facts: Facts
    verdicts: Mapping[int, Verdict]
    found: Diagnosis
    """The diagnosis, an empty one where there is none."""
    log: Evidence | None
    """The log that the diagnosis was made from."""
    fatal: tuple[Citation, ...]
    """The line that tells of the death, where there is one."""
    died: bool
    """Whether it is proven that the kernel died, and did not only report something and go on."""

    @classmethod
    def of(cls, facts: Facts, verdicts: Mapping[int, Verdict]) -> Situation:
        """Look at the facts; a large log is gone through once."""
        found = facts.diagnosis or Diagnosis()
        log = best_log(facts.evidence)
        saved = saved_by_kdump(facts.dump)
        fatal = found.citations[:1] if saved and found.citations else fatal_citations(log)
        if log is not None and log.id == "journal":
            died = saved or (PANICKED in verdicts and verdicts[PANICKED].badge is Badge.PASS)
        else:
            died = saved or bool(fatal)
        return cls(facts, verdicts, found, log, (found.citations or fatal)[:1], died)

    def near(self, pattern: str) -> tuple[Citation, ...]:
        """The first line of the report itself, or around it, in which a pattern is found."""
        if self.log is None or not self.fatal or self.fatal[0].evidence != self.log.id:
            return ()
        find = re.compile(pattern).search
        at = self.fatal[0].line
        lines = range(max(1, at - _BEFORE), min(len(self.log.lines), at + _AFTER) + 1)
        return first(self.log.cite(n) for n in lines if find(self.log.lines[n - 1]))

    @property
    def title(self) -> str:
        """The diagnosis's title in people's words."""
        return for_people(self.found.title)

    @property
    def frames(self) -> tuple[Citation, ...]:
        """The first of the cited lines that are frames of the trace."""
        frames = (cited for cited in self.found.citations[1:] if _FRAME.search(cited.text))
        return tuple(islice(frames, _MOST_FRAMES))

    @property
    def moment(self) -> datetime | None:
        """When the kernel died, with a zone."""
        return self.facts.crash_time

    @property
    def moment_lines(self) -> tuple[Citation, ...]:
        """Where crash prints the time."""
        return when_lines(self.facts)

    @property
    def release_lines(self) -> tuple[Citation, ...]:
        """Where crash and the log print the crashed release."""
        return release_lines(self.facts)

    def statement(self, about: About) -> Statement | None:
        """The first finding about that."""
        return next((item for item in self.found.statements if item.about is about), None)

    def in_words(self, moment: datetime) -> str:
        """A time in UTC, and in the zone of the settings, or by the node's own clock where that is known."""
        text = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        zone = settings().time_zone
        if zone or self._here:
            return text + _local(moment, zone)
        offset = capture_zone(self.facts)
        if not offset:
            return text
        there = moment.astimezone(timezone(offset))
        return f"{text} ({there:%Y-%m-%d %H:%M:%S, UTC%z} by the name of the dump's directory)"

    @property
    def zone_known(self) -> bool:
        """Whether a local time can be told beside UTC."""
        return bool(settings().time_zone or self._here or capture_zone(self.facts))

    @property
    def _here(self) -> bool:
        """Whether the node is this machine."""
        return self.facts.where is Where.NODE and not other_node(self.facts)


def _local(moment: datetime, zone: tzinfo | None) -> str:
    """The same time in a zone, or by this machine's clock; empty where that has no answer."""
    try:
        here = moment.astimezone(zone)
    except (OverflowError, OSError, ValueError):
        return ""
    clock = "" if zone else " local time"
    return "" if here.tzname() == "UTC" else f" ({here:%Y-%m-%d %H:%M:%S %Z, UTC%z}{clock})"
