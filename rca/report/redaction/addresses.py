"""Internet addresses in a text, told from what is only written like them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache

_COLONS = re.compile(
    r"(?<![0-9a-fA-F:])[0-9a-fA-F]{0,99}:(?:[0-9a-fA-F:]*(?<=:)(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]+)"
)


@lru_cache(maxsize=4096)
def is_ipv4(text: str) -> bool:
    """Whether it names a machine; loopback and 0.0.0.0 do not, and 2.6 is an old kernel's release."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or text.startswith("2.6."))


@lru_cache(maxsize=4096)
def is_ipv6(text: str) -> bool:
    """Whether it names a machine."""
    if text.count(":") < 2:
        return False
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def ipv6_spans(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Start and end of each address between two places, which are ends of lines."""
    for match in _COLONS.finditer(text, first, last):
        start, end = match.span()
        second = text.index(":", start) + 1
        if _in_word(text, start - 1):
            if text.startswith("::", second - 1) and not text.startswith(":::", second - 1):
                continue  # C++ and Rust names
            start = second  # "node:fe80::1", "node:::ffff:0:1"
        if _in_word(text, end):
            continue
        # The first group may be a word, the last colon the sentence's own.
        lasts = (end, end - 1) if text[end - 1] == ":" else (end,)
        spans = ((one, last) for one in (start, second) for last in lasts)
        if found := next((span for span in spans if is_ipv6(text[span[0] : span[1]])), None):
            yield found


def _in_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")
