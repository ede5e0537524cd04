"""Which of a diagnosis's next checks still make sense: not done, possible, and not to be doubted."""

from __future__ import annotations

import re

from rca.crash.base import SessionState, evidence_id
from rca.diagnosis.model import Diagnosis
from rca.steps.base import Facts
from rca.steps.common import HAS_CORE
from rca.steps.trust import doubts

_COMMAND = re.compile(
    r"(?:(?:bt|dev|dis|files|foreach|irq|kmem|mod|mount|net|ps|rd|runq|struct|sym|sys|task|timer|vm|vtop|waitq)"
    r"(?= |:|$)(?:(?! (?:and|of|for|the|against) )[^:;(,])*)"
)
"""A command of crash at the beginning of a check, without what is said about it."""
_WAITER = re.compile(r"(bt -f) of the waiter")
_RIP = re.compile(r"(dis(?: -rl)?) of the exception RIP")
_DOUBTED = re.compile(r"(?:^|and )(?:ps|foreach|kmem -[sS])\b")
"""What a crash that lost its tasks or slabs answers wrongly."""


def open_checks(facts: Facts) -> tuple[str, ...]:
    """The next checks without those whose output is here, that no session can answer, or whose answer is doubtful."""
    if facts.diagnosis is None:
        return ()
    found, doubted, session = facts.diagnosis, bool(doubts(facts)), _possible(facts)
    return tuple(
        check
        for check in filter(None, (_addressed(check, found) for check in found.next_checks))
        if not (command := _command(check))
        or (session and not _captured(facts, command) and not (doubted and _DOUBTED.search(check)))
    )


def _addressed(check: str, found: Diagnosis) -> str:
    """A check with the waiter's PID or the exception's place in its command: ``bt -f 300``, ``dis -rl
    mlx5e_poll_rx_cq+8``; empty where no code lies."""
    if found.process.pid and _WAITER.match(check):
        return _WAITER.sub(rf"\1 {found.process.pid} (the waiter)", check)
    rip = found.rip
    if rip is None or not _RIP.match(check):
        return check
    if not re.match(r"[A-Za-z_]", rip.function):
        return ""
    where = f"{rip.function}+{rip.offset}" if rip.offset else rip.function
    return _RIP.sub(rf"\1 {where} (the exception RIP)", check)


def _command(check: str) -> str:
    found = _COMMAND.match(check)
    return found[0].strip() if found else ""


def _captured(facts: Facts, command: str) -> bool:
    answer = facts.evidence.get(evidence_id(command))
    return answer is not None and answer.ok


def _possible(facts: Facts) -> bool:
    """Whether a crash session runs, or may yet."""
    core = facts.dump is not None and facts.dump.state in HAS_CORE
    return core and facts.crash.state is not SessionState.DEAD and not facts.crash.lacking
