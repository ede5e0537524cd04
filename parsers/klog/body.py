"""What stands under a heading: context, registers, instruction pointers, call traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.klog.frames import read_frame, read_rip, stack_change
from parsers.klog.model import Context, Frame, Trace
from parsers.klog.patterns import compiled
from parsers.klog.records import Record
from parsers.klog.taint import taint_letters

LONGEST = 512
"""No line that the kernel prints for a report is longer; what stands beyond is not looked at."""

_QUIET = 40
"""Lines without a frame after which a call trace is over."""
_RELEASE = r"([\w.+~-]*\d+\.\d+[\w.+~-]*)"
_CPU = (
    r"CPU: ?(\d+) (?:UID: \d+ )?(?:PID: ?(\d+) )?Comm: (.{1,24}?)(?: Kdump: (\w+))? "
    r"(?:Not tainted|Tainted: ?(.{1,48}?)) " + _RELEASE + r"(?: |$)"
)
_PID = r"Pid: (\d+), comm: (.{1,24}?) (?:Not tainted|Tainted: (.{1,40}?)) " + _RELEASE
_BARE_TAINT = (
    r"(?:Not tainted|Tainted: (.{1,48}?)) +"
    + _RELEASE
    + r" #|^"
    + _RELEASE
    + r" #\S+ (?:Not tainted|Tainted: (.{1,48})$)"
)
_CPU_SHORT = r"CPU: ?(\d+) (?:UID: \d+ )?PID: ?(\d+)(?: Comm: (\S{1,20}))?"
_WORKQUEUE = r"Workqueue: (\S+) ([\w.]+)(?:\+0x\w+/0x\w+)?(?: \[([\w-]+)[^\]]*\])?"
_REGISTERS = (
    r"\b(R[A-D]X|R[SD]I|R[SB]P|R[0-9]{1,2}|CR[0-4]|E[A-D]X|E[SD]I): ?(?:[0-9a-f]{4}:)?([0-9a-f]{8,16})\b"
)
_RIP_HEADS = ("RIP", "EIP", "NIP", "IP: ", "pc :", "PC is at", "epc : ", "Krnl PSW", "IP:[")
_TRACE_HEADS = ("Call Trace", "Call trace", "Backtrace:", "backtrace:", "stack backtrace:")


_SITE = (
    r"\bat:? +(?:\[<[0-9a-f]+>\] )?([A-Za-z_][\w.]*)\+(0x[0-9a-f]+)/(0x[0-9a-f]+)"
    r"(?: \[([\w-]+)[^\]]*\])?"
)
_FUNCTION = r"last function: ([A-Za-z_][\w.]*)"
_PURPOSES = (
    ("is trying to acquire", "acquire"),
    ("just changed the state", "acquire"),
    ("is trying to release", "acquire"),
    (" takes:", "takes"),
    ("already holding", "holds"),
    ("leaving the kernel", "held"),
    ("locks held", "held"),
    ("lock held", "held"),
    ("locks still held", "held"),
    ("lock freed", "held"),
)
"""What the lock checker's next place is about."""


@dataclass(frozen=True, slots=True)
class Body:
    """What was read."""

    context: Context
    registers: tuple[tuple[str, int], ...]
    rips: tuple[Frame, ...]
    traces: tuple[Trace, ...]
    path: tuple[Frame, ...]
    sites: tuple[Frame, ...]


def read_body(records: Sequence[Record]) -> Body:
    """Read the records of one event, the heading first."""
    reader = _Reader()
    for number, text, _ in records:
        reader.take(number, text)
    return reader.body()


class _Reader:
    """Takes one line after the other; what is open decides what the next one may be."""

    def __init__(self) -> None:
        self._context = Context()
        self._rips: list[Frame] = []
        self._path: list[Frame] = []
        self._traces: list[tuple[int, list[Frame]]] = []
        self._registers: dict[str, int] = {}
        self._sites: list[Frame] = []
        self._frames: list[Frame] | None = None
        """Of the call trace that is open."""
        self._stack = ""
        self._purpose = ""
        self._site_follows = False
        self._quiet = 0
        """Lines since the last one that belonged to the open trace."""

    def body(self) -> Body:
        """All that was taken."""
        return Body(
            context=self._context,
            registers=tuple(self._registers.items()),
            rips=tuple(self._rips),
            traces=tuple(Trace(tuple(frames), line) for line, frames in self._traces if frames),
            path=tuple(self._path),
            sites=tuple(self._sites),
        )

    def take(self, number: int, raw: str) -> None:
        """Take the next line of the event."""
        text = self._without_marks(raw[:LONGEST].strip())
        head = text[:9]
        if self._is_pointer(text, head, number):
            return
        if "ainted" in text and not self._context.release and head[:4] != "CPU:":
            self._context = _read_taint(text, self._context)
        if "lock" in text or " takes:" in text or "acquire" in text:
            self._purpose = next((name for mark, name in _PURPOSES if mark in text), self._purpose)
        if self._is_site(text, number) or self._is_frame(text, number) or not text:
            return
        if head == "Last Brea":  # s390x: where the last jump was, no part of the trace
            self._frames = None
        elif ("all " in text or "trace:" in text) and any(mark in text for mark in _TRACE_HEADS):
            self._begin_trace(number)
            self._stack = ""
        elif head[:4] in ("CPU:", "Pid:") or head in ("Hardware ", "Workqueue") or "CPU: " in text:
            self._context = _read_context(text, number, self._context)
        else:
            self._take_other(text)

    def _without_marks(self, text: str) -> str:
        """The line without ``<IRQ>`` and the like at its beginning, which tell the stack that is open."""
        while text[:1] == "<":
            mark, closed, rest = text.partition(">")
            change = stack_change(mark + closed, self._stack)
            if change is None and text[:2] != "<<":
                break
            self._stack = self._stack if change is None else change
            text = rest.lstrip("> ")
        return text

    def _is_pointer(self, text: str, head: str, number: int) -> bool:
        """Whether the line names an instruction pointer, or where an interrupt came; then it is taken."""
        if ("IP" in head or head[:4] in ("pc :", "PC i", "epc ", "Krnl")) and text.startswith(_RIP_HEADS):
            rip = None if head[:4] == "NIP:" and " LR:" in text else read_rip(text, number, self._stack)
            if rip is not None:
                self._quiet = 0
            if "RSP:" in text:
                _read_registers(text, self._registers)
        elif head == "--- inter":
            rip = read_frame(text.partition(" at ")[2], number, self._stack)
        else:
            return False
        if rip is not None:
            self._rips.append(rip)
            self._path.append(rip)
        return True

    def _is_site(self, text: str, number: int) -> bool:
        """Whether the text names a place outside any trace; then it is taken."""
        if not ("at:" in text or "at [<" in text or "last function" in text or self._site_follows):
            return False
        site = _site(text, number, self._purpose, self._site_follows)
        self._site_follows = text.endswith("at:")
        if site is not None:
            self._sites.append(site)
        return site is not None

    def _is_frame(self, text: str, number: int) -> bool:
        """Whether the line is one of a call trace; then it is taken, or passed over where no trace can begin so."""
        if not ("+0x" in text or " from " in text or text.endswith("[inline]")):
            return False
        if self._frames is None and not _lone_frame(text):
            return True
        frame = read_frame(text, number, self._stack)
        if frame is None:
            return False
        if self._frames is None:
            self._begin_trace(number)
        self._quiet = 0
        self._traces[-1][1].append(frame)
        if frame.reliable:
            self._path.append(frame)
        return True

    def _begin_trace(self, number: int) -> None:
        self._frames = []
        self._traces.append((number, self._frames))
        self._quiet = 0

    def _take_other(self, text: str) -> None:
        """Registers, or a line that ends a trace when many like it follow each other."""
        if (
            (": " in text and self._frames is None)
            or "RAX" in text[:4]
            or text[:3] in ("R10", "R13", "RBP", "RDX", "CR2")
        ):
            _read_registers(text, self._registers)
        if self._frames is not None:
            self._quiet += 1
            if self._quiet > _QUIET:
                self._frames = None


def _site(text: str, line: int, purpose: str, expected: bool) -> Frame | None:
    if expected:
        frame = read_frame(text, line, purpose)
        if frame is not None:
            return frame
    found = compiled(_SITE).search(text)
    if found:
        return Frame(found[1], int(found[2], 16), int(found[3], 16), found[4] or "", True, purpose, line)
    found = compiled(_FUNCTION).search(text)
    return Frame(found[1], 0, 0, "", True, "work", line) if found else None


def _lone_frame(text: str) -> bool:
    return text[:2] == "[<" or text[:1] == "?" or (text[:1] != "[" and ":" not in text and " at " not in text)


def _read_registers(text: str, into: dict[str, int]) -> None:
    if len(into) > 40:
        return
    for name, value in compiled(_REGISTERS).findall(text):
        into.setdefault(name, int(value, 16))


def _read_taint(text: str, context: Context) -> Context:
    """Hung tasks and lock reports tell taint and release without naming the CPU."""
    found = compiled(_BARE_TAINT).search(text)
    if not found or context.release:
        return context
    letters = found[1] or found[4] or ""
    return replace(context, taint=taint_letters(letters), tainted=bool(letters), release=found[2] or found[3])


def _read_context(text: str, line: int, context: Context) -> Context:
    if text.startswith("Hardware name: ") and not context.hardware:
        return replace(context, hardware=text[15:].strip())
    if text.startswith("Workqueue: "):
        found = compiled(_WORKQUEUE).match(text)
        if found and not context.work_function:
            return replace(context, workqueue=found[1], work_function=found[2], work_module=found[3] or "")
        return context
    if context.line:
        return context
    found = compiled(_CPU).search(text)
    if found:
        return replace(
            context, cpu=int(found[1]), pid=int(found[2]) if found[2] else None, comm=found[3],
            kdump_loaded=None if found[4] is None else found[4] == "loaded", taint=taint_letters(found[5] or ""),
            tainted=found[5] is not None, release=found[6], line=line,
        )  # fmt: skip
    found = compiled(_PID).search(text)
    if found:
        return replace(
            context, pid=int(found[1]), comm=found[2], taint=taint_letters(found[3] or ""),
            tainted=found[3] is not None, release=found[4], line=line,
        )  # fmt: skip
    found = compiled(_CPU_SHORT).search(text)
    if found and context.cpu is None:
        return replace(context, cpu=int(found[1]), pid=int(found[2]), comm=found[3] or "")
    return context
