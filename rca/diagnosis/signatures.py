"""What is known of each way to die: meaning, class, next commands, usual fixes, preventions. The knowledge is TOML.

A file holds tables ``[[signature]]`` with the keys of `Signature`; ``kinds`` and ``match`` decide where one applies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rca.diagnosis.knowledge import texts

_LONGEST = 512
"""Characters of a line that are looked at."""
CLASSES = ("hardware", "firmware", "driver", "kernel", "configuration", "workload", "human")


class SignatureError(ValueError):
    """A signature file cannot be used; the message names the signature and the reason."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One known way to die."""

    id: str
    kinds: tuple[str, ...]
    """Kinds of event to which it applies; empty: any."""
    match: str
    """A regular expression that one line of the event must hold; empty: the kind alone decides."""
    meaning: str
    classes: tuple[str, ...]
    """Where the cause of such an event mostly lies, likeliest first: a selection of `CLASSES`."""
    next: tuple[str, ...] = ()
    """Crash commands, or things to look up, that settle what is open."""
    fixes: tuple[str, ...] = ()
    preventions: tuple[str, ...] = ()
    source: str = ""
    example: str = ""
    """A line to which `match` applies."""
    origin: str = ""
    """The file that it came from."""


_LISTS = ("kinds", "classes", "next", "fixes", "preventions")
_WORDS = ("match", "meaning", "source", "example")


def read_signatures(text: str, origin: str = "") -> tuple[Signature, ...]:
    """Read one TOML file. Raises SignatureError when it, or any signature in it, is not usable."""
    found = _read(text, origin)
    for signature in found:
        try:
            re.compile(signature.match)
        except (re.error, OverflowError, RecursionError) as error:
            raise SignatureError(f"{origin or 'signatures'}, {signature.id}: match: {error}") from error
    return found


def _read(text: str, origin: str) -> tuple[Signature, ...]:
    """All but the patterns is checked."""
    import tomllib

    try:
        tables = tomllib.loads(text).get("signature", [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SignatureError(f"{origin or 'signatures'}: {error}") from error
    if not isinstance(tables, list):
        raise SignatureError(f"{origin or 'signatures'}: signature must be an array of tables")
    return tuple(_one(table, number, origin) for number, table in enumerate(tables, 1))


def _one(table: object, number: int, origin: str) -> Signature:
    name = f"{origin or 'signatures'}, signature {number}"
    if not isinstance(table, Mapping) or not isinstance(table.get("id"), str):
        raise SignatureError(f"{name}: no id")
    name = f"{origin or 'signatures'}, {table['id']}"
    unknown = set(table) - {"id", *_LISTS, *_WORDS}
    if unknown:
        raise SignatureError(f"{name}: unknown key {sorted(unknown)[0]}")
    values: dict[str, tuple[str, ...]] = {}
    for key in _LISTS:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SignatureError(f"{name}: {key} must be a list of strings")
        values[key] = tuple(value)
    words: dict[str, str] = {}
    for key in _WORDS:
        value = table.get(key, "")
        if not isinstance(value, str):
            raise SignatureError(f"{name}: {key} must be a string")
        words[key] = value
    if not words["meaning"]:
        raise SignatureError(f"{name}: no meaning")
    if not set(values["classes"]) <= set(CLASSES) or not values["classes"]:
        raise SignatureError(f"{name}: classes must be some of {', '.join(CLASSES)}")
    return Signature(id=table["id"], origin=origin, **values, **words)  # type: ignore[arg-type]


@cache
def builtin() -> tuple[Signature, ...]:
    """The signatures that come with the program, in the order of their files' names."""
    return tuple(signature for name, text in texts("signatures") for signature in _read(text, name))


def applying(kind: str, lines: Iterable[str], extra: Iterable[Signature] = ()) -> tuple[Signature, ...]:
    """The signatures that apply to an event of this kind with these lines; those of a matching line come first."""
    shown = [line[:_LONGEST] for line in lines]
    exact, loose = [], []
    for signature in (*extra, *builtin()):
        if signature.kinds and kind not in signature.kinds:
            continue
        if not signature.match:
            loose.append(signature)
        elif any(map(_compiled(signature.match).search, shown)):
            exact.append(signature)
    return (*exact, *loose)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
