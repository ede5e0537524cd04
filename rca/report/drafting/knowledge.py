"""The words and practices that lie beside this package as TOML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rca.shipped import table

_HERE = Path(__file__).parent


def _read(name: str) -> dict[str, Any]:
    return table(_HERE / f"{name}.toml")


def kind_words(kind: str) -> str:
    """``NULL pointer dereference``; empty for a kind without words of its own."""
    return str(_read("words")["kinds"].get(kind, ""))


def phase(context: str) -> str:
    """``RX polling``; empty where the context is none of those known."""
    found = (entry for entry in _read("words")["phase"] if entry["context"] in context)
    return next((str(entry["words"]) for entry in found), "")


def taint_words(letter: str) -> str:
    """``out-of-tree module loaded``; empty for an unknown letter."""
    return str(_read("words")["taint"].get(letter, ""))


def practices(subsystem: str, blamed: bool, foreign: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fixes and preventions that apply.

    Args:
        subsystem: The diagnosis's; empty: only what holds for any.
        blamed: Kernel code is at least probably the cause.
        foreign: That code is of a module from elsewhere than this kernel.
    """
    fixes: list[str] = []
    preventions: list[str] = []
    for entry in _read("practice")["practice"]:
        named = tuple(entry.get("subsystems", ()))
        if (named and not subsystem.startswith(named)) or (entry.get("code") and not blamed):
            continue
        if entry.get("foreign", foreign) is not foreign:
            continue
        fixes += entry.get("fixes", ())
        preventions += entry.get("preventions", ())
    return tuple(fixes), tuple(preventions)
