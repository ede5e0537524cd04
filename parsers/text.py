"""Where bytes become lines: the one boundary at which hostile text is made visible and inert.

Kernel logs, process names and file names can be written by an attacker. Every byte that enters the program passes
through here, so that no later floor ever meets an escape sequence, a bidi override or a broken encoding.
"""

from __future__ import annotations

import re

_KEPT = {0x09, 0x0A}
_C0_C1 = [code for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if code not in _KEPT]
_INVISIBLE = [0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
_VISIBLE = {code: f"\\x{code:02x}" for code in _C0_C1} | {code: f"\\u{code:04x}" for code in _INVISIBLE}
_UNPAIRED = r"\ud800-\udfff"
"""Halves of characters, by which Python stands for the bytes of a file name that is no UTF-8."""
_HOSTILE = re.compile("[" + "".join(re.escape(chr(code)) for code in _VISIBLE) + _UNPAIRED + "]")


def visible(text: str) -> str:
    """Return text with every control, bidi character and half a character as ``\\xNN`` or ``\\uNNNN``.

    Tabs and newlines stay. The result is what may be stored, shown and exported.
    """
    if not _HOSTILE.search(text):
        return text
    return text.translate(_VISIBLE).encode("utf-8", "backslashreplace").decode("utf-8")


def to_text(data: bytes) -> str:
    """Decode bytes as UTF-8 (invalid bytes become U+FFFD), unify line ends and make controls visible."""
    return visible(data.decode("utf-8", errors="replace").replace("\r\n", "\n"))


def to_lines(data: bytes) -> tuple[str, ...]:
    """Split bytes into clean lines without their ends; a last empty line is dropped."""
    return split_lines(to_text(data))


def split_lines(text: str) -> tuple[str, ...]:
    """Split already clean text at newlines only (never at form feeds or U+2028)."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return tuple(lines)
