"""What to try when crash does not open a dump: each rung gives something up to get further.

A pure plan: who runs it asks for the next rung with what crash said last, and starts that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.crash.messages import read_messages


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to get at a dump."""

    name: str
    """As people call it: its options, or the file."""
    options: tuple[str, ...]
    """For `launch`; of no meaning where `session` is False."""
    explains: str
    """A sentence: what this way does without, and what that costs."""
    session: bool = True
    """Whether it gives a crash prompt."""


NORMAL = Rung("crash", (), "crash opens the dump with everything it can read.")
ZERO_EXCLUDED = Rung(
    "crash --zero_excluded",
    ("--zero_excluded",),
    "Pages that an incomplete dump lacks read as zeros: crash gets further, but a zero it shows may be none.",
)
NO_KMEM_CACHE = Rung(
    "crash --no_kmem_cache",
    ("--zero_excluded", "--no_kmem_cache"),
    "crash leaves the slab caches aside, where it often fails or hangs: kmem -s does not work.",
)
NO_MODULES = Rung(
    "crash --no_modules",
    ("--zero_excluded", "--no_kmem_cache", "--no_modules"),
    "crash leaves the modules aside too: their functions have no names, and mod shows nothing.",
)
MINIMAL = Rung(
    "crash --minimal",
    ("--zero_excluded", "--minimal"),
    "crash reads symbols only: log, dis, rd, sym and eval work, bt does not.",
)
LOG = Rung(
    "crash --log", (), "crash takes the kernel's log out of the dump; this needs no vmlinux.", session=False
)
DMESG = Rung(
    "vmcore-dmesg.txt",
    (),
    "The log that kdump saved beside the dump is read; no memory can be looked at.",
    session=False,
)
LADDER = (NORMAL, ZERO_EXCLUDED, NO_KMEM_CACHE, NO_MODULES, MINIMAL, LOG, DMESG)
"""In the order in which they are tried."""

_WRONG_SYMBOLS = frozenset(
    ("no-match", "no-debug-data", "debuginfo-file", "smp-mismatch", "banner", "namelist")
)
"""Kinds of `parsers.crash.messages` after which no way that needs this vmlinux will do."""
_UNREADABLE = frozenset(("not-supported", "no-file", "permission"))
"""The same for the dump itself."""
_STAGES = (
    ("kmem slab cache data", NO_KMEM_CACHE),
    ("module symbol data", NO_MODULES),
    ("task table data", MINIMAL),
)
"""What crash was gathering when it ended or hung, and the first rung that leaves that out."""


def next_rung(tried: Rung, said: Sequence[str]) -> Rung | None:
    """The rung to try after `tried` failed; None after the last.

    `said` is what crash printed and the session's last message: rungs that cannot help are passed over.
    """
    at = LADDER.index(tried) + 1
    kinds = {message.kind for message in read_messages(said)}
    if kinds & _UNREADABLE:
        at = max(at, LADDER.index(DMESG))
    elif kinds & _WRONG_SYMBOLS:
        at = max(at, LADDER.index(LOG))
    else:
        stages = (rung for words, rung in _STAGES if any(words in line for line in said))
        at = max((at, *map(LADDER.index, stages)))
    return LADDER[at] if at < len(LADDER) else None


def log_argv(program: str, vmcore: str) -> tuple[str, ...]:
    """The command of the rung LOG; it prints the log and ends."""
    return (program, "--log", vmcore)
