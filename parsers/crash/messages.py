"""The messages of crash that matter, with what they mean in plain words.

crash prints errors on its standard output as ``<command>: message``, ``WARNING: message`` or ``crash: message``; exit
statuses say little. The texts are those of crash 7.3 and 8.0 (main.c, symbols.c, diskdump.c, task.c, tools.c).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from parsers.crash import numbered


class Severity(StrEnum):
    """What a message does to the session or to a result."""

    FATAL = "fatal"
    """crash ends, or cannot start."""
    DISTRUST = "distrust"
    """crash goes on, but results may be wrong without any further sign."""
    ERROR = "error"
    """This command failed or is incomplete."""
    NOTE = "note"
    """Harmless, or about one value."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of crash."""

    kind: str
    """A stable name: ``no-match``, ``pid-hash`` …; ``warning`` or ``error`` where none is known."""
    severity: Severity
    text: str
    """As printed, stripped."""
    line: int
    """1-based line number in what was read."""
    meaning: str = ""
    """One or two sentences for people; empty where nothing is known beyond the text."""


_F, _D, _E, _N = Severity.FATAL, Severity.DISTRUST, Severity.ERROR, Severity.NOTE
_KNOWN: tuple[tuple[str, Severity, str, str], ...] = (
    (
        "no-match",
        _F,
        r"^(?:crash: )?\S+ and \S+ do not match!",
        "The vmlinux is not that of the crashed kernel.",
    ),
    (
        "no-debug-data",
        _F,
        r": no debugging data available",
        "This vmlinux carries no debugging information: install the debuginfo package of the crashed kernel.",
    ),
    (
        "debuginfo-file",
        _F,
        r"namelist argument supplied in this case is a debuginfo file",
        "This is a separate debuginfo file; crash wants the vmlinux that belongs to it.",
    ),
    (
        "not-supported",
        _F,
        r": not a supported file format",
        "crash does not know this file: a dump cut short or empty, a compressed vmlinuz, or no dump at all.",
    ),
    (
        "smp-mismatch",
        _F,
        r"incompatible arguments: .* -- .*",
        "The vmlinux is not that of the crashed kernel.",
    ),
    (
        "banner",
        _F,
        r"(?:cannot read|invalid) linux_banner",
        "The kernel's banner is not where this vmlinux says: a wrong vmlinux, or a damaged dump.",
    ),
    ("namelist", _F, r"namelist argument required", "crash was started without a vmlinux."),
    ("too-many-dumps", _F, r"too many dumpfile arguments", "More than one dump was given."),
    ("no-file", _F, r"^crash: .*: No such file or directory", "The file is not there."),
    (
        "permission",
        _F,
        r"^crash: .*: Permission denied",
        "This user may not read the file; dumps belong to root with mode 0600.",
    ),
    (
        "initialization",
        _F,
        r": initialization failed",
        "The dump's header could be read, the rest could not: most often it is incomplete.",
    ),
    (
        "zero-excluded",
        _F,
        r"^\s*(?:crash: )?.*(?:dumpfile is incomplete|--zero_excluded)",
        "Saving the dump was interrupted. `--zero_excluded` may still open it, with holes.",
    ),
    (
        "recursive-tmp",
        _F,
        r"recursive temporary file usage",
        "It was interrupted while it loaded symbols; start it again.",
    ),
    ("no-memory", _F, r"cannot malloc|out of memory|Cannot allocate memory", "There was not enough memory."),
    (
        "old-crash",
        _E,
        r"invalid (?:structure (?:member offset|size)|kernel symbol)[:.]|^crash: invalid structure",
        "This crash is too old for the dumped kernel, or the vmlinux is another one.",
    ),
    (
        "version-inconsistency",
        _D,
        r"kernel version inconsistency between vmlinux and dumpfile",
        "The vmlinux was built apart from the crashed kernel: addresses and offsets may all be wrong.",
    ),
    (
        "gcc-mismatch",
        _D,
        r"kernels compiled by different gcc versions",
        "The vmlinux was built apart from the crashed kernel: addresses and offsets may all be wrong.",
    ),
    (
        "pid-hash",
        _D,
        r"active task \S+ on cpu \d+ not found in PID hash",
        "crash could not walk the task list: `ps`, task counts, `foreach` and D-state lists are not to be trusted.",
    ),
    (
        "no-panic-task",
        _D,
        r"panic task not found|cannot determine panic task",
        "crash does not know which task panicked: `bt` without a number may show another one.",
    ),
    (
        "bogus-frame",
        _D,
        r"possibly bogus exception frame",
        "The registers under this line are doubtful; look at the frames above.",
    ),
    (
        "stack-transition",
        _D,
        r"cannot (?:transition from|determine starting) (?:exception|IRQ|stack)|cannot transition from",
        "The backtrace may be cut here.",
    ),
    (
        "no-registers",
        _D,
        r"cpu \d+: cannot find NT_PRSTATUS|cannot determine [^:]{1,80} notes",
        "The registers of that CPU were not saved in the dump.",
    ),
    (
        "slab-data",
        _E,
        r"cannot gather relevant slab data",
        "crash could not read this cache; that alone is no sign of corruption.",
    ),
    (
        "page-excluded",
        _E,
        r"page excluded: (?:kernel virtual|user virtual|physical) address",
        "makedumpfile left this page out of the dump; this is no corruption.",
    ),
    (
        "page-incomplete",
        _E,
        r"page incomplete:",
        "The dump was not saved to its end: this page is missing.",
    ),
    (
        "read-error",
        _E,
        r"(?:seek|read) error: (?:kernel virtual|user virtual|physical) address",
        "The dump does not hold this address, or the address is garbage.",
    ),
    ("bad-address", _E, r"invalid (?:kernel|user) virtual address", "The address is garbage or not mapped."),
    (
        "minimal-mode",
        _E,
        r"command not available in minimal mode",
        "The session was opened with `--minimal`: only log, dis, rd, sym, eval, set and exit work.",
    ),
    (
        "unknown-command",
        _E,
        r"command not found: ",
        "crash has no such command, and the kernel no such structure.",
    ),
    ("gdb-failed", _E, r"gdb request failed", "The debugger inside crash could not answer."),
    (
        "refused-gdb",
        _E,
        r"prohibited gdb command",
        "crash does not pass this command to gdb.",
    ),
    (
        "untrusted-file",
        _N,
        r"not using untrusted file",
        "A start-up file was left aside; that is as it should be.",
    ),
    (
        "relocated",
        _N,
        r"kernel relocated \[",
        "Normal: the kernel was loaded at a random address and crash has followed it.",
    ),
    ("usage", _E, r"^Usage:\s*$", "The command was not understood; its usage follows."),
)
_TABLE = tuple((kind, severity, re.compile(pattern), meaning) for kind, severity, pattern, meaning in _KNOWN)
_LIKELY = re.compile(
    r"WARNING|NOTE:|match!|available|debuginfo file|supported|incompatible|linux_banner|namelist|too many|No such"
    r"|Permission|failed|incomplete|zero_excluded|recursive|malloc|memory|invalid|inconsistency|gcc versions|PID hash"
    r"|panic task|bogus|cannot|NT_PRSTATUS|excluded|error:|not found|prohibited|untrusted|relocated \[|Usage:"
)
_LOG_LINE = re.compile(r"^\s*\[\s*\d+\.\d{6}\]|^\s*<\d+>|^\s*#\d+ \[")
_PREFIXED = re.compile(r"^(?:WARNING|[a-z]{2,10}): \S")


def read_messages(lines: Iterable[str]) -> tuple[Message, ...]:
    """All messages of crash in the lines, in order. Lines of the kernel's own log are not messages of crash."""
    found = []
    for number, line in numbered(lines):
        if _LIKELY.search(line) is None or _LOG_LINE.match(line):
            continue
        if message := _read(line.strip(), number):
            found.append(message)
    return tuple(found)


def _read(text: str, number: int) -> Message | None:
    for kind, severity, pattern, meaning in _TABLE:
        if pattern.search(text):
            return Message(kind, severity, text, number, meaning)
    if text.startswith("WARNING: "):
        return Message("warning", Severity.NOTE, text, number)
    if _PREFIXED.match(text):
        return Message("error", Severity.ERROR, text, number)
    return None
