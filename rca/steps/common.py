"""What several steps need: the wait for evidence, citations, sizes and times in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from parsers.host.fatal import fatal_lines, is_panic, is_rip, message, went_on
from rca.diagnosis.agreement import disagreements, missing_end, same_node
from rca.diagnosis.sources import best_log
from rca.evidence import Citation, Evidence, first
from rca.sources.base import Command, Dump, DumpState, Probe, not_held
from rca.steps.base import Facts
from rca.verdict import Badge, Verdict

HAS_CORE = (DumpState.COMPLETE, DumpState.FLATTENED, DumpState.INCOMPLETE, DumpState.SAVING)
"""States in which there is memory to look at."""


def saved_by_kdump(dump: Dump | None) -> bool:
    """Whether a dump shows that kdump took over: only one whose header tells when its kernel died does.

    A kernel notes that time when it dies and at no other. What a hypervisor saves of a running guest lacks it.
    """
    return bool(dump and dump.state in HAS_CORE and dump.header and dump.header.crash_time)


def other_node(facts: Facts) -> str:
    """The node that the dump is of, where that is another one than was asked; empty where it is not, or not known."""
    header = facts.dump.header if facts.dump else None
    crashed, asked = (header.node if header else ""), value_of(facts, "uname-n")
    return crashed if crashed and asked and not same_node(crashed, asked) else ""


def apart(facts: Facts, node: str) -> str:
    """Why nothing that was asked counts for the node of the dump."""
    return f"The dump is of {node}, and {value_of(facts, 'uname-n')} was asked: how it stands says nothing of {node}."


_LAST_WORDS = 120.0
"""Seconds in which a dying kernel falls silent: one that hangs complains every half minute, and is reset."""
EL = re.compile(r"\.el(\d+)")


def named(probe: Probe) -> str:
    """A probe in people's words: the command line, or the file."""
    return " ".join(probe.argv) if isinstance(probe, Command) else probe.paths[0] if probe.paths else probe.id


def missing(facts: Facts, probes: Iterable[Probe]) -> tuple[Probe, ...]:
    """The probes that have not been answered yet."""
    return tuple(probe for probe in probes if probe.id not in facts.evidence)


def collecting(facts: Facts, probes: Iterable[Probe]) -> Verdict | None:
    """The verdict while answers are outstanding, or None when all are here."""
    wanted = missing(facts, probes)
    if not wanted:
        return None
    return Verdict(Badge.RUN, f"Collecting: {', '.join(named(probe) for probe in wanted)}")


def held(facts: Facts, *ids: str) -> bool:
    """Whether the place could be asked for any of these at all."""
    return any(not not_held(facts.evidence.get(id_)) for id_ in ids)


def lines_of(facts: Facts, id_: str) -> tuple[str, ...]:
    """The lines of a piece of evidence; none where it is missing."""
    evidence = facts.evidence.get(id_)
    return evidence.lines if evidence else ()


def value_of(facts: Facts, id_: str) -> str:
    """The first line of a one-line file, stripped; empty where it could not be read whole."""
    evidence = facts.evidence.get(id_)
    return evidence.lines[0].strip() if evidence and evidence.lines and not evidence.problem else ""


def cite(facts: Facts, id_: str, *numbers: int) -> tuple[Citation, ...]:
    """Cite lines by number; numbers that are 0 or outside are left out."""
    evidence = facts.evidence.get(id_)
    return tuple(evidence.cite(n) for n in numbers if 0 < n <= len(evidence.lines)) if evidence else ()


def problems(facts: Facts, *ids: str) -> tuple[str, ...]:
    """What could not be obtained and why, a sentence each."""
    known = (facts.evidence.get(id_) for id_ in ids)
    return tuple(f"{e.what}: {e.problem}." for e in known if e and e.problem)


def fatal_citations(evidence: Evidence | None, within: range | None = None) -> tuple[Citation, ...]:
    """The first fatal line of a log (of some 1-based lines of it), the RIP after it, and the panic line if any."""
    if evidence is None:
        return ()
    within = within or range(1, len(evidence.lines) + 1)
    fatal = [number for number in fatal_lines(evidence.lines) if number in within]
    if not fatal:
        return ()
    numbers = [fatal[0]]
    after = range(fatal[0], within.stop)
    numbers += [n for n in after if is_rip(evidence.lines[n - 1])][:1]
    numbers += [n for n in fatal if is_panic(evidence.lines[n - 1])][:1]
    return tuple(evidence.cite(n) for n in dict.fromkeys(numbers))


def survived(lines: Sequence[str]) -> str:
    """For how long a log goes on after what it reports, in words; empty where the kernel may well have died of it."""
    seconds = went_on(lines)
    if seconds < _LAST_WORDS:
        return ""
    return f"{seconds / 3600:.0f} hours" if seconds >= 2 * 3600 else f"{seconds / 60:.0f} minutes"


def of_two_crashes(facts: Facts) -> tuple[str, ...]:
    """In which respects the chosen dump and the log beside it differ, a sentence each."""
    saved, own = facts.evidence.get("vmcore-dmesg"), facts.evidence.get("log")
    if saved and saved.lines and own and own.lines:  # the dump's own log is a better witness than any clock
        line = missing_end(saved, own)
        return (f"the dump's own log does not hold “{line.text}”",) if line else ()
    return disagreements(facts.diagnosis, facts.dump.header) if facts.diagnosis and facts.dump else ()


def has_panic_line(evidence: Evidence | None) -> bool:
    """Whether the words ``Kernel panic`` themselves stand in a log."""
    lines = evidence.lines if evidence else ()
    return any(is_panic(lines[number - 1]) for number in fatal_lines(lines))


def header_said(facts: Facts) -> tuple[str, ...]:
    """That something stands in the dump's header, which has no lines to cite; nothing where none was read."""
    dump = facts.dump
    return (f"Source: the dump header of {dump.vmcore}.",) if dump and dump.header and dump.vmcore else ()


def release_lines(facts: Facts) -> tuple[Citation, ...]:
    """Where crash and the log print the crashed release."""
    pattern = re.escape(facts.crashed_release)
    if not pattern:
        return ()
    items = (facts.evidence.get("sys"), best_log(facts.evidence))
    return tuple(cited for item in items if item for cited in first(item.grep(pattern)))


def utc(moment: datetime | None) -> str:
    """A time as people read it: ``2025-12-22 09:02:05Z``."""
    return f"{moment:%Y-%m-%d %H:%M:%S}Z" if moment else "an unknown time"


def human(size: int) -> str:
    """``512 MiB``."""
    amount = float(size)
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if amount < 1024 or unit == "TiB":
            return f"{amount:.0f} {unit}" if amount >= 10 or unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1024
    raise AssertionError


def count(number: int, noun: str) -> str:
    """``1 dump``, ``3 dumps``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """``bt, bt -a and mod``."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def words(citation: Citation) -> str:
    """A cited log line without its stamp."""
    return message(citation.text).strip()
