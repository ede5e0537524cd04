"""The fatal event as the crash session alone shows it, where no kernel log can be had: `bt`, `sys` and `mod`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from parsers.crash.bt import Backtrace, ExceptionFrame, read_bt
from parsers.crash.bt import Frame as Entry
from parsers.crash.mod import Module, module_at, read_mod
from parsers.crash.stale import first_frames
from parsers.crash.sysinfo import SysInfo, read_sys
from parsers.klog.clock import moment
from parsers.klog.events import read_log
from parsers.klog.frames import NULL
from parsers.klog.model import Context, Event, Frame, KernelLog, Trace
from parsers.klog.rules import RULES
from rca.diagnosis.frames import data
from rca.evidence import Citation, Evidence

_DYING = ("machine_kexec", "__crash_kexec", "crash_kexec", "oops_end", "die")
"""Functions that only a kernel that dies goes through."""
_STACKS = {"IRQ": "IRQ", "NMI": "NMI", "SOFTIRQ": "SOFTIRQ", "DOUBLEFAULT": "DF"}


@dataclass(frozen=True, slots=True)
class DumpEvent:
    """What the crash session tells of the death."""

    event: Event
    log: KernelLog
    """Release and node, as `sys` gives them; no lines."""
    bt: Evidence
    reason: Citation | None
    """The PANIC line of `sys`."""
    when: datetime | None
    """The DATE of `sys`, where it names a zone that is known."""


def event_of(evidence: Mapping[str, Evidence]) -> DumpEvent | None:
    """Build the fatal event from the panicking task's backtrace; None without one, and for a task that did not die."""
    bt = evidence.get("bt")
    traces = read_bt(bt.lines) if bt is not None else ()
    if bt is None or not traces or not traces[0].frames:
        return None
    system = evidence.get("sys")
    info = read_sys(system.lines) if system is not None else SysInfo()
    listed = evidence.get("mod")
    modules = read_mod(listed.lines) if listed is not None else ()
    event = _event(traces[0], info, modules)
    if event is None:
        return None
    line = info.lines.get("PANIC", 0)
    reason = system.cite(line) if system is not None and line and info.panic else None
    told = moment([f"[{info.date}] "], 1) if info.date else None
    return DumpEvent(
        event, KernelLog(release=info.release, node=info.node), bt, reason, told.when if told else None
    )


def _event(trace: Backtrace, info: SysInfo, modules: tuple[Module, ...]) -> Event | None:
    frames = _frames(trace)
    rip = _rip(trace.exception, modules)
    base = by_reason(info.panic) or _by_frames(frames)
    if base is None:
        return None
    context = Context(
        cpu=trace.cpu,
        pid=trace.pid,
        comm=trace.command,
        tainted=info.tainted,
        release=info.release,
        line=trace.line,
    )
    first = rip.line if rip else frames[0].line
    path = tuple(sorted((*((rip,) if rip else ()), *frames), key=lambda frame: frame.line))
    # crash loses the pointer of a jump into nowhere: then its caller heads the trace, as after an assertion
    lost = rip is None and base.frames_from.startswith("rip")
    registers = tuple(trace.exception.registers.items()) if trace.exception else ()
    return replace(
        base, first=first, last=trace.end, context=context, headings=(), notes=(), panic_line=0, path=path,
        frames_from="bug" if lost else base.frames_from, rips=(rip,) if rip else (), registers=registers,
        traces=(Trace(frames, trace.line),),
    )  # fmt: skip


def by_reason(panic: str) -> Event | None:
    """The event that the PANIC line names; None for the weak ``Oops: 0000 [#1]``, which names none."""
    found = read_log([panic]).events if panic else ()
    if not found and panic:
        found = read_log([f"Kernel panic - not syncing: {panic}"]).events
    return found[0] if found and found[0].rule != "oops" else None


def _by_frames(frames: tuple[Frame, ...]) -> Event | None:
    """What the handlers on the stack say: ``asm_exc_page_fault`` was called for a page fault.

    None for a stack on which nobody died: that of a task that sleeps or was interrupted by another CPU's crash.
    """
    names = {frame.base for frame in frames}
    for entry in data()["handler"]:
        if names & set(entry["functions"]):
            rule = next(rule for rule in RULES if rule.name == entry["rule"])
            words = str(entry["words"])
            title = rule.title.replace("{0}", words)
            return Event(rule.kind, rule.name, title, rule.frames, rule.weight, 0, 0, words)
    if not names & set(_DYING):
        return None
    return Event("unknown", "", "crash in {frame}", "warn", 3, 0, 0, "a crash whose reason bt does not show")


def _frames(trace: Backtrace) -> tuple[Frame, ...]:
    real = trace.frames[: first_frames(frame.function for frame in trace.frames)]
    return tuple(_frame(entry, _stack(trace, number)) for number, entry in enumerate(real))


def _frame(entry: Entry, stack: str) -> Frame:
    name = entry.function or f"{entry.address or 0:#x}"
    return Frame(name, entry.offset or 0, 0, entry.module, not entry.unreliable, stack, entry.line)


def _stack(trace: Backtrace, number: int) -> str:
    """The alternate stack on which a frame lies: crash names it below the last frame of it."""
    for separator in trace.separators:
        if number < separator.after:
            return _STACKS.get(separator.name.split()[0].upper(), "")
    return ""


def _rip(fault: ExceptionFrame | None, modules: tuple[Module, ...]) -> Frame | None:
    if fault is None or fault.doubtful:
        return None
    if fault.invalid:
        name = NULL if not fault.rip else f"{fault.rip:#x}"
        return Frame(name, line=fault.line)
    module = module_at(modules, fault.rip) if fault.rip is not None else None
    return Frame(fault.function, fault.offset or 0, 0, module.name if module else "", line=fault.line)
