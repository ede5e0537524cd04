"""What to light up in one line of kernel log or of crash output: places and roles, no colours.

Each line is looked at by itself, and only lines that are on the screen are looked at: one anchored match decides what
kind of line it is, and then a few more find its parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice


class Role(StrEnum):
    """What a piece of a line is."""

    PROMPT = "prompt"
    PANIC = "panic"
    """The line that says why the kernel died, or that something fatal was met."""
    RIP = "rip"
    EXCEPTION = "exception"
    """crash's ``[exception RIP: …]``."""
    GUILTY = "guilty"
    """The function or module that the diagnosis blames."""
    MODULE = "module"
    MODULE_OOT = "module_oot"
    """A module built outside the kernel's tree."""
    SYMBOL = "symbol"
    UNRELIABLE = "unreliable"
    """A ``?`` entry of a trace: residue on the stack, never a cause."""
    ADDRESS = "address"
    STACK = "stack"
    """A change of stacks: ``--- <IRQ stack> ---``, ``<TASK>``."""
    TAINT = "taint"
    WARNING = "warning"
    ERROR = "error"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a line have a role."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Marks:
    """What the diagnosis knows, so that it can be lit up."""

    guilty_function: str = ""
    guilty_module: str = ""
    out_of_tree: frozenset[str] = frozenset()


_LONGEST = 4_000
"""Characters of a line that are looked at; no screen shows more."""

_Add = Callable[[int, int, Role], None]

_STAMP = re.compile(
    r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,64} kernel: )?(?:<\d{1,3}>)?"
    r"(?:\[ *\d+\.\d{1,9}\] ?)?(?:\[ *[TC]\d+\] )?"
)
_KIND = re.compile(
    r"(?P<prompt>crash> |\$ )"
    r"|\s*(?:(?P<frame>\#\d+ +\[)"
    r"|(?P<exception>\[exception (?:RIP|PC|NIP|EIP):)"
    r"|(?P<task>PID: \d+ +TASK: )"
    r"|(?P<stack>-{2,3} ?<|</?[A-Z#][A-Za-z ]{1,20}>\s*$)"
    r"|(?P<rip>RIP: |PC: |pc : |EIP: |NIP)"
    r"|(?P<modules>Modules linked in:)"
    r"|(?P<trace>(?:\[<[0-9a-f]+>\] )?(?:\? )?[A-Za-z_.$][\w.$]*\+0x[0-9a-f]+/0x[0-9a-f]+)"
    r"|(?P<registers>(?:R[A-Z0-9]{1,5}|ORIG_RAX|CR2|[DEFG]S|x\d+ ?): ?[0-9a-f]{4,16}\b)"
    r"|(?P<header>Call Trace:|Call trace:|Stack:|Code: |-{3,}\[ |(?:CPU|UID): \d|Hardware name: "
    r"|(?:MODULE|CACHE|PID|PAGES|NAME) +[A-Z])"
    r"|(?P<sym>[0-9a-f]{8,16} \([A-Za-z?]\) )"
    r"|(?P<module>[0-9a-f]{8,16} +[\w-]+ +(?:[0-9a-f]{8,16} +)?\d+ +\S)"
    r"|(?P<field>(?:KERNEL|DUMPFILE|CPUS|DATE|UPTIME|LOAD AVERAGE|TASKS|NODENAME|RELEASE|VERSION|MACHINE|MEMORY|PANIC"
    r"|PID|COMMAND|TASK|CPU|STATE|TAINTED_MASK): ))"
)
_PANIC = re.compile(
    r"BUG: |kernel BUG at |Kernel panic - |Oops(?:: |\[)|general protection fault|Unable to handle kernel"
    r"|(?:double|page) fault: |divide error: |invalid opcode: |stack segment: |Internal error: |Machine check"
    r"|\[Hardware Error\]: |hard LOCKUP|soft lockup|detected stalls? on|self-detected stall|blocked for more than"
    r"|list_(?:add|del) corruption|Out of memory: |Trigger a crash|bad page state|stack-protector: |usercopy: "
    r"|refcount_t: |scheduling while atomic|Unhandled fault"
)
_WARNING = re.compile(r"WARNING: |INFO: |NOTE: |DEBUG: |UBSAN: ")
_ERROR = re.compile(
    r"\s*(?:(?:crash|bt|log|mod|kmem|sys|ps|foreach|dis|rd|struct|sym|gdb|files|vm|net|dev|irq|runq|task|set|p|list"
    r"|tree|search): \S"
    r"|not recorded: )|.{0,80}\b(?:page excluded|seek error|read error|page incomplete): "
)
_FRAME = re.compile(r"\s*#\d+ +\[([0-9a-f]+)\] +([^\s(+]+)?[^\[]*?(?: at ([0-9a-f]+))?(?= |$)")
_BRACKETED = re.compile(r"\[([A-Za-z][\w-]*)(\([A-Z+-]+\))?(?: [0-9a-f]{8,40})?\]")
_FUNCTION = re.compile(r"[A-Za-z_.$][\w.$]*(?=\+0x|\+\d)")
_SYMBOL = re.compile(r"\b[A-Za-z_][\w.]*\+0x[0-9a-f]+(?:/0x[0-9a-f]+)?")
_RIP = re.compile(r"\s*(?:RIP|PC|pc|EIP|NIP)\s*(?:\[[0-9a-f]+\] )?: ?(?:[0-9a-f]{4}:)?(?:\[<[0-9a-f]+>\] ?)?")
_HEX = re.compile(r"[0-9a-fx]+")
_SYM = re.compile(r"\s*([0-9a-f]+) \(.\) ([\w.$]+)?")
_WORD = re.compile(r"\S+")
_NO_NAME = re.compile(r"[0-9a-f]{8,16}|\d+")
_REGISTER = re.compile(r"(\bRIP: [0-9a-f]+)|\b[0-9a-f]{12,16}\b")
_ADDRESS = re.compile(r"\b(?:0x)?[0-9a-f]{12,16}\b")
_TAINT = re.compile(r"Tainted: (?:\[[^\]]*\]=?[A-Z_]*[, ]*|[A-Z-](?= |$)|[A-Z]{1,8}(?= |$)| )+|\[TAINTED\]")
_LISTED = re.compile(r"([A-Za-z][\w-]*)(\([A-Z+-]+\))?(?= |$|\])")
_KEY = re.compile(r"\s*[A-Z_ ]+:")


def spans(line: str, marks: Marks = Marks()) -> tuple[Span, ...]:
    """Find the parts of one clean line. Sorted, not overlapping, never empty; never raises."""
    if not line or line.isspace():
        return ()
    line = line[:_LONGEST]
    found: list[Span] = []

    def add(start: int, end: int, role: Role) -> None:
        if start < end:
            found.append(Span(start, end, role))

    stamp = _STAMP.match(line)
    at = stamp.end() if stamp else 0
    kind = _KIND.match(line, at)
    reader = _READERS.get(kind.lastgroup or "") if kind else None
    if reader:
        reader(line, at, marks, add)
    else:
        _prose(line, at, marks, add)
    return tuple(found)


def _ink(line: str, at: int) -> int:
    """Where the first sign that is no blank stands."""
    return at + len(line[at:]) - len(line[at:].lstrip())


def _name_role(name: str, marks: Marks, role: Role) -> Role:
    """GUILTY for the blamed function, whatever the compiler appended to its name."""
    return Role.GUILTY if marks.guilty_function and name.split(".", 1)[0] == marks.guilty_function else role


def _module_role(name: str, flags: str | None, marks: Marks) -> Role:
    if marks.guilty_module and name == marks.guilty_module:
        return Role.GUILTY
    return Role.MODULE_OOT if name in marks.out_of_tree or (flags and "O" in flags) else Role.MODULE


def _module_after(line: str, at: int, marks: Marks, add: _Add) -> int:
    """The ``[module]`` that follows a function; returns where it ends."""
    if (bracketed := _BRACKETED.search(line, at)) is None:
        return at
    add(bracketed.start(1), bracketed.end(1), _module_role(bracketed[1], bracketed[2], marks))
    return bracketed.end()


def _prompt(line: str, at: int, marks: Marks, add: _Add) -> None:
    add(at, len(line), Role.PROMPT)


def _frame(line: str, at: int, marks: Marks, add: _Add) -> None:
    frame = _FRAME.match(line, at)
    if frame is None:
        return
    add(*frame.span(1), Role.ADDRESS)
    end = frame.end(1)
    if frame[2]:
        unreliable = line.rstrip().endswith("(unreliable)")
        add(*frame.span(2), Role.UNRELIABLE if unreliable else _name_role(frame[2], marks, Role.SYMBOL))
        end = frame.end(2)
    if frame[3]:
        add(*frame.span(3), Role.ADDRESS)
        end = frame.end(3)
    _module_after(line, end, marks, add)


def _exception(line: str, at: int, marks: Marks, add: _Add) -> None:
    start = line.index("[", at)
    end = line.find("]", start) + 1 or len(line)
    name = _FUNCTION.search(line, start, end)
    if name and _name_role(name[0], marks, Role.EXCEPTION) is Role.GUILTY:
        add(start, name.start(), Role.EXCEPTION)
        add(*name.span(), Role.GUILTY)
        add(name.end(), end, Role.EXCEPTION)
    else:
        add(start, end, Role.EXCEPTION)


def _whole(role: Role) -> Callable[[str, int, Marks, _Add], None]:
    """A line that is one span from its first to its last sign."""

    def read(line: str, at: int, marks: Marks, add: _Add) -> None:
        add(_ink(line, at), len(line.rstrip()), role)

    return read


def _rip(line: str, at: int, marks: Marks, add: _Add) -> None:
    label = _RIP.match(line, at)
    if label is None:
        _prose(line, at, marks, add)
        return
    start = _ink(line, at)
    symbol = _SYMBOL.match(line, label.end())
    if symbol is None:
        address = _HEX.match(line, label.end())
        end = address.end() if address else label.end()
        add(start, end, Role.RIP)
        _addresses(line, end, add)
        return
    name = symbol[0].partition("+")[0]
    if _name_role(name, marks, Role.RIP) is Role.GUILTY:
        add(start, symbol.start(), Role.RIP)
        add(symbol.start(), symbol.start() + len(name), Role.GUILTY)
        add(symbol.start() + len(name), symbol.end(), Role.RIP)
    else:
        add(start, symbol.end(), Role.RIP)
    _module_after(line, symbol.end(), marks, add)


def _trace(line: str, at: int, marks: Marks, add: _Add) -> None:
    symbol = _SYMBOL.search(line, at)
    if symbol is None:
        return
    before = line[at : symbol.start()]
    if "? " in before:
        add(at + before.index("? "), len(line.rstrip()), Role.UNRELIABLE)
        return
    name = symbol[0].partition("+")[0]
    add(symbol.start(), symbol.start() + len(name), _name_role(name, marks, Role.SYMBOL))
    _module_after(line, symbol.end(), marks, add)


def _registers(line: str, at: int, marks: Marks, add: _Add) -> None:
    for match in _REGISTER.finditer(line, at):
        add(*match.span(), Role.RIP if match[1] else Role.ADDRESS)


def _addresses(line: str, at: int, add: _Add) -> None:
    for match in _ADDRESS.finditer(line, at):
        add(*match.span(), Role.ADDRESS)


def _modules(line: str, at: int, marks: Marks, add: _Add) -> None:
    """The list of loaded modules. To stand there is no proof, so nobody is shown as guilty."""
    innocent = Marks(out_of_tree=marks.out_of_tree)
    colon = line.index(":", at) + 1
    start = colon - len("Modules linked in:")
    add(start, colon, Role.HEADER)
    for match in _LISTED.finditer(line, colon):
        if match[1] != "last" or not line.startswith(" unloaded", match.end()):
            add(*match.span(1), _module_role(match[1], match[2], innocent))


def _header(line: str, at: int, marks: Marks, add: _Add) -> None:
    start = _ink(line, at)
    end = len(line.rstrip())
    if taint := _TAINT.search(line, start):
        taint_end = taint.start() + len(taint[0].rstrip())
        add(start, taint.start(), Role.HEADER)
        add(taint.start(), taint_end, Role.TAINT)
        add(taint_end, end, Role.HEADER)
    else:
        add(start, end, Role.PANIC if "Kernel panic" in line else Role.HEADER)


def _module_row(line: str, at: int, marks: Marks, add: _Add) -> None:
    address, name = islice(_WORD.finditer(line, at), 2)
    add(*address.span(), Role.ADDRESS)
    if _NO_NAME.fullmatch(name[0]):
        _addresses(line, name.start(), add)
        return
    add(*name.span(), _module_role(name[0], None, marks))
    _addresses(line, name.end(), add)


def _sym(line: str, at: int, marks: Marks, add: _Add) -> None:
    """``ffffffffc046d048 (t) mlx5e_poll_rx_cq+8 [mlx5_core]``, from `sym`."""
    parts = _SYM.match(line, at)
    if parts is None:
        return
    add(*parts.span(1), Role.ADDRESS)
    if parts[2]:
        add(*parts.span(2), _name_role(parts[2], marks, Role.SYMBOL))
    _module_after(line, parts.end(), marks, add)


def _field(line: str, at: int, marks: Marks, add: _Add) -> None:
    key = _KEY.match(line, at)
    if key is None:
        return
    start = at + len(key[0]) - len(key[0].lstrip())
    add(start, key.end(), Role.HEADER)
    if key[0].strip() == "PANIC:":
        add(key.end() + 1, len(line.rstrip()), Role.PANIC)
    elif taint := _TAINT.search(line, key.end()):
        add(*taint.span(), Role.TAINT)


def _prose(line: str, at: int, marks: Marks, add: _Add) -> None:
    """Anything else: a fatal or warning text, or loose symbols and addresses."""
    end = len(line.rstrip())
    if _PANIC.search(line, at):
        add(_ink(line, at), end, Role.PANIC)
        return
    if warning := _WARNING.search(line, at):
        add(warning.start(), end, Role.WARNING)
        return
    if _ERROR.match(line, at):
        add(_ink(line, at), end, Role.ERROR)
        return
    last = at
    if "+0x" in line:
        for symbol in _SYMBOL.finditer(line, at):
            _addresses_between(line, last, symbol.start(), add)
            name = symbol[0].partition("+")[0]
            name_end = symbol.start() + len(name)
            add(symbol.start(), name_end, _name_role(name, marks, Role.SYMBOL))
            last = symbol.end()
            if line.startswith(" [", last):
                bracketed = _BRACKETED.match(line, last + 1)
                if bracketed:
                    add(*bracketed.span(1), _module_role(bracketed[1], bracketed[2], marks))
                    last = bracketed.end()
    if taint := _TAINT.search(line, last):
        _addresses_between(line, last, taint.start(), add)
        add(taint.start(), taint.start() + len(taint[0].rstrip()), Role.TAINT)
        last = taint.end()
    _addresses_between(line, last, end, add)


def _addresses_between(line: str, start: int, end: int, add: _Add) -> None:
    for match in _ADDRESS.finditer(line, start, end):
        add(*match.span(), Role.ADDRESS)


_READERS: dict[str, Callable[[str, int, Marks, _Add], None]] = {
    "prompt": _prompt,
    "frame": _frame,
    "exception": _exception,
    "task": _whole(Role.HEADER),
    "stack": _whole(Role.STACK),
    "rip": _rip,
    "modules": _modules,
    "trace": _trace,
    "registers": _registers,
    "header": _header,
    "sym": _sym,
    "module": _module_row,
    "field": _field,
}
