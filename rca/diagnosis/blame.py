"""To which function and module a report points, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.klog.frames import nowhere
from parsers.klog.model import Event, Frame
from rca.diagnosis.frames import Skipped, after_rip, generic_reason, is_entry, own_name, telling
from rca.diagnosis.model import Guilty
from rca.diagnosis.subsystems import built_in, serves_others
from rca.diagnosis.waiting import Trouble

NOT_CODE = frozenset({"sysrq", "mce", "hardware-error", "nmi", "init-killed", "root-fs", "oom"})
"""Kinds for which no function is to blame: hardware, people, configuration, load."""
CORRUPTION = frozenset(
    {
        "list-corruption",
        "slab-corruption",
        "bad-page",
        "use-after-free",
        "refcount",
        "stack-corruption",
        "kasan",
    }
)
"""Kinds in which the code that trips is the finder, and whoever wrote the memory is not on the stack."""
WAITING = frozenset({"soft-lockup", "hard-lockup", "rcu-stall", "hung-task", "workqueue-stall"})
"""Kinds in which one sees who waits, or where a watchdog happened to look."""
NEAR = 4
"""Calls between the fault and a module's function up to which the module counts as having made the fatal call."""
BYSTANDER = frozenset({"mce", "hardware-error", "nmi", "oom"})
"""Kinds whose stack shows who happened to run: nothing on it is evidence."""
_QUEUES = (
    "__queue_work", "queue_work_on", "__queue_delayed_work", "queue_delayed_work_on", "mod_timer", "add_timer",
)  # fmt: skip
"""Helpers that fault when the workqueue or timer that they are given is gone."""


@dataclass(frozen=True, slots=True)
class Blame:
    """What the stack says."""

    guilty: Guilty
    frame: Frame | None = None
    """The frame that `guilty` names."""
    chain: tuple[Frame, ...] = ()
    """The fatal instruction and its reliable callers, innermost first."""
    skipped: tuple[Skipped, ...] = ()
    distance: int = 0
    """Calls from the fatal instruction, or without one from the first telling frame, up to the guilty one."""
    reason: str = ""
    others: tuple[Frame, ...] = ()
    """First frames of other modules in the chain: competing suspects."""
    witness: int = 0
    """1-based line, apart from the frames, that speaks against the guilty module; 0 without one."""
    testimony: str = ""
    """What that line says: ``ipmi_si was unloaded last``."""
    finder: Frame | None = None
    """Who came upon the damage, where `frame` is who had allocated what was damaged."""


@dataclass(frozen=True, slots=True)
class Unloaded:
    """The module that was unloaded last."""

    module: str
    line: int = 0
    """1-based line that says so; 0 where it cannot be pointed at."""


def chain_of(event: Event) -> tuple[Frame, ...]:
    """The fatal instruction and its reliable callers; what an interrupt interrupted is left out."""
    if event.rip is not None:
        return (event.rip, *_before_interrupt(after_rip(event)))
    # The lock checker prints the stacks of the past first.
    traces = event.traces[-1:] if event.kind == "lockdep" else event.traces
    for trace in traces:
        frames = tuple(frame for frame in trace.frames if frame.reliable)
        if frames:
            return frames if event.kind in WAITING else _before_interrupt(frames)
    return ()


def _before_interrupt(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """Cut where an inner alternate stack ends: what follows ran before the interrupt and is innocent."""
    first = frames[0].stack if frames else ""
    if first not in ("IRQ", "SOFTIRQ"):
        return frames
    return tuple(frame for frame in frames if frame.stack == first)


def _in_module_space(frame: Frame) -> bool:
    """Whether a wild instruction pointer lies where x86-64 loads modules."""
    return nowhere(frame) and 0xFFFFFFFFA0000000 <= int(frame.function, 16) < 0xFFFFFFFFFF000000


def blame(event: Event, unloaded: Unloaded | None = None, trouble: Trouble | None = None) -> Blame:
    """Point to a function and a module, or to nothing where the kind forbids it.

    Args:
        event: The event to explain.
        unloaded: The module that was unloaded last, if the log tells.
        trouble: The storage driver that a hung task waits for, if the log tells.
    """
    chain = chain_of(event)
    if event.rip is not None and unloaded and event.kind not in NOT_CODE and _in_module_space(event.rip):
        return _gone(event.rip, chain, unloaded)
    passed: list[Skipped] = []
    frame = telling(event, passed)
    if event.kind in NOT_CODE:
        reason = "this kind of event is no function's fault"
        return Blame(Guilty(), chain=chain, skipped=tuple(passed), reason=reason)
    start = frame if frame is not None and not is_entry(frame.base) else _first_meaning(chain, event)
    if _spins_on_a_lock(event):  # the title names the thread's own loop; who took the lock stands nearer
        start = _first_meaning(chain, event) or start
    if start is None:
        return _by_work(event, chain, passed)
    if trouble is not None:
        return _by_disk(start, chain, passed, trouble)
    suspects = _modules_from(start, chain)
    chosen, reason = _choose(start, suspects)
    owner = _timer_owner(event, chain)
    if owner is not None and owner.module:
        chosen, reason = owner, f"{owner.module} left its timer armed when what it uses was gone"
    if not chosen.module and event.context.work_module and event.kind != "hung-task":
        return _by_work(event, chain, passed, start)
    module = chosen.module
    if not suspects:
        module, compiled_in = _compiled_in(start, chain)
        reason = compiled_in or reason
    finder = _finder(event) if chosen in chain else None
    if finder is not None:
        reason = "the report names it as who allocated the object; who damaged it need not be on any stack"
    return Blame(
        Guilty(own_name(chosen.function), module),
        chosen,
        chain,
        tuple(passed),
        distance=max(0, chain.index(chosen) - _begin(event, start, chain)) if chosen in chain else 0,
        reason=reason,
        others=tuple(other for other in suspects if other.module != chosen.module),
        finder=finder,
    )


def _gone(rip: Frame, chain: tuple[Frame, ...], unloaded: Unloaded) -> Blame:
    """The module whose code is no longer there."""
    gone = f"{unloaded.module} was unloaded last"
    reason = f"the CPU was sent to where modules are loaded, and found no code there; {gone}"
    return Blame(
        Guilty("", unloaded.module), rip, chain, reason=reason, witness=unloaded.line, testimony=gone
    )


def _by_disk(start: Frame, chain: tuple[Frame, ...], passed: list[Skipped], trouble: Trouble) -> Blame:
    """The storage driver that a hung task waits for."""
    return Blame(
        Guilty("", trouble.module),
        start,
        chain,
        tuple(passed),
        reason=f"{own_name(start.function)} only waits for a disk, whose driver told of trouble before",
        witness=trouble.line,
        testimony=f"{trouble.module} told of trouble before",
    )


def _finder(event: Event) -> Frame | None:
    """The first telling frame of the call trace, where the report shows before it who allocated the object."""
    if event.frames_from != "slub" or len(event.traces) < 2 or event.context.line < event.traces[0].line:
        return None
    frames = [frame for frame in event.traces[-1].frames if frame.reliable]
    return _first_meaning(frames, event)


def _begin(event: Event, start: Frame, chain: tuple[Frame, ...]) -> int:
    """Where counting of calls begins: at the fatal instruction, else past the frames of whoever prints the report."""
    return chain.index(start) if event.rip is None and start in chain else 0


def _spins_on_a_lock(event: Event) -> bool:
    return (
        event.kind in ("soft-lockup", "hard-lockup")
        and event.rip is not None
        and "_lock" in event.rip.function
    )


def _first_meaning(chain: Sequence[Frame], event: Event) -> Frame | None:
    """The first frame that is neither a helper nor entry code."""
    for frame in chain:
        if not nowhere(frame) and not generic_reason(frame.base, event.rule) and not is_entry(frame.base):
            return frame
    return None


def _modules_from(start: Frame, chain: tuple[Frame, ...]) -> list[Frame]:
    """The first frame of each module from `start` outwards."""
    at = chain.index(start) if start in chain else 0
    seen: dict[str, Frame] = {}
    for frame in (start, *chain[at:]):
        if frame.module and frame.module not in seen:
            seen[frame.module] = frame
    return list(seen.values())


def _choose(start: Frame, suspects: list[Frame]) -> tuple[Frame, str]:
    if not suspects:
        return start, "first frame that is no helper; no module on the stack"
    first = suspects[0]
    if serves_others(first.module):
        user = next((frame for frame in suspects if not serves_others(frame.module)), None)
        if user is not None:
            return user, f"{first.module} serves other modules; {user.module} is the one that uses it here"
    if first is start:
        return first, "first frame that is no helper"
    return first, f"the first module among the callers of {own_name(start.function)}"


def _compiled_in(start: Frame, chain: tuple[Frame, ...]) -> tuple[str, str]:
    """The module that the code is on other kernels, within the calls that count as the fatal one; and the reason."""
    at = chain.index(start) if start in chain else 0
    for frame in (start, *chain[at + 1 : at + NEAR]):
        module = built_in(own_name(frame.function))
        if module:
            return (
                module,
                f"{own_name(frame.function)} is code of {module}, which is compiled into this kernel",
            )
    return "", ""


def _timer_owner(event: Event, chain: tuple[Frame, ...]) -> Frame | None:
    """Whose timer ran, where work was queued or a timer armed on an object that was gone.

    Whoever armed the timer must stop it before the workqueue goes; the code between only passes the call on.
    """
    if event.rip is None or event.rip.base not in _QUEUES:
        return None
    names = [frame.base for frame in chain]
    at = names.index("call_timer_fn") if "call_timer_fn" in names else 0
    return chain[at - 1] if at > 0 else None


def _by_work(
    event: Event, chain: tuple[Frame, ...], passed: list[Skipped], start: Frame | None = None
) -> Blame:
    """The work item's function names the module where the stack does not."""
    context = event.context
    if context.work_module:
        return Blame(
            Guilty(context.work_function, context.work_module),
            chain=chain,
            skipped=tuple(passed),
            distance=len(chain),
            reason="the work item that was running belongs to this module",
        )
    function = own_name(start.function) if start else ""
    return Blame(Guilty(function, ""), start, chain, tuple(passed), reason="no frame that tells")
