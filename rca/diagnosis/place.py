"""Where it ran and in which process, with the lines of the log that show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.klog.model import Event, Frame
from rca.diagnosis.model import Process

_SOFTIRQS = {
    "net_rx_action": "NET_RX", "net_tx_action": "NET_TX", "run_timer_softirq": "TIMER", "blk_done_softirq": "BLOCK",
    "tasklet_action": "TASKLET", "rcu_core": "RCU", "run_rebalance_domains": "SCHED", "hrtimer_run_softirq": "HRTIMER",
}  # fmt: skip
_RUNNERS = ("__do_softirq", "do_softirq", "handle_softirqs", "run_ksoftirqd")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it ran, in words."""

    text: str = ""
    """``softirq (NET_RX) on CPU 1, interrupting swapper/1``; empty when unknown."""
    lines: tuple[int, ...] = ()
    """1-based lines that show it."""


def process(event: Event) -> Process:
    """The task that was on the CPU; for a hung task the one that hangs."""
    context = event.context
    if event.kind == "hung-task":
        name = event.header.partition("INFO: task ")[2].partition(" blocked ")[0]
        comm, _, pid = name.strip().rpartition(":")
        return Process(int(pid) if pid.isdigit() else None, comm, None)
    if _told_by_heading(event):
        inside = event.header.rpartition("[")[2].rstrip("]")
        comm, _, pid = inside.rpartition(":")
        if pid.isdigit():
            return Process(int(pid), comm, context.cpu)
    return Process(context.pid, context.comm, context.cpu)


def place(event: Event, chain: Sequence[Frame], lines: Sequence[str]) -> Place:
    """Where it ran: interrupt, softirq, work item, process. `lines` are those of the whole log."""
    context = event.context
    who = process(event)
    own = () if _told_by_heading(event) else _lines(context.line)
    own = own or (event.first,)
    if event.kind == "hung-task":
        return _hung(event, who)
    on = f" on CPU {who.cpu}" if who.cpu is not None else ""
    interrupting = f", interrupting {who.comm}" if who.comm else ""
    names = [frame.base for frame in chain]
    if any(name in _RUNNERS for name in names):
        shown = [frame for frame in chain if frame.base in _SOFTIRQS] or [
            frame for frame in chain if frame.base in _RUNNERS
        ]
        word = next((f" ({_SOFTIRQS[frame.base]})" for frame in shown if frame.base in _SOFTIRQS), "")
        text = f"softirq{word}{on}{'' if 'run_ksoftirqd' in names else interrupting}"
        return Place(text, _lines(shown[0].line, *own))
    stack = next((frame for frame in _innermost(event, chain) if frame.stack), None)
    if stack is not None and stack.stack in ("NMI", "IRQ"):
        what = "NMI" if stack.stack == "NMI" else "interrupt"
        return Place(f"{what}{on}{interrupting}", _lines(_mark(stack, lines), *own))
    if context.work_function:
        module = f" [{context.work_module}]" if context.work_module else ""
        text = f"work item {context.work_function}{module} of {context.workqueue}{on}"
        return Place(text, _lines(_work(event, lines), *(own if on else ())))
    if who.comm:
        pid = f" (pid {who.pid})" if who.pid is not None else ""
        return Place(f"process {who.comm}{pid}{on}", own)
    return Place()


def _hung(event: Event, who: Process) -> Place:
    """The task that hangs, and who found it so: the CPU line, if any, is the finder's."""
    if not who.comm:
        return Place()
    pid = f" (pid {who.pid})" if who.pid is not None else ""
    finder = event.context
    if not finder.comm or not finder.line or (finder.comm, finder.pid) == (who.comm, who.pid):
        return Place(f"process {who.comm}{pid}", (event.first,))
    reported = f"; {finder.comm} reported it" + (f" on CPU {finder.cpu}" if finder.cpu is not None else "")
    return Place(f"process {who.comm}{pid}, asleep{reported}", (event.first, finder.line))


def _told_by_heading(event: Event) -> bool:
    """Whether a soft lockup's heading alone names the task."""
    return event.kind == "soft-lockup" and event.context.pid is None


def _innermost(event: Event, chain: Sequence[Frame]) -> Iterable[Frame]:
    """The first frames of the chain; where it is the instruction pointer alone, those of the trace, proven or not."""
    if len(chain) > 1 or not event.traces:
        return chain[:2]
    return (*chain, *event.traces[0].frames[:1])


def _mark(frame: Frame, lines: Sequence[str]) -> int:
    """The line that opens the stack on which a frame lies, else the frame's own."""
    for number in range(min(frame.line, len(lines)), max(0, frame.line - 4), -1):
        if f"<{frame.stack}>" in lines[number - 1]:
            return number
    return frame.line


def _work(event: Event, lines: Sequence[str]) -> int:
    """The line ``Workqueue: …`` of the report; its heading where it has none."""
    body = range(event.first, min(event.last, len(lines)) + 1)
    return next((number for number in body if "Workqueue: " in lines[number - 1]), event.first)


def _lines(*numbers: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for number in numbers if number > 0))
