"""Two threads that wait for each other, as far as their stacks can show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rca.diagnosis.blame import Blame
from rca.diagnosis.frames import own_name
from rca.diagnosis.model import Statement
from rca.evidence import Citation, Evidence

_WAITS = re.compile(
    r"spin_lock_slowpath|queued_(?:read|write)_lock_slowpath|_raw_(?:spin|read|write)_(?:try)?lock|"
    r"^__?mutex_lock|rwsem_down_\w+_slowpath|^__down"
)


def deadlock(everyone: Evidence, blamed: Blame) -> Statement | None:
    """One sentence when `bt -a` shows two threads of the blamed module, each waiting for a lock inside it."""
    module = blamed.guilty.module
    waiting = list(_waiting(everyone, module)) if module else []
    if len(waiting) < 2:
        return None
    (one, proof), (other, further) = waiting[:2]
    text = f"{one} and {other}, both of {module}, each wait for a lock: one may hold what the other wants"
    return Statement(text, (*proof, *further), inferred=True)


def _waiting(everyone: Evidence, module: str) -> Iterator[tuple[str, tuple[Citation, Citation]]]:
    """Who stands at a lock right below a function of the module: in words, and the lines of both frames."""
    from parsers.crash.bt import read_bt  # read in only when there is crash output

    for trace in read_bt(everyone.lines):
        frames = [frame for frame in trace.frames if frame.function and not frame.unreliable]
        at = next((number for number, frame in enumerate(frames) if _WAITS.search(frame.function)), None)
        if at is None:
            continue
        owner = next((frame for frame in frames[at:] if not _WAITS.search(frame.function)), None)
        if owner is not None and owner.module == module:
            who = f"{own_name(owner.function)} on CPU {trace.cpu} ({trace.command}, pid {trace.pid})"
            yield who, (everyone.cite(frames[at].line), everyone.cite(owner.line))
