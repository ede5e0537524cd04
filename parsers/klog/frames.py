"""Call traces and instruction pointers, line by line."""

from __future__ import annotations

from parsers.klog.model import Frame
from parsers.klog.patterns import compiled

NULL = "0x0"
"""The function name given to an instruction pointer of zero: a call through a NULL pointer."""

_FRAME = (
    r"(\()?(?:#\d+:? )?(?:\[? ?<?(?:0x)?[0-9a-f]{4,16}>?\]? ?:? ?){0,2} {0,8}(\? )?(?:\d+:)?"
    r"([A-Za-z_$<][^\s+()\[\]]*(?: as [^\s+()]+)?)\+(0x[0-9a-f]+|\d+)(?:/(0x[0-9a-f]+|\d+))?"
    r"(?: \[([\w-]+)[^\]]*\])?(.*)"
)
_ARM = r"(?:\[<[0-9a-f]+>\] )?\(?([\w.]+)\)? from (?:\[<[0-9a-f]+>\] )?\(?[\w.]+"
_INLINE = r"([A-Za-z_][\w.]*) {1,8}[\w./-]+:\d+ \[inline\]"
_RIP = (
    r"(?:[RE]?IP|NIP|pc|PC|epc|Krnl PSW)\b(?: is at|:|\s:)?\s{0,8}\[?(?:([0-9a-f]{4}):)?\s{0,8}"
    r"(?:\[?<?(?:0x)?([0-9a-f]{8,16})(?![0-9a-f])>?\]?:? {0,8}){0,2}\s{0,8}"
    r"(?:\[<\s{0,12}\(null\)>\]\s{0,12}){0,2}"
    r"[\[(]?(?:([A-Za-z_<][^\s+()\[\]]*)\+(0x[0-9a-f]+)(?:/(0x[0-9a-f]+))?(?: \[([\w-]+)[^\]]*\])?"
    r"|(0x[0-9a-f]+)|\(null\)|([0-9a-f]{8,16})(?![0-9a-f])|$)"
)
_STACK = r"<(/?)([A-Z#][A-Z_]{1,19}|#[A-Z]{2})>"


def number(text: str | None) -> int:
    """An offset or a size, which logs give in hex and crash in decimal."""
    if not text:
        return 0
    return int(text, 16) if text.startswith("0x") else int(text)


def read_frame(text: str, line: int, stack: str) -> Frame | None:
    """Read one line of a call trace, or return None. Blanks at its ends are already off."""
    if "+0x" in text:
        found = compiled(_FRAME).match(text)
        if found:
            if found[3].startswith("0x"):
                return None
            reliable = not (found[1] or found[2] or "(unreliable)" in found[7])
            return Frame(found[3], number(found[4]), number(found[5]), found[6] or "", reliable, stack, line)
    if " from " in text and "+0x" in text:
        found = compiled(_ARM).match(text)
        if found:
            return Frame(found[1], 0, 0, "", True, stack, line)
    if text.endswith("[inline]"):
        found = compiled(_INLINE).match(text)
        if found:
            return Frame(found[1], 0, 0, "", True, stack, line)
    return None


def read_rip(text: str, line: int, stack: str) -> Frame | None:
    """Read an instruction pointer line; None for one that is in user space or holds no kernel address."""
    found = compiled(_RIP).search(text)
    if not found:
        return None
    segment = found[1]
    if segment in ("0033", "0023", "002b"):
        return None
    if found[3]:
        return Frame(found[3], number(found[4]), number(found[5]), found[6] or "", True, stack, line)
    address = found[7] or found[8] or found[2]
    value = int(address, 16) if address else 0
    if not address and "(null)" not in text:
        return None
    return Frame(NULL if value == 0 else f"{value:#x}", 0, 0, "", True, stack, line)


def nowhere(frame: Frame) -> bool:
    """Whether an instruction pointer lies in no function: NULL, or a wild address."""
    return frame.function.startswith("0x")


def stack_change(text: str, stack: str) -> str | None:
    """The alternate stack after a line such as ``<IRQ>`` or ``</NMI>``; None when the line is no such mark."""
    if len(text) > 24:
        return None
    found = compiled(_STACK).fullmatch(text)
    if not found:
        return None
    return "" if found[1] or found[2] in ("EOE", "EOI") else found[2]
