"""Competing explanations, ranked, each with what speaks for and against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from parsers.klog.frames import nowhere
from parsers.klog.model import Event, Frame
from rca.diagnosis.blame import CORRUPTION, NOT_CODE, WAITING, Blame
from rca.diagnosis.dump import CrossCheck
from rca.diagnosis.frames import own_name
from rca.diagnosis.model import Confidence, Guilty, Hypothesis, Statement
from rca.diagnosis.poison import poisoned
from rca.diagnosis.story import ended
from rca.evidence import Citation, Evidence

_FIRST = {
    "sysrq": "Someone, or a script, asked for this crash",
    "mce": "Hardware failed: the CPU, its memory or a bus reported an error that could not be corrected",
    "hardware-error": "Hardware failed, as it or the firmware reports",
    "nmi": "An NMI was raised by hardware, by the management controller or by a person",
    "init-killed": "Process 1 ended",
    "root-fs": "The kernel could not reach its root file system: boot configuration, initramfs or storage",
    "oom": "The workload, or a leak, used up the memory",
}
_BEHIND = {"init-killed": "Its binary, its libraries or the root disk failed process 1"}
"""What may lie behind what the kernel says."""
_MOST = 4


def hypotheses(
    source: Evidence, event: Event, blamed: Blame, confidence: Confidence, reason: str, check: CrossCheck
) -> tuple[Hypothesis, ...]:
    """The explanations, the first being the one that the diagnosis states."""
    heading = (_cite(source, event.first),)
    against = tuple(check.contra)
    if event.kind in NOT_CODE:
        pro = (Statement(reason, heading), *check.pro)
        claim = ended(event) if event.kind == "init-killed" else ""
        stated = Hypothesis(claim or _FIRST[event.kind], Guilty(), confidence, pro, against)
        why = _BEHIND.get(event.kind)
        return (
            (stated, _elsewhere(why, heading, "the report shows that it ended, not why"))
            if why
            else (stated,)
        )
    found = [
        Hypothesis(
            _claim(event, blamed),
            blamed.guilty,
            confidence,
            _pro(source, event, blamed, reason, check),
            against,
        )
    ]
    seen = check.holder is not None and check.holder.confidence is Confidence.PROBABLE
    if check.holder is not None and seen:
        found = [replace(check.holder, contra=against)]  # it answers what the waiter's stack leaves open
    elif check.holder is not None:
        found.append(check.holder)
    if event.kind in CORRUPTION or poisoned(event):
        found.append(
            _elsewhere(
                "Someone else wrote over, or freed, this memory; the code on the stack only found it",
                heading,
                "a finder of corruption is not its author",
            )
        )
    if event.kind in WAITING and not seen:
        found.append(
            _elsewhere(
                "The one that is waited for stands on another CPU or in another task",
                heading,
                "a waiter's stack does not show the holder",
            )
        )
    for other in blamed.others:
        found.append(_other(source, other, blamed))
    if event.kind in ("page-fault", "gpf", "mce") and not poisoned(event):
        found.append(
            _elsewhere(
                "A flipped bit or another hardware fault", heading, "a wild address has no other proof yet"
            )
        )
    return tuple(found[:_MOST])


def still_open(checks: Iterable[str], event: Event, check: CrossCheck) -> tuple[str, ...]:
    """What is left to check. Once a lock's holder is known: no longer who it is, but why it does not let go."""
    held = check.holder
    if held is None or held.confidence is not Confidence.PROBABLE:
        return tuple(checks)
    if event.kind == "hung-task":
        first = f"what {held.guilty.function} waits for or repeats, and who should end it"
    else:
        first = f"the source of {held.guilty.module}: in which order each of the two paths takes the locks"
    return (first, *(one for one in checks if not one.endswith("its owner")))


def _claim(event: Event, blamed: Blame) -> str:
    guilty = blamed.guilty
    if blamed.finder is not None:
        return f"{guilty.function} in {guilty.module} allocated the object that was found damaged"
    if blamed.witness and event.kind == "hung-task":
        return f"A device of {guilty.module} did not answer: the driver told of trouble before the task hung"
    if guilty.module and not guilty.function:
        return f"{guilty.module} was unloaded while a timer, work or callback of it was still pending"
    if not guilty.function:
        return "The report does not show who is to blame"
    where = (
        f"{guilty.function} in {guilty.module}" if guilty.module else f"{guilty.function} of the core kernel"
    )
    if event.rip is not None and nowhere(event.rip):
        return f"{where} called through a function pointer that was NULL"
    if event.kind in WAITING:
        return f"{where} waits for something that does not come, or works without end"
    if event.kind in CORRUPTION or poisoned(event):
        return f"{where} handles memory that was already freed or overwritten"
    return f"A fault in {where}, or in what it was given"


def _pro(
    source: Evidence, event: Event, blamed: Blame, reason: str, check: CrossCheck
) -> tuple[Statement, ...]:
    said = [Statement(reason, (_cite(source, event.first),), inferred=True)]
    if blamed.witness:
        said.append(Statement(blamed.testimony, (_cite(source, blamed.witness),)))
    if blamed.frame is not None:
        said.append(
            Statement(
                f"{own_name(blamed.frame.function)}: {blamed.reason}", (_cite(source, blamed.frame.line),)
            )
        )
    return (*said, *check.pro)


def _elsewhere(claim: str, heading: tuple[Citation, ...], why: str) -> Hypothesis:
    return Hypothesis(claim, Guilty(), Confidence.POSSIBLE, (Statement(why, heading, inferred=True),))


def _other(source: Evidence, other: Frame, blamed: Blame) -> Hypothesis:
    proof = Statement(f"{other.module} stands among the callers", (_cite(source, other.line),))
    claim = f"{own_name(other.function)} in {other.module} handed over bad data"
    contra = (Statement(f"{blamed.guilty.module} stands nearer to the fault", (), inferred=True),)
    return Hypothesis(
        claim, Guilty(own_name(other.function), other.module), Confidence.POSSIBLE, (proof,), contra
    )


def _cite(source: Evidence, line: int) -> Citation:
    return source.cite(min(max(line, 1), len(source.lines)))
