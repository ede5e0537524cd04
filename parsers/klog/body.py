"""What stands under a heading: context, registers, instruction pointers, call traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parsers.klog.frames import read_frame, read_rip, stack_change
from parsers.klog.model import Context, Frame, Trace
from parsers.klog.patterns import compiled
from parsers.klog.records import Record
from parsers.klog.taint import taint_letters

LONGEST = 512
"""No line that the kernel prints for a report is longer; what stands beyond is not looked at."""

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


@dataclass(slots=True)
class Body:
    """What was read so far; a builder's working state."""

    context: Context = field(default_factory=Context)
    registers: tuple[tuple[str, int], ...] = ()
    rips: tuple[Frame, ...] = ()
    traces: tuple[Trace, ...] = ()
    path: tuple[Frame, ...] = ()
    sites: tuple[Frame, ...] = ()


def read_body(records: Sequence[Record]) -> Body:
    """Read the records of one event, the heading first."""
    body = Body()
    rips: list[Frame] = []
    path: list[Frame] = []
    traces: list[tuple[int, list[Frame]]] = []
    registers: dict[str, int] = {}
    sites: list[Frame] = []
    frames: list[Frame] | None = None
    stack = ""
    purpose = ""
    expected = False
    context_read = False
    quiet = 0
    for number, raw, _ in records:
        text = raw.strip() if len(raw) <= LONGEST else raw[:LONGEST].strip()
        while text[:1] == "<":
            mark, closed, rest = text.partition(">")
            change = stack_change(mark + closed, stack)
            if change is None and text[:2] != "<<":
                break
            stack = stack if change is None else change
            text = rest.lstrip("> ")
        head = text[:9]
        if ("IP" in head or head[:4] in ("pc :", "PC i", "epc ", "Krnl")) and text.startswith(_RIP_HEADS):
            rip = None if head[:4] == "NIP:" and " LR:" in text else read_rip(text, number, stack)
            if rip is not None:
                rips.append(rip)
                path.append(rip)
                quiet = 0
            if "RSP:" in text:
                _read_registers(text, registers)
            continue
        if head == "--- inter":
            frame = read_frame(text.partition(" at ")[2], number, stack)
            if frame is not None:
                rips.append(frame)
                path.append(frame)
            continue
        if "ainted" in text and not context_read and head[:4] != "CPU:":
            body.context = _read_taint(text, body.context)
            context_read = bool(body.context.release)
        if "lock" in text or " takes:" in text or "acquire" in text:
            purpose = next((name for mark, name in _PURPOSES if mark in text), purpose)
        if "at:" in text or "at [<" in text or "last function" in text or expected:
            site = _site(text, number, purpose, expected)
            expected = text.endswith("at:")
            if site is not None:
                sites.append(site)
                continue
        if "+0x" in text or " from " in text or text.endswith("[inline]"):
            if frames is None and not _lone_frame(text):
                continue
            frame = read_frame(text, number, stack)
            if frame is not None:
                quiet = 0
                if frames is None:
                    frames = []
                    traces.append((number, frames))
                frames.append(frame)
                if frame.reliable:
                    path.append(frame)
                continue
        if not text:
            continue
        if head == "Last Brea":  # s390x: where the last jump was, no part of the trace
            frames = None
            continue
        if ("all " in text or "trace:" in text) and any(mark in text for mark in _TRACE_HEADS):
            frames = []
            traces.append((number, frames))
            stack = ""
            quiet = 0
            continue
        if (
            head[:4] == "CPU:"
            or head == "Hardware "
            or head == "Workqueue"
            or head[:4] == "Pid:"
            or "CPU: " in text
        ):
            body.context = _read_context(text, number, body.context)
            continue
        if (
            (": " in text and frames is None)
            or "RAX" in text[:4]
            or text[:3] in ("R10", "R13", "RBP", "RDX", "CR2")
        ):
            _read_registers(text, registers)
        if frames is not None:
            quiet += 1
            if quiet > 40:
                frames = None
    body.registers = tuple(registers.items())
    body.rips = tuple(rips)
    body.path = tuple(path)
    body.sites = tuple(sites)
    body.traces = tuple(Trace(tuple(frames), line) for line, frames in traces if frames)
    return body


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
