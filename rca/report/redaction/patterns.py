"""What in a text tells who, or where: addresses, identifiers, users, secrets on a command line.

Never matched: PCI addresses (``0000:3b:00.0``), versions and releases, functions with their offsets, modules, register
values, times. Where a form is both (``1.2.3.4`` may be an address or a version) the words before it decide.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOP = (
    "com|net|org|edu|gov|mil|int|info|biz|io|dev|app|cloud|tech|online|site|arpa|local|localdomain|internal|intranet|"
    "intern|intra|private|lan|corp|home|domain|cluster|svc|test|example|invalid|[a-z]{2}"
)
_NOT_HOSTS = frozenset(
    {"sh", "py", "pl", "rs", "so", "cc", "md", "ko", "gz", "xz", "js", "go", "hh", "in", "el", "fc", "fw"}
)
"""Endings of files, and of packages' releases, that look like countries."""
_SECTIONS = frozenset({"net", "kernel", "vm", "fs", "dev", "rd", "systemd", "org", "user", "abi", "debug"})
"""First words of sysctls and of command-line keys."""
_KEYS = (
    r"[\w.-]*(?:passw(?:or)?d|passphrase|\bpass|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|psk|cryptkey|"
    r"credentials?|initiator(?:_?name)?|target_?name)|key|netroot|nfsroot|bootif|ifname|ip|hostname|systemd\.hostname|"
    r"rd\.(?:iscsi|luks|lvm|md)\.[\w.]+|(?:inst\.)?ks|(?:https?|ftp|all)_proxy|proxy"
)
_PUBLIC_USERS = frozenset({"root", "nobody", "unknown", "uid"})


@dataclass(frozen=True, slots=True)
class Found:
    """One secret in a text."""

    start: int
    end: int
    kind: str
    """The stem of its name: ``host``, ``ip``, ``mac``, ``uuid``, ``serial``, ``id``, ``user``, ``secret``."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: str
    find: re.Pattern[str]
    """Its group ``x``, or else the whole, is the secret."""
    is_one: Callable[[str, re.Match[str]], bool] = lambda _text, _match: True


def find(text: str) -> Iterator[Found]:
    """Every match of every pattern, in no order; they may overlap."""
    for pattern in _PATTERNS:
        for match in pattern.find.finditer(text):
            if pattern.is_one(text, match):
                start, end = match.span("x") if "x" in pattern.find.groupindex else match.span()
                if start < end:
                    yield Found(start, end, pattern.kind)
    yield from _ipv6(text)


_PCI = re.compile(r"[0-9a-f]{4,5}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]", re.IGNORECASE)
_AMOUNT = re.compile(r"\d+[kmgt]?", re.IGNORECASE)
_VERSION = re.compile(r"(?:version|firmware|fw|ver|rev|revision|bios)[ :=(]*$", re.IGNORECASE)


def _is_ipv4(text: str, match: re.Match[str]) -> bool:
    if match[0].startswith("2.6.") or _VERSION.search(text, max(0, match.start() - 14), match.start()):
        return False  # 2.6 is an old kernel's release
    try:
        address = ipaddress.IPv4Address(match[0])
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


_COLONS = re.compile(r"(?<![0-9a-fA-F:])[0-9a-fA-F]{0,99}:[0-9a-fA-F:]+")


def _ipv6(text: str) -> Iterator[Found]:
    for match in _COLONS.finditer(text):
        start, end = match.span()
        second = text.index(":", start) + 1
        if _in_word(text, start - 1):
            if text.startswith("::", second - 1):
                continue  # C++ and Rust names
            start = second  # "node:fe80::1"
        if _in_word(text, end):
            continue
        # The first group may be a word, the last colon the sentence's own.
        lasts = (end, end - 1) if text[end - 1] == ":" else (end,)
        spans = ((one, last) for one in (start, second) for last in lasts)
        found = next((span for span in spans if _is_ipv6(text[span[0] : span[1]])), None)
        if found:
            yield Found(*found, "ip")


def _in_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _is_ipv6(text: str) -> bool:
    if text.count(":") < 2:
        return False
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def _is_host(_: str, match: re.Match[str]) -> bool:
    labels = match[0].lower().split(".")
    if match[0].lower() == "localhost.localdomain" or sum(label.isdigit() for label in labels) > 1:
        return False  # the others are versions in a file's name
    if len(labels) == 2 and len(labels[1]) == 2:
        return False
    return labels[-1] not in _NOT_HOSTS and labels[0] not in _SECTIONS and not labels[0].isdigit()


def _is_serial(_: str, match: re.Match[str]) -> bool:
    """Not the driver 8250, nor the PCI address that a USB host controller gives for one."""
    return len(match["x"]) > 1 and not match["x"].startswith("8250") and not _PCI.match(match["x"])


def _is_user(_: str, match: re.Match[str]) -> bool:
    """Not the size of ``crashkernel=128M@16M`` either."""
    return match["x"].lower() not in _PUBLIC_USERS and not _AMOUNT.fullmatch(match["x"])


def _pattern(kind: str, text: str, flags: int = 0, **more: Callable[[str, re.Match[str]], bool]) -> _Pattern:
    return _Pattern(kind, re.compile(text, flags), **more)


_I = re.IGNORECASE
_PATTERNS = (
    _pattern("ip", r"(?<![\w.])(?<!\d-)(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\w)", is_one=_is_ipv4),
    _pattern("mac", r"(?<![0-9a-zA-Z])[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5,}(?![0-9a-zA-Z])"),
    _pattern("mac", r"(?<![\w-])[0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2}){5}(?![\w-])"),
    _pattern("uuid", r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])", _I),
    _pattern("uuid", r"(?<![\w+])[0-9a-f]{32}(?!\w)"),
    _pattern("id", r"\b(?:[ni]qn\.\d{4}-\d\d\.|t10\.)[^\s,;<>\"'\])]*\w", _I),
    _pattern("id", r"\b(?:eui|naa)\.[0-9a-f]{16,32}\b", _I),
    _pattern("id", r"\b(?:wwn|wwpn|wwnn|port_name|node_name|guid)[-_ :=]*(?P<x>(?:0x)?[0-9a-f]{16})\b", _I),
    _pattern(
        "serial",
        r"(?<![a-z])(?:serial(?:[ _-]?(?:number|num|no))?|s/n|(?:asset|service)[ _-]?tag)"
        r"[ \t]*[:=#][ \t]*[\"']?(?P<x>[^\s,;\"'\])]+)",
        _I,
        is_one=_is_serial,
    ),
    _pattern("user", r"/(?:home|Users)/(?P<x>[^/\s:;,\"'\])]+)", is_one=_is_user),
    _pattern(
        "user", r"\b(?:user|username|logname|sudo_user|acct|login)=[\"']?(?P<x>[\w.@\\-]+)", _I, is_one=_is_user
    ),
    _pattern("user", r"\bfor (?:invalid )?user (?P<x>[\w.\\-]*\w)", is_one=_is_user),
    _pattern("user", r"\bAccepted \w+ for (?P<x>[\w.\\-]*\w) from ", is_one=_is_user),
    _pattern("user", r"(?<![\w.+-])(?P<x>[\w.+-]+)@(?=[\w-]+(?:\.[\w-]+)*)", is_one=_is_user),
    _pattern("host", r"(?<=@)[\w-]+(?:\.[\w-]+)+"),
    _pattern("host", rf"(?<![\w.+-])[a-z0-9](?:[a-z0-9-]*\.)+(?:{_TOP})(?!\w|\.\w)", _I, is_one=_is_host),
    _pattern(
        "host",
        r"^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?!localhost )(?P<x>[\w.-]+) (?=[\w./-]+(?:\[\d+\])?:)",
        re.MULTILINE,
    ),
    _pattern("host", r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://(?P<x>[^\s/\"'<>)\]]+)", _I),
    _pattern("secret", r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://[^\s?\"'<>]{0,300}\?(?P<x>[^\s\"'<>)\]]+)", _I),
    _pattern("secret", rf"(?<![\w.-])(?:{_KEYS})=(?P<x>\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&\"']+)", _I),
)  # fmt: skip
