"""What dmesg, crash, journald, syslog, netconsole, a serial console or a mailer put before the kernel's text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from parsers.klog.patterns import compiled

_Match = Callable[[str], re.Match[str] | None]
_STAMP = r"\[ *\d+\.\d+\](?: ?\[ *([TC]\d+)\] ?)?"
_DAY = (
    r"(?:[A-Z][a-z]{2} )?(?:[A-Z][a-z]{2} [ \d]\d|\d{4}-\d\d-\d\d)[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?"
    r"(?:Z|[+-]\d\d:?\d\d| [A-Z]{3,4})?"
)
_PREFIXES = {
    "stamp": _STAMP + r" ?",
    # `dmesg -r` and syslog put it first, crash's `log -m` after the stamp
    "priority": r"<\d{1,3}>(?:\d (?=\d{4}-))?",
    "quote": r"(?:> ?)+(?=\S|$|\s)",
    "tag": r"kernel: ",
    # `dmesg -T`, and crash's `log -T`, which names the time zone
    "dated": r"\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? "
    r"(?:(?:[A-Z]{2,5}|[+-]\d{2,4}) )?\d{4}\] ?",
    # `dmesg -H`: the minute, then the time since the line before
    "human": r"\[(?:[A-Z][a-z]{2} ?\d{1,2} \d\d:\d\d| *[+-]\d+\.\d+)\] ?",
    # `dmesg --time-format iso`
    "iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{6}(?:Z|[+-]\d\d:\d\d) (?=\S)",
    # `dmesg -x`
    "decoded": r"(?:kern|user|daemon|syslog) *:(?:emerg|alert|crit|err|warn|notice|info|debug) *: ?",
    # /dev/kmsg, and netconsole in its extended form
    "kmsg": r"\d{1,4},\d+,\d+,[-c+](?:,[^;]{0,80})?;",
    # another program left its line unfinished on the console, or printk tells how many lines it had to drop
    "late": r".{1,80}?\[ *\d+\.\d{6}\](?:\[ *([TC]\d+)\])? ",
}
_JOURNAL = (
    r"(?:"
    + _DAY
    # after seconds since boot only `host kernel:` and `host program[pid]:`, for the kernel's own texts begin likewise
    + r"|\d{10}\.\d+|\[ *\d+\.\d+\](?= \S+ (?:kernel: |[^\s\[\]:]+\[\d+\]: ))) ([^\s\[\]:]+) ([^\s\[\]:]+)"
    r"(?:\[\d+\])?(?:: ?| - - (?:- )?)"
)
_COLOUR = r"\\x1b\[[0-9;?]{0,12}[A-Za-z]"


class Stripper:
    """Takes the prefixes off one line at a time; remembers the node that syslog or journald name."""

    def __init__(self) -> None:
        self.stamp = compiled(_PREFIXES["stamp"]).match
        self.node = ""

    # The kernel's own log needs the stamp alone.

    @cached_property
    def _journal(self) -> _Match:
        return compiled(_JOURNAL).match

    @cached_property
    def _late(self) -> _Match:
        return compiled(_PREFIXES["late"]).match

    @cached_property
    def _iso(self) -> _Match:
        return compiled(_PREFIXES["iso"]).match

    @cached_property
    def _rest(self) -> list[_Match]:
        names = ("quote", "tag", "priority", "dated", "human", "decoded", "kmsg")
        return [compiled(_PREFIXES[name]).match for name in names]

    def strip(self, line: str) -> tuple[str, str] | None:
        """Text and caller; None where another program than the kernel speaks."""
        if "\\x1b[" in line:
            line = compiled(_COLOUR).sub("", line)
        head = line[:1]
        if head == "[":
            found = self.stamp(line)
            if found:
                end = found.end()
                syslog = line[end - 1 : end] == " " and ("]: " in line[:120] or "kernel: " in line[:120])
                if line[end : end + 1] != "<" and not (syslog and self._journal(line)):
                    return line[end:], found[1] or ""
        if head == " " or head == "\t":
            bare = line.lstrip()
            if bare[:1] == "[" and (found := self.stamp(bare)):
                return bare[found.end() :], found[1] or ""
            if bare[:1] != ">" and not (bare[:1] == "<" and bare[1:2].isdigit()):
                return line, ""
            line = bare
        if head.isupper() and ": " not in line:
            return line, ""
        return self._peel(line)

    def _peel(self, line: str) -> tuple[str, str] | None:
        """Several prefixes one after another: quoted, then dated, then stamped …"""
        caller = ""
        stamped = False
        for _ in range(4):
            before = line
            journal = self._journal(line)
            if journal:
                if journal[2] not in ("kernel", "vmunix"):
                    return None
                self.node = self.node or journal[1]
                line = line[journal.end() :]
            elif iso := self._iso(line):
                line = line[iso.end() :]
            found = self.stamp(line)
            if found:
                stamped = True
                caller = found[1] or caller
                line = line[found.end() :]
            for match in self._rest:
                found = match(line)
                if found:
                    line = line[found.end() :]
            if line == before:
                break
        if not stamped and "] " in line and (found := self._late(line)):
            return line[found.end() :], found[1] or ""
        return line, caller
