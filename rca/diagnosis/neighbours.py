"""Whose the addresses are that a list's report names: a module's, or a pattern that nobody may use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from parsers.klog.model import Event
from rca.diagnosis.model import Statement
from rca.diagnosis.poison import poison
from rca.evidence import Citation, Evidence

_ADDRESS = re.compile(r"\b(?:0x)?([0-9a-f]{16})\b")


def neighbours(evidence: Mapping[str, Evidence], event: Event) -> Iterator[Statement]:
    """A sentence for each address of a list's report that can be told; `mod` is asked where it was captured."""
    if event.kind != "list-corruption":
        return
    for address in dict.fromkeys(int(found, 16) for found in _ADDRESS.findall(event.header)):
        proof = _named(evidence, event, address)
        if meaning := poison(address):
            yield Statement(f"The neighbour {address:#x} holds {meaning}", proof, inferred=not proof)
        elif owner := _owner(evidence, address):
            name, line = owner
            text = f"The neighbour {address:#x} lies in module {name}, in its code or data"
            yield Statement(text, (*proof, line))


def _named(evidence: Mapping[str, Evidence], event: Event, address: int) -> tuple[Citation, ...]:
    """The heading of the report in whichever log it stands."""
    for item in evidence.values():
        if event.first <= len(item.lines) and f"{address:x}" in item.lines[event.first - 1]:
            return (item.cite(event.first),)
    return ()


def _owner(evidence: Mapping[str, Evidence], address: int) -> tuple[str, Citation] | None:
    listed = evidence.get("mod")
    if listed is None:
        return None
    from parsers.crash.mod import module_at, read_mod  # read in only when there is crash output

    module = module_at(read_mod(listed.lines), address)
    return (module.name, listed.cite(module.line)) if module else None
