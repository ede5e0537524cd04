"""The ways to die, read from ways.toml: how each is brought about, and the truth about it."""

from dataclasses import dataclass
from pathlib import Path

from rca.lab.errors import LabError
from rca.shipped import table


@dataclass(frozen=True, slots=True)
class Way:
    """One way to die, and the truth about it."""

    name: str
    what: str
    """The mechanism, in one sentence."""
    run: str
    """Shell lines of the guest that bring it about."""
    cmdline: str
    """Further kernel parameters."""
    title: str
    """How the line of the kernel log starts, behind its time stamp, that names the death."""
    rip: str
    """Function in the log's first kernel RIP line (or how the bare address starts); empty: none that tells."""
    guilty: tuple[str, ...]
    """The guilty functions; empty: no code, or none that is still there; two threads can share the blame."""
    shown: tuple[str, ...]
    """Those of the guilty module that the log names: the guilty ones, or the nearest that a reader can see."""
    module: str
    """The guilty module; empty: none."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _read() -> dict[str, Way]:
    return {
        name: Way(
            name=name,
            what=entry["what"],
            run=entry["run"],
            cmdline=entry.get("cmdline", ""),
            title=entry["title"],
            rip=entry["rip"],
            guilty=_names(entry["function"]),
            shown=_names(entry.get("shown", entry["function"])),
            module=entry["module"],
        )
        for name, entry in table(Path(__file__).with_name("ways.toml")).items()
    }


WAYS = _read()
"""Name → way, in the order of ways.toml."""


def way(name: str) -> Way:
    """The way of that name. Raises LabError, listing all names, if there is none."""
    try:
        return WAYS[name]
    except KeyError:
        raise LabError(f"no way {name!r}; there are: {', '.join(WAYS)}") from None
