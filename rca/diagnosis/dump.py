"""What the crash session says beside the log: does it agree, and what does it add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.klog.frames import nowhere
from parsers.klog.links import is_panic
from parsers.klog.model import Event
from rca.diagnosis.agreement import missing_end
from rca.diagnosis.blame import CORRUPTION, NOT_CODE, WAITING, Blame
from rca.diagnosis.deadlock import deadlock
from rca.diagnosis.frames import generic_reason, is_entry, own_name
from rca.diagnosis.model import Hypothesis, Statement
from rca.diagnosis.neighbours import neighbours
from rca.diagnosis.owner import owner, suspects
from rca.evidence import Citation, Evidence

if TYPE_CHECKING:  # the crash parsers are read in only when there is crash output
    from parsers.crash.bt import Backtrace, ExceptionFrame
    from parsers.crash.sysinfo import SysInfo

_REFINES = {
    "bug-on": ("list-corruption", "slab-corruption", "usercopy", "invalid-opcode"),
    "invalid-opcode": ("bug-on", "list-corruption", "slab-corruption", "usercopy"),
    "null-deref": ("bad-ip", "sysrq", "slab-corruption", "bad-page"),
    "page-fault": ("bad-ip", "null-deref", "stack-overflow", "slab-corruption", "bad-page"),
    "gpf": ("slab-corruption", "bad-page"),
    "warning": ("refcount", "list-corruption", "usercopy", "use-after-free"),
}
"""For the kind that a single line names: kinds that the whole report makes of it, or to which it points back."""
_CORES = 4
"""Other CPUs of which it is told what they do."""

_IDLE = frozenset(
    ("do_idle", "cpu_startup_entry", "default_idle", "native_safe_halt", "crash_nmi_callback_idle")
)
"""Functions of a CPU that had nothing to do."""


@dataclass(slots=True)
class CrossCheck:
    """What was found; a builder's working state."""

    agrees: bool = False
    """The dump, read on its own, says the same as the log."""
    pro: list[Statement] = field(default_factory=list)
    contra: list[Statement] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    holder: Hypothesis | None = None
    """Who holds what is waited for: two threads of one module that wait for each other, or a lock's owner."""


def cross_check(
    evidence: Mapping[str, Evidence], event: Event, blame: Blame, log: Evidence | None = None
) -> CrossCheck:
    """Compare the fatal event, which `log` reports, with what crash printed and drgn read."""
    check = CrossCheck()
    bt = evidence.get("bt")
    if bt is not None and bt.lines:
        from parsers.crash.bt import read_bt

        traces = read_bt(bt.lines)
        if traces:
            _own_trace(check, bt, traces[0], event, evidence)
    everyone = evidence.get("bt-a")
    if everyone is not None and event.kind in WAITING and event.kind != "hung-task":
        _other_cpus(check, everyone, event)
        check.holder = deadlock(everyone, log, event, blame)
    check.holder = check.holder or owner(evidence, event)
    if check.holder is None:
        check.statements.extend(suspects(evidence, event))
    if "bt" in evidence or "runq" in evidence or "ps-S" in evidence:
        from rca.diagnosis.commands import additions

        check.statements.extend(additions(evidence, event))
    saved, own = evidence.get("vmcore-dmesg"), evidence.get("log")
    if saved is not None and own is not None and (line := missing_end(saved, own)):
        check.contra.append(Statement("the dump's own log does not hold what the saved log reports", (line,)))
        check.warnings.append(
            f"vmcore-dmesg reports “{line.text}”, which the dump's own log does not hold: they are not of one crash"
        )
    slabs = evidence.get("kmem-s")
    if slabs is not None:
        _slabs(check, slabs, event)
    check.statements.extend(neighbours(evidence, event))
    system = evidence.get("sys")
    if system is not None and event.context.release:
        from parsers.crash.sysinfo import read_sys

        info = read_sys(system.lines)
        if info.release and info.release != event.context.release:
            check.warnings.append(f"the log is of kernel {event.context.release}, the dump of {info.release}")
        _reason(check, system, info, event)
    return check


def _reason(check: CrossCheck, system: Evidence, info: SysInfo, event: Event) -> None:
    """The PANIC line of `sys` comes out of the dump's own log buffer: it may name another death than ours."""
    from rca.diagnosis.dumponly import by_reason

    named = by_reason(info.panic)
    if (
        named is None
        or named.kind in (event.kind, "panic")
        or is_panic(named)
        or event.kind in _REFINES.get(named.kind, ())
    ):
        return
    cited = (system.cite(info.lines["PANIC"]),)
    check.contra.append(Statement(f"sys names another reason: {named.header}", cited))
    check.warnings.append(f"the log's fatal event is {event.kind}, the dump's reason {named.kind}")


def _own_trace(
    check: CrossCheck, bt: Evidence, trace: Backtrace, event: Event, evidence: Mapping[str, Evidence]
) -> None:
    if event.kind == "sysrq":
        for frame in trace.frames:
            if frame.function in ("sysrq_handle_crash", "__handle_sysrq", "write_sysrq_trigger"):
                check.agrees = True
                check.pro.append(
                    Statement(f"the panicking task was in {frame.function}", (bt.cite(frame.line),))
                )
                return
        return
    if event.kind in NOT_CODE:
        return
    fault = trace.exception
    rip = event.rip
    if fault is not None and rip is not None and not fault.doubtful:
        cited = (bt.cite(fault.line),)
        if fault.invalid and nowhere(rip):
            check.agrees = True
            check.pro.append(Statement("crash too finds the instruction pointer outside any function", cited))
        elif fault.function and _same(fault.function, rip.function):
            check.agrees = True
            check.pro.append(
                Statement(
                    f"crash finds the exception in {fault.function} too{_module(fault, evidence)}", cited
                )
            )
        elif fault.function and event.kind not in WAITING and not event.panic_line:
            check.contra.append(
                Statement(f"crash finds an exception in {fault.function}, the log in {rip.function}", cited)
            )
            check.warnings.append(
                "log and dump name different faulting functions: check that they are of one crash"
            )
    pid = event.context.pid
    cpu = event.context.cpu
    if None not in (cpu, trace.cpu) and cpu != trace.cpu and event.weight >= 3 and event.kind not in WAITING:
        check.warnings.append(
            f"the log's fatal event is of CPU {cpu}, the dump's panicking task ran on {trace.cpu}"
        )
    if (
        pid is not None
        and trace.pid is not None
        and pid != trace.pid
        and event.kind not in WAITING
        and event.weight >= 3
    ):
        check.warnings.append(f"the log's task is {pid}, the dump's panicking task {trace.pid}")


def _same(one: str, other: str) -> bool:
    return one == other or own_name(one) == own_name(other)


def _module(fault: ExceptionFrame, evidence: Mapping[str, Evidence]) -> str:
    """crash never names the module of an exception's instruction pointer: look its address, or its name, up."""
    from parsers.crash.code import read_sym
    from parsers.crash.mod import module_at, read_mod

    listed = evidence.get("mod")
    module = (
        module_at(read_mod(listed.lines), fault.rip) if listed is not None and fault.rip is not None else None
    )
    if module:
        return f", which lies in {module.name}"
    rows = (row for name, item in evidence.items() if name.startswith("sym") for row in read_sym(item.lines))
    named = next((row.module for row in rows if row.name == fault.function and row.module), "")
    return f", which lies in {named}" if named else ""


def _other_cpus(check: CrossCheck, everyone: Evidence, event: Event) -> None:
    """A waiter's own stack does not show the holder: look at the other CPUs."""
    from parsers.crash.bt import read_bt

    told = 0
    for trace in read_bt(everyone.lines):
        if trace.cpu is None or trace.cpu == event.context.cpu or trace.pid == 0 or told >= _CORES:
            continue
        doing = _doing(everyone, trace)
        if doing is None:
            continue
        told += 1
        name, module, cited = doing
        where = f"{name} [{module}]" if module else name
        text = f"CPU {trace.cpu} runs {trace.command} (pid {trace.pid}) in {where}: it may hold what is waited for"
        check.statements.append(Statement(text, (cited,), inferred=True))


def _doing(source: Evidence, trace: Backtrace) -> tuple[str, str, Citation] | None:
    """The first frame that is in a module, else the first that is no helper."""
    frames = [frame for frame in trace.frames if frame.function]
    chosen = next((frame for frame in frames if frame.module), None)
    if chosen is None:
        known = (
            frame for frame in frames if not generic_reason(frame.function) and not is_entry(frame.function)
        )
        chosen = next(known, None)
    if chosen is None or any(frame.function in _IDLE for frame in frames):
        return None
    return own_name(chosen.function), chosen.module, source.cite(chosen.line)


def _slabs(check: CrossCheck, slabs: Evidence, event: Event) -> None:
    from parsers.crash.kmem import read_kmem_s

    for error in read_kmem_s(slabs.lines)[1]:
        if not error.corruption:
            continue
        said = Statement(f"kmem -s finds damage: {error.text.strip()}", (slabs.cite(error.line),))
        check.statements.append(said)
        if event.kind in CORRUPTION:
            check.pro.append(said)
        return
