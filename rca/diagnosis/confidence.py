"""How sure a diagnosis may be, by rules that stand here and nowhere else.

1. Nothing in the log, or no frame and no explicit words: *unknown*.
2. Words of the kernel's own that need no code to explain (sysrq, machine check, init, OOM, root file system):
   *probable*; *confirmed* once something independent says the same: bt shows ``sysrq_handle_crash``, or the machine
   check's own bank record stands beside the panic.
3. Corruption (lists, slab, pages, poison, reference counts): the finder is seen, not the writer: *possible* at most.
4. Watchdogs (lock-ups, stalls, hung tasks): the waiter is seen: *possible* at most, by the log alone.
5. A fault whose own instruction lies in a module that serves no other, with callers that agree: *probable*. So is a
   panic() that a module's own code called. A wild pointer that is no NULL stays *possible*: whoever overwrote or freed
   what it was read from, and the hardware, stand beside the module that used it.
6. A fault in core code: the module that made the call *possibly* gave it bad data; beyond a few calls *unknown*.
7. A call through a NULL function pointer blames the caller: *probable* where that caller is a module's own frame.
8. No call trace at all lowers by one step.
9. Watchdogs again: *probable* where the dump itself shows who holds what is waited for, in its memory or in the
   registers of both sides, and code of a module stands there. Why it does not let go is still open.
"""

from __future__ import annotations

from parsers.klog.frames import nowhere
from parsers.klog.model import Event
from rca.diagnosis.blame import CORRUPTION, NEAR, NOT_CODE, WAITING, Blame
from rca.diagnosis.model import Confidence
from rca.diagnosis.poison import poisoned
from rca.diagnosis.subsystems import serves_others

_LOWER = {
    Confidence.CONFIRMED: Confidence.PROBABLE,
    Confidence.PROBABLE: Confidence.POSSIBLE,
    Confidence.POSSIBLE: Confidence.UNKNOWN,
    Confidence.UNKNOWN: Confidence.UNKNOWN,
}
_TRACEPOINTS = ("trace_event_raw_event_", "perf_trace_", "trace_raw_output_", "bpf_trace_")


def rate(event: Event, blame: Blame, corroborated: bool) -> tuple[Confidence, str]:
    """Confidence and the reason for it. `corroborated`: something outside the log says the same."""
    if event.kind in NOT_CODE:
        if corroborated:
            return Confidence.CONFIRMED, "the kernel says so itself, and an independent record agrees"
        return Confidence.PROBABLE, "the kernel says so itself; nothing independent confirms it yet"
    if event.kind == "bad-ip" and blame.guilty.module and not blame.guilty.function:
        return (
            Confidence.POSSIBLE,
            "code of a module that is gone was called: a timer, work or callback was left behind",
        )
    if event.kind == "hung-task" and blame.guilty.module and not blame.guilty.function:
        return (
            Confidence.POSSIBLE,
            "the task waits for a disk whose driver complained before; that the two belong together is not proven",
        )
    if not blame.guilty.function:
        return Confidence.UNKNOWN, "no frame of the report can be trusted to tell"
    if event.kind in CORRUPTION or poisoned(event):
        return Confidence.POSSIBLE, "memory was corrupted: the log shows who found it, not who did it"
    if event.kind in WAITING:
        return Confidence.POSSIBLE, "a watchdog shows who waits; who is waited for may be elsewhere"
    confidence, reason = _fault(event, blame)
    if not event.traces:
        return _LOWER[confidence], f"{reason}; no complete call trace stands in the log"
    return confidence, reason


def rate_holder(shown: bool, module: str) -> Confidence:
    """How sure it is that `module`'s code holds what is waited for; `shown`: memory or registers show that it does."""
    return Confidence.PROBABLE if shown and module else Confidence.POSSIBLE


def _fault(event: Event, blame: Blame) -> tuple[Confidence, str]:
    rip = event.rip
    module = blame.guilty.module
    if not module:
        if event.kind in ("warning", "bug-on") and blame.distance == 0:
            return Confidence.POSSIBLE, "core kernel code found its own rule broken; who broke it is open"
        return Confidence.POSSIBLE, "core kernel code faulted and no module stands among its callers"
    if blame.frame is None:
        return Confidence.POSSIBLE, "only the work item names the module"
    if blame.frame.module != module:
        return Confidence.POSSIBLE, "compiled-in code faulted; its name tells whose it is, no trace does"
    if rip is not None and nowhere(rip):
        near = blame.distance <= 1
        return (
            (Confidence.PROBABLE, "a call through a NULL pointer, made by this module's own frame")
            if near
            else (Confidence.POSSIBLE, "a call through a NULL pointer; the module stands further out")
        )
    if event.kind == "panic":
        return Confidence.PROBABLE, "this module's own code called panic"
    own = (rip is not None and rip.module == module) or (rip is None and blame.distance == 0)
    if own and not serves_others(module):
        if event.kind in ("gpf", "page-fault"):
            return Confidence.POSSIBLE, "a wild pointer: this module used it, who spoilt it is open"
        if event.kind in ("null-deref", "divide-error", "bug-on", "bad-ip", "warning"):
            if any(not serves_others(other.module) for other in blame.others):
                return Confidence.POSSIBLE, "it faulted in this module on behalf of another one"
            if blame.guilty.function.startswith(_TRACEPOINTS):
                return Confidence.POSSIBLE, "a tracepoint faulted on what it was given to record"
            return Confidence.PROBABLE, "the faulting instruction and its callers agree on this module"
        return Confidence.POSSIBLE, "the report stands in this module; the mechanism is open"
    if blame.distance <= NEAR:
        return Confidence.POSSIBLE, "helper code faulted on what this module gave it"
    return Confidence.UNKNOWN, "the module stands too far from the fault to be blamed for it"
