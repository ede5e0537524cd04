"""What a module or a function belongs to, in people's words, and what visibly set the crash off."""

from __future__ import annotations

from collections.abc import Iterable

from rca.diagnosis.knowledge import read


def serves_others(module: str) -> bool:
    """Whether this is a module that others use: the user is the likelier suspect."""
    return module in read("modules")["service"]


def built_in(function: str) -> str:
    """The module that a function of the kernel image is elsewhere, ``md_do_sync`` is md_mod's; empty when unknown."""
    for module, prefixes in read("modules")["builtin"].items():
        if function.startswith(tuple(prefixes)):
            return str(module)
    return ""


def _is(name: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name == pattern


def subsystem(function: str, module: str) -> str:
    """The subsystem of a place in code, ``NIC driver (mlx5_core)``; empty when unknown."""
    for entry in read("modules")["subsystem"]:
        if module and any(_is(module, pattern) for pattern in entry.get("modules", ())):
            return f"{entry['name']} ({module})"
    if module:
        return f"module {module}"
    for entry in read("modules")["subsystem"]:
        if function and function.startswith(tuple(entry.get("functions", ("\0",)))):
            return str(entry["name"])
    return "core kernel" if function else ""


def trigger(functions: Iterable[str]) -> str:
    """What set it off, as far as the functions on the stack show; empty when they do not."""
    names = list(functions)
    for entry in read("modules")["trigger"]:
        if any(_is(name, pattern) for pattern in entry["functions"] for name in names):
            return str(entry["words"])
    return ""
