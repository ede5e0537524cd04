"""A transcript rebuilt from the evidence of an earlier session, so that a reopened case shows what it showed."""

from __future__ import annotations

from collections.abc import Iterable

from rca.crash.base import START
from rca.crash.transcript import Block, Transcript
from rca.evidence import Evidence, Kind


def recalled(evidence: Iterable[Evidence], prompt: str = "crash> ") -> Transcript:
    """Every crash command of a case in the order in which they ran, with its output."""
    transcript = Transcript()
    said = sorted((item for item in evidence if item.kind is Kind.CRASH), key=lambda item: item.started)
    for item in said:
        opening = item.id.partition(".")[0] == START
        heading = f"$ {item.what}" if opening else f"{prompt}{item.what}"
        add_block(transcript, heading, START if opening else item.what, item)
    return transcript


def add_block(transcript: Transcript, heading: str, command: str, item: Evidence) -> None:
    """Put a piece of evidence at the end of a transcript that no session writes to."""
    transcript.lines.append(heading)
    start = len(transcript.lines)
    transcript.lines += item.lines
    end = len(transcript.lines)
    transcript.blocks.append(Block(command, start, item.started, end, item.seconds, item.id))


def captured(evidence: Iterable[Evidence]) -> frozenset[str]:
    """Ids of the commands whose output is whole: they need not run again, and their ids are taken."""
    return frozenset(item.id for item in evidence if item.kind is Kind.CRASH and item.ok and item.id != START)
