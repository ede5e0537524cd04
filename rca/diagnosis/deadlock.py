"""Two threads that spin for each other's locks, as far as their stacks and registers can show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from parsers.klog.model import Event
from rca.diagnosis.blame import Blame
from rca.diagnosis.confidence import rate_holder
from rca.diagnosis.frames import own_name
from rca.diagnosis.model import Hypothesis, Statement
from rca.evidence import Citation, Evidence

if TYPE_CHECKING:  # the crash parsers are read in only when there is crash output
    from parsers.crash.bt import Backtrace

_WAITS = re.compile(
    r"spin_lock_slowpath|queued_(?:read|write)_lock_slowpath|_raw_(?:spin|read|write)_(?:try)?lock|"
    r"^__?mutex_lock|rwsem_down_\w+_slowpath|^__down"
)
_FIRST_ARGUMENT = ("RDI", "X0")


@dataclass(frozen=True, slots=True)
class _Waiter:
    """Who stands at a lock right below a function of the module."""

    who: str
    lock: int
    """Address of the lock, the first argument of who waits; 0 where no register tells."""
    holds: frozenset[int]
    """What its registers hold."""
    proof: tuple[Citation, ...]


def deadlock(everyone: Evidence, log: Evidence | None, event: Event, blamed: Blame) -> Hypothesis | None:
    """Two threads of the blamed module in `bt -a`, each waiting for a lock inside it; None without two.

    It is probable where the registers of each hold the lock for which the other waits: whoever waits for one lock has
    no other reason to keep the address of a second one than to have taken it, or to give it back.
    """
    module = blamed.guilty.module
    waiting = tuple(_waiting(everyone, log, event, module)) if module else ()
    if len(waiting) < 2:
        return None
    pairs = tuple(combinations(waiting, 2))
    one, other = next((pair for pair in pairs if _crossed(*pair)), pairs[0])
    proof = (*one.proof, *other.proof)
    if _crossed(one, other):
        text = (
            f"{one.who} waits for the lock at {one.lock:#x}, {other.who} for the one at {other.lock:#x}; "
            "the registers of each hold the other's lock too"
        )
        claim = f"A deadlock inside {module}: {one.who} and {other.who} each hold the lock that the other waits for"
        return Hypothesis(
            claim, blamed.guilty, rate_holder(True, module), (Statement(text, proof, inferred=True),)
        )
    text = f"{one.who} and {other.who}, both of {module}, each wait for a lock: one may hold what the other wants"
    claim = f"A deadlock inside {module}: two of its threads wait for each other's locks"
    return Hypothesis(
        claim, blamed.guilty, rate_holder(False, module), (Statement(text, proof, inferred=True),)
    )


def _crossed(one: _Waiter, other: _Waiter) -> bool:
    return (
        0 not in (one.lock, other.lock)
        and one.lock != other.lock
        and one.lock in other.holds
        and other.lock in one.holds
    )


def _waiting(everyone: Evidence, log: Evidence | None, event: Event, module: str) -> Iterator[_Waiter]:
    from parsers.crash.bt import read_bt  # read in only when there is crash output

    for trace in read_bt(everyone.lines):
        frames = [frame for frame in trace.frames if frame.function and not frame.unreliable]
        at = next((number for number, frame in enumerate(frames) if _WAITS.search(frame.function)), None)
        if at is None:
            continue
        caller = next((frame for frame in frames[at:] if not _WAITS.search(frame.function)), None)
        if caller is None or caller.module != module:
            continue
        who = f"{own_name(caller.function)} on CPU {trace.cpu} ({trace.command}, pid {trace.pid})"
        proof = (everyone.cite(frames[at].line), everyone.cite(caller.line))
        registers, told = _registers(trace, everyone, log, event)
        lock = next((registers[name] for name in _FIRST_ARGUMENT if name in registers), 0)
        yield _Waiter(who, lock, frozenset(registers.values()), (*proof, *told))


def _registers(
    trace: Backtrace, everyone: Evidence, log: Evidence | None, event: Event
) -> tuple[dict[str, int], tuple[Citation, ...]]:
    """What the registers held in the lock's own function: by crash where it trusts the frame, else by the log."""
    for fault in trace.exceptions:
        if not fault.doubtful and _WAITS.search(fault.function):
            return dict(fault.registers), (everyone.cite(fault.line),)
    rip = event.rip
    if log is not None and rip is not None and trace.pid == event.context.pid and _WAITS.search(rip.function):
        return dict(event.registers), (log.cite(rip.line),)
    return {}, ()
