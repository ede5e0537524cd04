"""Secrets that are known by their shape alone: addresses, UUIDs, world wide names; wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rca.report.redaction.addresses import ipv6_spans, is_ipv4
from rca.report.redaction.places import Check, Found, Sign, Text, shapes, words


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of secret of digits."""

    kind: str
    signs: tuple[Sign, ...]
    before: tuple[int, ...]
    """How many characters before one of its signs it may begin; it is looked for nowhere else."""
    find: re.Pattern[str]
    is_one: Check

    def matches(self, text: Text) -> Iterator[Found]:
        """Every match; they do not overlap as long as they have the same sign."""
        whole, match_at = text.text, self.find.match
        for sign in self.signs:
            done = 0
            for at in text.places(sign):
                for back in self.before if at >= done else ():
                    match = match_at(whole, at - back) if at >= back else None
                    if match and self.is_one(whole, match):
                        yield *match.span(), self.kind
                        done = match.end()
                        break


def find_shapes(text: Text) -> Iterator[Found]:
    """Every match of every shape, in no order; they may overlap."""
    for shape in SHAPES:
        yield from shape.matches(text)
    for first, last in text.spans(_IPV6):
        yield from ((*span, "ip") for span in ipv6_spans(text.text, first, last))


_VERSION = ("version", "firmware", "fw", "ver", "rev", "revision", "bios")
_VALUE = re.compile(
    r"(?:\b(?:[A-Z][A-Z0-9]{1,3}|x\d\d?|sp|lr|pc) ?:|(?i:address|addr|flags|pte|pmd|pud|pgd|p4d|code|value)\W)\W{0,3}$"
)
"""Before a register's value, a pointer, a page's flags."""
_CONTEXT = 14
"""Characters before a match that may tell that it is something else."""


def _any(_text: str, _match: re.Match[str]) -> bool:
    return True


def _is_address(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _CONTEXT) : match.start()].rstrip(" :=(")
    return is_ipv4(match[0]) and not before.lower().endswith(_VERSION)


def _is_wwn(text: str, match: re.Match[str]) -> bool:
    """Not a register, a pointer or a page's flags; nor the kernel's patterns of poison."""
    return len(set(match["n"])) > 4 and not _VALUE.search(
        text, max(0, match.start() - _CONTEXT), match.start()
    )


def _shape(
    kind: str, signs: tuple[Sign, ...], before: tuple[int, ...], text: str, is_one: Check = _any
) -> Shape:
    return Shape(kind, signs, before, re.compile(text, re.IGNORECASE), is_one)


_IPV6 = (*words("::"), *shapes(":h{1,4}:h{1,4}:h{1,4}:h{1,4}:h{1,4}:"))
SHAPES = (
    _shape(
        "ip",
        shapes(r"\.(?=h{1,3}\.h{1,3}\.h)"),
        (3, 2, 1),
        r"(?<![\w.])(?<!\d-)(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\w)",
        _is_address,
    ),
    _shape(
        "mac",
        shapes(*(f"{s}(?=hh{s}hh{s}hh{s}hh{s}hh)" for s in ":_-")),
        (2,),
        r"(?<![0-9a-z])[0-9a-f]{2}(?P<s>[:_-])[0-9a-f]{2}(?:(?P=s)[0-9a-f]{2}){4,}(?![0-9a-z])",
    ),
    _shape(
        "mac",
        shapes(":(?=h{1,2}:h{1,2}:h{1,2}:h{1,2}:h)"),
        (2, 1),
        r"(?<![0-9a-z])(?<![0-9a-z]:)[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}(?!:?[0-9a-z])",
    ),
    _shape(
        "mac",
        shapes(r"\.(?=hhhh\.hhhh)"),
        (4,),
        r"(?<![\w.])[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}(?!\w|\.\w)",
    ),
    _shape(
        "uuid",
        shapes("-(?=hhhh-hhhh-hhhh-hhhhhhhhhhhh)"),
        (8,),
        r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])",
    ),
    _shape("uuid", shapes("h" * 32), (0,), r"(?<![\w+])3?[0-9a-f]{32}(?!\w)"),
    _shape(
        "uuid",
        shapes(":(?=hhhhhhhh:hhhhhhhh:hhhhhhhh)"),
        (8,),
        r"(?<!\w)[0-9a-f]{8}(?::[0-9a-f]{8}){3}(?!\w)",
    ),
    _shape(
        "uuid",
        words("-(?=[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-)"),
        (6,),
        r"(?<![\w-])[a-z0-9]{6}(?:-[a-z0-9]{4}){5}-[a-z0-9]{6}(?![\w-])",
    ),
    _shape("id", shapes("h" * 16), (2, 0), r"(?<![\w+])(?:0x|3)?(?P<n>[56][0-9a-f]{15})(?!\w)", _is_wwn),
)
