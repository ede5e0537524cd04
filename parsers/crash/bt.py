"""Backtraces as `bt`, `bt -a`, `bt PID` and `foreach bt` print them, with the options -s, -l, -f and -F."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from parsers.crash import numbered, offset

_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Frame:
    """One `` #6 [ff7050e0400d0e00] asm_exc_page_fault at ffffffffa3800c02 [module]``."""

    number: int
    stack: int
    """Address of the frame on the stack."""
    function: str
    """Empty where crash knows only the module."""
    address: int | None
    """Address in the text: where this function will go on, once the one above returns."""
    line: int
    """1-based line number."""
    module: str = ""
    offset: int | None = None
    """Bytes into the function, with `bt -s` only."""
    file: str = ""
    """Source file, with `bt -l` only."""
    file_line: int | None = None
    unreliable: bool = False
    """Marked so by crash itself."""


@dataclass(frozen=True, slots=True)
class Separator:
    """``--- <NMI exception stack> ---``: the frames above it lie on that stack."""

    name: str
    line: int
    after: int
    """How many frames of the backtrace stand above it."""


@dataclass(frozen=True, slots=True)
class ExceptionFrame:
    """Registers saved at an exception or at the entry from user space.

    The line ``[exception RIP: function+5]`` never names a module, even when the function lies in one.
    """

    line: int
    after: int
    """How many frames of the backtrace stand above it."""
    function: str = ""
    """Empty for a user-space entry, and where crash says "unknown or invalid address"."""
    offset: int | None = None
    """Bytes into the function; crash prints it in decimal, unless `set hex`."""
    invalid: bool = False
    """crash could not name the instruction pointer: a jump into nowhere, or a function that crash does not know."""
    doubtful: bool = False
    """crash warns that this may be no exception frame at all; its registers prove nothing."""
    registers: Mapping[str, int] = field(default_factory=lambda: _NONE)
    """By name, as printed: RIP, RSP, RFLAGS, RAX …; PC, LR, SP, X0 … on arm64."""
    register_lines: tuple[int, ...] = ()
    """1-based line numbers of the registers."""

    @property
    def rip(self) -> int | None:
        """The instruction pointer, whatever it is called on this machine."""
        return next(
            (self.registers[name] for name in ("RIP", "PC", "NIP", "EIP") if name in self.registers), None
        )

    @property
    def user(self) -> bool:
        """Whether it came from user space (x86: by the privilege in CS)."""
        return bool(self.registers.get("CS", 0) & 3)


@dataclass(frozen=True, slots=True)
class Backtrace:
    """One task's stack. Fields that the output did not carry are None or empty."""

    pid: int | None
    task: int | None
    cpu: int | None
    command: str
    frames: tuple[Frame, ...]
    exceptions: tuple[ExceptionFrame, ...]
    separators: tuple[Separator, ...]
    line: int
    """1-based line number where it begins: the header, or the first frame."""
    end: int
    """1-based line number of its last line."""

    @property
    def exception(self) -> ExceptionFrame | None:
        """The uppermost kernel exception: for the panicking task, the fault itself."""
        return next((e for e in self.exceptions if e.function or e.invalid), None)


_HEADER = re.compile(r'\s*PID: (\d+)\s+TASK: ([0-9a-f]+)\s+CPU: (\d+)\s+COMMAND: "(.*)"')
_FRAME = re.compile(
    r"\s*#(\d+) +\[([0-9a-f]+)\] +(?:([^\s(][^\s+]*)(?:\+(0x[0-9a-f]+|\d+))?(?: \((?:via )?[^()]*\))? at"
    r"|\((\S+) module\) at)(?: ([0-9a-f]+))?(.*)"
)
_MODULE = re.compile(r"\s*\[([^\[\]\s]+)\]")
_WRAPPED = re.compile(r"\s*([0-9a-f]{6,16})(?=\s|$)(.*)")
_EXCEPTION = re.compile(
    r"\s*\[(?:exception (?:RIP|PC|NIP|EIP)|NIP {0,4}): (?:(unknown or invalid address)|([^\s\]+]+)(?:\+(\w+))?)"
)
_SEPARATOR = re.compile(r"\s*-{2,3} ?<(.{1,60}?)> ?-{2,3}")
_REGISTER = re.compile(r"\b([A-Z][A-Z0-9_]{1,8}): *([0-9a-f]{2,16})\b(?!:)")
_REGISTERS = re.compile(
    r"\s+(?:R[A-Z0-9]{1,5}|ORIG_RAX|CS|E[A-Z]{2}|X\d+|PC|LR|SP|NIP|GPR\d+): *[0-9a-f]{2,16}\b"
)
_REGISTER_LINES = 64
"""Lines of registers of one frame; no machine has more."""
_ARM_PC = re.compile(r"\s+PC: *[0-9a-f]{8,16} +\[([^\]+\s]+)\+(\w+)\]")
_SOURCE = re.compile(r"\s+(\S.*\.[chSs]): (\d+)\s*$")
_PROMPT = re.compile(r"\s*crash> ")


def read_bt(lines: Iterable[str]) -> tuple[Backtrace, ...]:
    """Read every backtrace in the lines, in order; lines that belong to none are passed over."""
    found: list[Backtrace] = []
    reader: _Reader | None = None
    for number, line in numbered(lines):
        if header := _HEADER.match(line):
            if reader:
                found += reader.done()
            reader = _Reader(number, header)
        elif _PROMPT.match(line):
            found += reader.done() if reader else []
            reader = None
        elif (reader is None or not reader.take(number, line)) and (frame := _FRAME.match(line)):
            found += reader.done() if reader else []
            reader = _Reader(number)
            reader.frame(number, frame)
    if reader:
        found += reader.done()
    return tuple(found)


class _Reader:
    """Collects one backtrace."""

    def __init__(self, line: int, header: re.Match[str] | None = None) -> None:
        self.line = self.end = line
        self.header = header
        self.frames: list[Frame] = []
        self.exceptions: list[ExceptionFrame] = []
        self.separators: list[Separator] = []
        self.open = False
        self.wrapped = False

    def done(self) -> list[Backtrace]:
        """The backtrace, unless nothing but loose registers was seen."""
        if not self.header and not self.frames:
            return []
        pid, task, cpu, command = self.header.groups() if self.header else (None, None, None, "")
        return [
            Backtrace(
                pid=int(pid) if pid else None,
                task=int(task, 16) if task else None,
                cpu=int(cpu) if cpu else None,
                command=command or "",
                frames=tuple(self.frames),
                exceptions=tuple(self.exceptions),
                separators=tuple(self.separators),
                line=self.line,
                end=self.end,
            )
        ]

    def take(self, number: int, line: str) -> bool:
        """Take one line; False when a frame on it belongs to another backtrace."""
        taken = True
        if frame := _FRAME.match(line):
            taken = not self.frames or int(frame[1]) > self.frames[-1].number
            if taken:
                self.frame(number, frame)
        elif self.wrapped and (rest := _WRAPPED.match(line)):
            self.finish_wrapped(rest)
        elif exception := _EXCEPTION.match(line):
            self.exception(number, exception)
        elif _REGISTERS.match(line):
            self.registers(number, line)
        elif self.exceptions and "possibly bogus exception frame" in line:
            self.exceptions[-1] = replace(self.exceptions[-1], doubtful=True)
        elif separator := _SEPARATOR.match(line):
            self.separators.append(Separator(separator[1], number, len(self.frames)))
            self.open = False
        elif self.frames and not self.frames[-1].file and (source := _SOURCE.match(line)):
            self.source(source)
        else:
            return True
        if taken:
            self.end = number
        return taken

    def frame(self, number: int, match: re.Match[str]) -> None:
        """A numbered frame."""
        index, stack, function, inside, alone, address, rest = match.groups()
        module = _MODULE.match(rest)
        self.frames.append(
            Frame(
                number=int(index),
                stack=int(stack, 16),
                function=function or "",
                address=int(address, 16) if address else None,
                line=number,
                module=alone or (module[1] if module else ""),
                offset=offset(inside),
                unreliable="(unreliable)" in rest,
            )
        )
        self.open, self.wrapped = False, address is None

    def finish_wrapped(self, match: re.Match[str]) -> None:
        """The address of a frame that a mailer or a narrow terminal broke over two lines."""
        last, module = self.frames[-1], _MODULE.match(match[2])
        self.frames[-1] = replace(
            last, address=int(match[1], 16), module=module[1] if module else last.module
        )
        self.wrapped = False

    def source(self, match: re.Match[str]) -> None:
        """The ``file: line`` that `bt -l` prints under a frame."""
        self.frames[-1] = replace(self.frames[-1], file=match[1], file_line=int(match[2]))

    def exception(self, number: int, match: re.Match[str]) -> None:
        """``[exception RIP: …]``, whose registers follow."""
        invalid, function, inside = match.groups()
        self.exceptions.append(
            ExceptionFrame(number, len(self.frames), function or "", offset(inside), invalid is not None)
        )
        self.open = True

    def registers(self, number: int, line: str) -> None:
        """A line of registers: of the open exception frame, or of an entry from user space."""
        if not self.open:
            self.exceptions.append(ExceptionFrame(number, len(self.frames)))
            self.open = True
        last = self.exceptions[-1]
        if len(last.register_lines) >= _REGISTER_LINES:
            return
        if pointer := _ARM_PC.match(line):  # arm64 names the function beside its register
            last = replace(last, function=pointer[1], offset=offset(pointer[2]))
        values = {name: int(value, 16) for name, value in _REGISTER.findall(line)}
        registers = MappingProxyType({**last.registers, **values})
        self.exceptions[-1] = replace(
            last, registers=registers, register_lines=(*last.register_lines, number)
        )
