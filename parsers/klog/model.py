"""The values that a kernel log is read into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in code that the log names: a line of a call trace, or an instruction pointer."""

    function: str
    offset: int = 0
    """Bytes into the function."""
    size: int = 0
    """Bytes of the whole function; 0 where the log does not tell."""
    module: str = ""
    """Empty for the core kernel."""
    reliable: bool = True
    """False for ``? fn`` entries and ``(unreliable)``: stack residue, no proof of a call."""
    stack: str = ""
    """The alternate stack that was open here (``IRQ``, ``NMI``, ``SOFTIRQ``, ``TASK`` …)."""
    line: int = 0
    """1-based line of the log."""

    @property
    def base(self) -> str:
        """The function's name without what the compiler appended (``.isra.0``, ``.cold.4``, ``.part.2``)."""
        return self.function.partition(".")[0] or self.function


@dataclass(frozen=True, slots=True)
class Trace:
    """One call trace, innermost frame first."""

    frames: tuple[Frame, ...]
    line: int
    """1-based line of its heading."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where the event happened."""

    cpu: int | None = None
    pid: int | None = None
    comm: str = ""
    taint: str = ""
    """The letters that are printed, in order; ``G`` among them, which stands where ``P`` is not set."""
    tainted: bool | None = None
    """None: the log does not say."""
    release: str = ""
    hardware: str = ""
    kdump_loaded: bool | None = None
    workqueue: str = ""
    work_function: str = ""
    work_module: str = ""
    line: int = 0
    """1-based line of ``CPU: … PID: …``; 0 without one."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that the kernel reported, from its heading to its last line."""

    kind: str
    """In the words of triage's closed list: ``null-deref``, ``soft-lockup`` …"""
    rule: str
    """The name of the rule that recognised the heading."""
    title: str
    """The field's canonical words for it, with ``{frame}`` where a function belongs."""
    frames_from: str
    """Where the telling frame is looked for: ``rip``, ``trace``, ``stall``, ``hung`` …"""
    weight: int
    """3 kills the machine or the task, 2 is a report of something wrong, 1 is a remark."""
    first: int
    """1-based line of the heading."""
    last: int
    header: str
    """The heading's text without its prefix."""
    context: Context = Context()
    registers: tuple[tuple[str, int], ...] = ()
    rips: tuple[Frame, ...] = ()
    """Kernel instruction pointers, in order; function ``0x0`` for a call of NULL."""
    traces: tuple[Trace, ...] = ()
    path: tuple[Frame, ...] = ()
    """Instruction pointers and reliable frames of all traces as they were printed."""
    sites: tuple[Frame, ...] = ()
    """Places that the text names outside traces (``… at: func+0x1/0x2``); `stack` tells what for: ``acquire`` …"""
    notes: tuple[tuple[str, int], ...] = ()
    """Lines of the body that carry a meaning of their own, as (rule, 1-based line)."""
    headings: tuple[int, ...] = ()
    """1-based lines that belong to the heading (``Oops:``, ``kernel BUG at``, ``refcount_t:`` …)."""
    address: int | None = None
    """The faulting address, where one is given."""
    panic_line: int = 0
    """1-based line of the ``Kernel panic`` that this event ended in; 0 without one."""
    panic: str = ""
    interleaved: bool = False
    """Lines of another context stand between its lines."""

    @property
    def rip(self) -> Frame | None:
        """The first kernel instruction pointer."""
        return self.rips[0] if self.rips else None

    @property
    def fatal(self) -> bool:
        """Whether this ended in a panic, or is of a kind that ends a kernel with kdump armed."""
        return bool(self.panic_line) or self.weight >= 3


@dataclass(frozen=True, slots=True)
class Module:
    """A module of ``Modules linked in``. Standing there makes it no suspect."""

    name: str
    flags: str = ""
    """Taint letters of its own, ``+`` loading, ``-`` unloading."""


@dataclass(frozen=True, slots=True)
class KernelLog:
    """A whole kernel log."""

    events: tuple[Event, ...] = ()
    release: str = ""
    """Release of the kernel that wrote it: ``4.18.0-553.el8_10.x86_64``."""
    hardware: str = ""
    node: str = ""
    modules: tuple[Module, ...] = ()
    last_unloaded: str = ""
    foreign: tuple[str, ...] = ()
    """Modules of which the kernel said, as it loaded them, that they taint it: out of tree, or of another license."""
    lines: int = 0
    boots: int = 0
    """How many times a kernel starts in it."""
