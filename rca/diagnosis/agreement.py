"""Whether a log and a dump that lie together are of one crash."""

from __future__ import annotations

from datetime import timedelta

from parsers.dumpheader import DumpHeader
from parsers.host.fatal import fatal_lines, message
from rca.diagnosis.model import Diagnosis
from rca.evidence import Citation, Evidence
from rca.zones import FARTHEST, QUARTER

_SLACK = timedelta(minutes=5)
"""What a time of the log may be off: mostly it is reckoned from a clock that was read at boot."""


def disagreements(found: Diagnosis, header: DumpHeader | None) -> tuple[str, ...]:
    """In which respects the log of a diagnosis and a dump's own header differ, a sentence each."""
    if header is None:
        return ()
    said = []
    if header.release and found.kernel_release and header.release != found.kernel_release:
        said.append(f"the log is of kernel {found.kernel_release}, the dump of {header.release}")
    if header.node and found.node and not same_node(header.node, found.node):
        said.append(f"the log is of node {found.node}, the dump of {header.node}")
    if header.crash_time and found.crash_time and _apart(abs(header.crash_time - found.crash_time)):
        said.append(
            f"the log's crash was at {found.crash_time:%Y-%m-%d %H:%M:%S}Z, the dump's at "
            f"{header.crash_time:%Y-%m-%d %H:%M:%S}Z"
        )
    return tuple(said)


def same_node(one: str, other: str) -> bool:
    """Whether two names are of one machine: one may have its domain, the other not."""
    return one.partition(".")[0].casefold() == other.partition(".")[0].casefold()


def _apart(distance: timedelta) -> bool:
    """Whether two times are of different crashes, and not the same one by the clocks of two zones."""
    beside = distance % QUARTER
    return distance > FARTHEST or min(beside, QUARTER - beside) > _SLACK


def missing_end(saved: Evidence, own: Evidence) -> Citation | None:
    """The first fatal line of the log saved beside a dump, where the dump's own log tells of another death.

    One that tells of none was not read to its end (a dump cut short, crash with ``--minimal``): it says nothing here.
    """
    fatal = fatal_lines(saved.lines)
    if not fatal or not own.ok or own.truncated or not fatal_lines(own.lines):
        return None
    line = saved.lines[fatal[0] - 1]
    if line.strip() in {other.strip() for other in own.lines}:
        return None
    text = message(line).strip()
    bare = text == line.strip()  # without a stamp two reports of the same words cannot be told apart
    held = any(message(other).strip() == text for other in own.lines)
    stamped = any(message(other).strip() != other.strip() for other in own.lines)
    return None if held and (bare or not stamped) else saved.cite(fatal[0])
