"""All of a log as one text, in which literals are found at memory speed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.klog.records import Record


@dataclass(frozen=True, slots=True)
class Joined:
    """The records, a line each."""

    text: str
    starts: Sequence[int]
    """Where each record begins in it."""

    def find(self, needle: str) -> Iterator[int]:
        """Indices of the records that hold the needle, each once."""
        at = self.text.find(needle)
        last = -1
        while at >= 0:
            index = bisect_right(self.starts, at) - 1
            if index != last:
                yield index
                last = index
            following = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
            at = self.text.find(needle, following)


def joined(records: Sequence[Record]) -> Joined:
    """The text of all records."""
    starts = []
    offset = 0
    for record in records:
        starts.append(offset)
        offset += len(record.text) + 1
    return Joined("\n".join([record.text for record in records]), starts)
