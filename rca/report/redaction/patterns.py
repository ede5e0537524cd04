"""What in a text tells who, or where: what its own words give away, as users and secrets on a command line do.

Never matched: PCI addresses (``0000:3b:00.0``), versions and releases, functions with their offsets, modules, register
values, times. Where a form is both (``1.2.3.4`` may be an address or a version) the words before it decide. Every match
lies within one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rca.report.redaction.places import Check, Found, Sign, Text, words
from rca.report.redaction.shapes import find_shapes

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
_SECRET = r"(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)"
_KEYS = (
    rf"[\w.-]*(?:{_SECRET}|\bpass|psk|cryptkey|initiator(?:_?name)?|target_?name)|key|netroot|nfsroot|bootif|ifname|ip|"
    r"hostname|systemd\.hostname|rd\.(?:iscsi|luks|lvm|md)\.[\w.]+|(?:inst\.)?ks|(?:https?|ftp|all)_proxy|proxy|"
    r"(?:part)?uuid"
)
_KEYS_END = (
    "pass word swd phrase secret token key psk crypt tial tials ator name root bootif ifname ip ks proxy uuid"
)
_PUBLIC_USERS = frozenset({"root", "nobody", "unknown", "uid"})
_OF_USERS = frozenset(
    {"space", "mode", "memory", "page", "pages", "process", "processes", "thread", "data", "access"}
)
"""What the kernel says after "user"."""
_PUBLIC_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of secret, and how it is written."""

    kind: str
    signs: tuple[Sign, ...]
    """One of them stands in every line with a match; without any, every line is gone through."""
    find: re.Pattern[str]
    """Its group ``x``, or else the whole, is the secret."""
    is_one: Check | None = None

    def matches(self, text: Text) -> Iterator[Found]:
        """Every match, from left to right."""
        group, check, kind, whole = (
            ("x" if "x" in self.find.groupindex else 0),
            self.is_one,
            self.kind,
            text.text,
        )
        for first, last in text.spans(self.signs):
            for match in self.find.finditer(whole, first, last):
                if check is None or check(whole, match):
                    yield *match.span(group), kind


def find(text: Text) -> Iterator[Found]:
    """Every match of every pattern, in no order; they may overlap."""
    yield from find_shapes(text)
    for pattern in PATTERNS:
        yield from pattern.matches(text)


_PCI = re.compile(r"[0-9a-f]{4,5}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]", re.IGNORECASE)
_AMOUNT = re.compile(r"\d+[kmgt]?", re.IGNORECASE)


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
    name = match["x"].lower()
    return name not in _PUBLIC_USERS | _OF_USERS and not _AMOUNT.fullmatch(name)


def _is_namespace(_: str, match: re.Match[str]) -> bool:
    return match["x"] not in _PUBLIC_NAMESPACES and not match["x"].isdigit()


_I = re.IGNORECASE
_IN_KEYS = words("=(?:" + "|".join(f"(?<={end}=)" for end in _KEYS_END.split()) + ")", r"rd\.")


def _pattern(
    kind: str, signs: tuple[Sign, ...], text: str, flags: int = 0, is_one: Check | None = None
) -> Pattern:
    return Pattern(kind, signs, re.compile(text, flags), is_one)


PATTERNS = (
    _pattern(
        "mac",
        words("mac", "hwaddr", "ether", "lladdr", "permaddr", "enx"),
        r"(?:\b(?:[a-z]*mac(?:[ _]?addr(?:ess)?)?|hwaddr|ether|lladdr|permaddr)[ :=]+|\benx)(?P<x>[0-9a-f]{12})(?!\w)",
        _I,
    ),
    _pattern(
        "id",
        words(r"iqn\.", r"nqn\.", r"t10\.", r"nvme\."),
        r"\b(?:[ni]qn\.\d{4}-\d\d\.|t10\.|nvme\.[0-9a-f]{4}-)[^\s,;<>\"'\])]*\w",
        _I,
    ),
    _pattern("id", words(r"eui\.", r"naa\."), r"\b(?:eui|naa)\.[0-9a-f]{16,32}\b", _I),
    _pattern("id", words("by-id/"), r"/by-id/(?P<x>[^\s:,;<>\"'\])]+)", _I),
    _pattern(
        "id",
        words("wwn", "wwp", "wwid", "port_name", "node_name", "guid", "sas_addr", "sas addr", "logical id"),
        r"(?<![a-z])(?:wwn|wwpn|wwnn|wwid|port_name|node_name|(?:node_|port_|sys_image_)?guid|sas[_ ]addr(?:ess)?|"
        r"logical id)[-_ :=(]*(?P<x>(?:0x)?[0-9a-f]{16,33})\b",
        _I,
    ),
    _pattern(
        "serial",
        words("serial", "s/n", "sn", "asset", "service"),
        r"(?:(?<![a-z])(?:serial(?:[ _-]?(?:number|num|no))?|s/n|\bsn|(?:asset|service)[ _-]?tag)"
        r"[ \t]*[:=#][ \t]*[\"']?|\bserial[ _-]?(?:number|num|no)\.? +(?=[\w-]*\d))(?P<x>[^\s,;\"'\])]+)",
        _I,
        is_one=_is_serial,
    ),
    _pattern("user", words("/home/", "/users/"), r"/(?:home|Users)/(?P<x>[^/\s:;,\"'\])]+)", is_one=_is_user),
    _pattern(
        "user",
        words("user", "logname=", "acct=", "login=", "auid=", "uid="),
        r"\b(?:r?user|username|logname|sudo_user|acct|login|a?uid)=[\"']?(?P<x>[\w.@\\-]+)",
        _I,
        is_one=_is_user,
    ),
    _pattern(
        "user",
        words("id=", "groups="),
        r"\b(?:[a-z]*uid|[a-z]*gid|groups)=\d+\((?P<x>[\w.\\-]+)\)",
        _I,
        is_one=_is_user,
    ),
    _pattern(
        "user",
        words("user "),
        r"\b(?:for(?: invalid)?|session \w+ of) user (?P<x>[\w.\\-]*\w)",
        is_one=_is_user,
    ),
    _pattern("user", words("accepted "), r"\bAccepted \w+ for (?P<x>[\w.\\-]*\w) from ", is_one=_is_user),
    _pattern("user", words("sudo"), r"\bsudo(?:\[\d+\])?: +(?P<x>[\w.\\-]+) : ", is_one=_is_user),
    _pattern("user", words("@"), r"(?<![\w.+-])(?P<x>[\w.+-]+)@(?=[\w-]+(?:\.[\w-]+)*)", is_one=_is_user),
    _pattern(
        "ns",
        words("namespace"),
        r"\b(?:pod_?)?namespace(?:_name)?[\"']?[=:] ?[\"']?(?P<x>[a-z0-9][a-z0-9-]*)",
        is_one=_is_namespace,
    ),
    _pattern("host", words("@"), r"(?<=@)[\w-]+(?:\.[\w-]+)+"),
    _pattern(
        "host",
        words(r"\.[a-z][a-z]"),
        rf"(?<![\w.+-])[a-z0-9](?:[a-z0-9-]*\.)+(?:{_TOP})(?!\w|\.\w)",
        _I,
        is_one=_is_host,
    ),
    _pattern(
        "host",
        (),
        r"^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?!localhost )(?P<x>[\w.-]+) (?=[\w./-]+(?:\[\d+\])?:)",
        re.MULTILINE,
    ),
    _pattern("host", words("://"), r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://(?P<x>[^\s/\"'<>)\]]+)", _I),
    _pattern(
        "secret",
        words("://"),
        r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://[^\s?\"'<>]{0,300}\?(?P<x>[^\s\"'<>)\]]+)",
        _I,
    ),
    _pattern("secret", _IN_KEYS, rf"(?<![\w.-])(?:{_KEYS})=(?P<x>\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&\"']+)", _I),
    _pattern(
        "secret",
        words("passw", "passphrase", "secret", "token", "key", "credential"),
        rf"(?:--[\w-]*{_SECRET} +|{_SECRET}[\"']?: *)(?P<x>\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&\"'-][^\s,;&\"']*)",
        _I,
    ),
    _pattern(
        "secret", words("bearer ", "basic "), r"\b(?:bearer|authorization: basic) (?P<x>[\w.+/=~-]{8,})", _I
    ),
)
