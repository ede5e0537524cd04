"""Mechanism and context in words."""

from __future__ import annotations

from parsers.klog.frames import NULL, nowhere
from parsers.klog.model import Event, Frame
from rca.diagnosis.blame import Blame
from rca.diagnosis.frames import own_name
from rca.diagnosis.model import Process
from rca.diagnosis.poison import poison

_PAGE = 4096
_SOFTIRQS = {
    "net_rx_action": "NET_RX", "net_tx_action": "NET_TX", "run_timer_softirq": "TIMER", "blk_done_softirq": "BLOCK",
    "tasklet_action": "TASKLET", "rcu_core": "RCU", "run_rebalance_domains": "SCHED", "hrtimer_run_softirq": "HRTIMER",
}  # fmt: skip


def mechanism(event: Event, blame: Blame) -> str:
    """How it died, one sentence; empty where the report does not show it."""
    special = _MECHANISMS.get(event.kind)
    if special and event.kind != "bad-ip":
        return special
    if event.rip is not None and nowhere(event.rip):
        caller = f" by {own_name(blame.frame.function)}" if blame.frame and not nowhere(blame.frame) else ""
        what = "NULL" if event.rip.function == NULL else f"no code address ({event.rip.function})"
        return f"call through a function pointer that was {what}{caller}"
    verb = _access(event)
    address = event.address
    if event.kind == "null-deref":
        if address is None:
            return "access through a NULL pointer"
        if address == 0:
            return f"{verb} through a NULL pointer"
        if address < _PAGE:
            return f"{verb} of a struct member at offset {address:#x} of a NULL pointer"
        return f"{verb} near address {address:#x}"
    if address is not None and poison(address):
        return f"{verb} through a pointer that holds {poison(address)}"
    if event.kind == "gpf":
        for name, value in event.registers:
            if poison(value):
                return f"access through a pointer ({name}) that holds {poison(value)}"
        return "access through a pointer that is no kernel address (corrupt or uninitialised)"
    if event.kind == "page-fault":
        return f"{verb} at an address that is not mapped" + (
            f" ({address:#x})" if address is not None else ""
        )
    return ""


_MECHANISMS = {
    "bug-on": "the code's own assertion failed (BUG)",
    "bad-ip": "the CPU was sent to an address that holds no code it may run",
    "list-corruption": "a list's neighbours disagree: an entry was overwritten, freed while linked, or added twice",
    "slab-corruption": "the slab allocator found one of its objects damaged or freed twice",
    "soft-lockup": "a CPU did not schedule for longer than the watchdog allows",
    "hard-lockup": "a CPU kept interrupts off for longer than the watchdog allows",
    "rcu-stall": "a CPU or task did not pass a quiescent state for longer than RCU allows",
    "hung-task": "a task slept uninterruptibly for longer than khungtaskd allows",
    "divide-error": "a division by zero, or one whose result does not fit",
    "double-fault": "a fault while another was being delivered: mostly a bad or exhausted stack",
    "stack-overflow": "the kernel stack ran over its guard page",
    "stack-corruption": "a local buffer was overrun: the stack's guard value had changed",
    "use-after-free": "memory was used after it had been freed",
    "refcount": "a reference counter was dropped too often or overflowed",
    "usercopy": "a copy to or from user space would have left its object",
    "bad-page": "a page's state did not fit what was being done with it",
    "mce": "the CPU reported an error that it could not correct",
    "hardware-error": "hardware or firmware reported an error",
    "nmi": "a non-maskable interrupt that nobody in the kernel claimed",
    "sysrq": "a crash asked for by sysrq",
    "init-killed": "process 1 ended, which the kernel does not survive",
    "root-fs": "the root file system could not be mounted",
    "oom": "memory ran out",
    "atomic-sleep": "code slept where it must not",
    "warning": "the code's own check failed (WARN)",
    "alloc-failure": "memory of the size and kind asked for could not be had",
    "fs-corruption": "a file system found its own structures damaged, or lost its device",
    "kasan": "the address sanitizer saw a forbidden access",
    "lockdep": "the lock checker saw a rule broken",
    "workqueue-stall": "a worker pool made no progress",
    "invalid-opcode": "the CPU met an instruction that it does not know",
}


def _access(event: Event) -> str:
    code = next((value for name, value in event.registers if name == "ERR"), None)
    return "access" if code is None else ("jump" if code & 16 else "write" if code & 2 else "read")


def process(event: Event) -> Process:
    """The task that was on the CPU; for a hung task the one that hangs."""
    context = event.context
    if event.kind == "hung-task":
        name = event.header.partition("INFO: task ")[2].partition(" blocked ")[0]
        comm, _, pid = name.strip().rpartition(":")
        return Process(int(pid) if pid.isdigit() else None, comm, None)
    if event.kind == "soft-lockup" and context.pid is None:
        inside = event.header.rpartition("[")[2].rstrip("]")
        comm, _, pid = inside.rpartition(":")
        if pid.isdigit():
            return Process(int(pid), comm, context.cpu)
    return Process(context.pid, context.comm, context.cpu)


def surroundings(event: Event, chain: tuple[Frame, ...]) -> str:
    """Where it ran: interrupt, softirq, work item, process."""
    context = event.context
    who = process(event)
    on = f" on CPU {who.cpu}" if who.cpu is not None else ""
    names = [frame.base for frame in chain]
    stack = next((frame.stack for frame in chain[:2] if frame.stack), "")
    softirq = next((word for name, word in _SOFTIRQS.items() if name in names), "")
    interrupting = f", interrupting {who.comm}" if who.comm else ""
    if any(name in ("__do_softirq", "do_softirq", "handle_softirqs", "run_ksoftirqd") for name in names):
        inside = f"softirq ({softirq})" if softirq else "softirq"
        return f"{inside}{on}{'' if 'run_ksoftirqd' in names else interrupting}"
    if stack == "NMI":
        return f"NMI{on}{interrupting}"
    if stack == "IRQ":
        return f"interrupt{on}{interrupting}"
    if context.work_function:
        module = f" [{context.work_module}]" if context.work_module else ""
        return f"work item {context.work_function}{module} of {context.workqueue}{on}"
    if who.comm:
        pid = f" (pid {who.pid})" if who.pid is not None else ""
        return f"process {who.comm}{pid}{on}"
    return ""
