"""How it died, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.klog.frames import NULL, nowhere
from parsers.klog.model import Event
from rca.diagnosis.blame import NOT_CODE, Blame
from rca.diagnosis.frames import own_name
from rca.diagnosis.poison import poison

_PAGE = 4096
_BYTE = re.compile(r"First byte (0x[0-9a-f]{1,2}) instead of (0x[0-9a-f]{1,2})")
_EXIT = re.compile(r"exitcode=0x([0-9a-f]{1,8})\b")
_SIGNALS = {4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM"}
_STATUSES = {126: "a shell's word for: cannot be run", 127: "a shell's word for: command not found"}


@dataclass(frozen=True, slots=True)
class Mechanism:
    """How it died, one sentence; empty where the report does not show it."""

    text: str
    lines: tuple[int, ...] = ()
    """1-based lines from which it follows."""


def mechanism(event: Event, blame: Blame, lines: Sequence[str]) -> Mechanism:
    """How it died. `lines` are those of the whole log."""
    if event.kind == "slab-corruption" and (damage := _damage(event, lines)):
        return damage
    proof = (event.first, *((event.rip.line,) if event.rip and event.kind not in NOT_CODE else ()))
    return Mechanism(_mechanism(event, blame), proof)


def _damage(event: Event, lines: Sequence[str]) -> Mechanism | None:
    """What slub_debug says in its heading, and of the first byte that is wrong; None for other reports."""
    _, closed, words = event.header.partition("): ")
    if event.rule != "slub" or not closed:
        return None
    body = range(event.first, min(event.last, len(lines)) + 1)
    found = next(((n, said) for n in body if (said := _BYTE.search(lines[n - 1]))), None)
    byte = f", first byte {found[1][1]} instead of {found[1][2]}" if found else ""
    shown = (event.first, found[0]) if found else (event.first,)
    return Mechanism(f"the slab allocator found an object damaged: {words.strip()}{byte}", shown)


def ended(event: Event) -> str:
    """How process 1 ended, decoded from the exit code of the panic; empty where none is printed."""
    found = _EXIT.search(event.header)
    if not found:
        return ""
    code = int(found[1], 16)
    if number := code & 0x7F:
        name = _SIGNALS.get(number, "")
        return f"Process 1 was killed by signal {number}{f' ({name})' if name else ''}"
    status = code >> 8 & 0xFF
    meaning = _STATUSES.get(status, "")
    return f"Process 1 exited with status {status}{f' ({meaning})' if meaning else ''}"


def _mechanism(event: Event, blame: Blame) -> str:
    if event.kind == "init-killed" and (how := ended(event)):
        return f"{how[:1].lower()}{how[1:]}, which the kernel does not survive"
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
    "slab-corruption": "the slab allocator found its own records of an object damaged, or the object freed twice",
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
