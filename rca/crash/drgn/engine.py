"""drgn as a program: where it lies, how it is asked, and its shell for the pane where crash is missing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from parsers.text import to_lines
from rca.crash.launch import refuse_live
from rca.crash.safety import refusal as crash_refusal
from rca.evidence import Evidence, Kind, now
from rca.shipped import shipped
from rca.sources.base import Command
from rca.sources.process import SEARCH_PATH, Processes

ID = "drgn"
"""Of the evidence that holds its answer."""
CRASH_LIKE = "drgn-crash"
"""drgn's own program with crash's commands, since drgn 0.1."""
PROMPT = "%crash> "
"""Its prompt."""
FIRST = ("set scroll off",)
"""What `drgn-crash` must be told before anything else: it has no option against its pager.

On a dumb terminal even this would wait for a key, so it gets crash's own TERM, and its warnings come coloured."""
_SIGNS = frozenset("!|<>;&`$")
_WITHIN = 180.0
"""Seconds; it takes one, or a few on a big dump over a slow disk."""
_ENVIRONMENT = {
    "PATH": SEARCH_PATH,
    "LC_ALL": "C",
    "TZ": "UTC",
    "HOME": "/nonexistent",
    "DEBUGINFOD_URLS": "",
}
"""Nothing is looked for on the network."""


def refusal(command: str) -> str:
    """Why safe mode does not send this to `drgn-crash`; empty when it is allowed.

    Its command lines are a shell's: signs inside parentheses redirect, too. ``drgn`` opens a Python prompt.
    """
    plain = command.replace("->", "")
    if sign := next((sign for sign in plain if sign in _SIGNS), ""):
        return f"`{sign}` hands text to a shell or a file; safe mode keeps drgn-crash to itself."
    if command.split()[:1] == ["drgn"]:
        return "`drgn` runs any program text; safe mode refuses it."
    return crash_refusal(command)


def find_drgn(name: str = "drgn") -> str | None:
    """The program: beside this Python, where ``pip install panicdesk[drgn]`` puts it, else the system's own."""
    beside = str(Path(sys.executable).parent)
    return shutil.which(name, path=f"{beside}:{SEARCH_PATH}")


def question(program: str, vmlinux: str, vmcore: str) -> tuple[str, ...]:
    """The argument vector that asks everything at once. Raises ValueError for a live kernel's memory."""
    refuse_live(vmcore)
    script = shipped(Path(__file__).with_name("question.py"))
    files = (str(Path(vmcore).absolute()), str(Path(vmlinux).absolute()))
    return (program, "-q", "--main-symbols", "-c", files[0], "-s", files[1], str(script))


def ask(processes: Processes, program: str, vmlinux: str, vmcore: str, where: str) -> Evidence:
    """Ask, and wait for the answer: JSON for `facts.from_drgn`, or the problem. Never raises for what drgn does."""
    argv = question(program, vmlinux, vmcore)
    started = now()
    done = processes.run(Command(ID, argv, timeout=_WITHIN), _ENVIRONMENT)
    problem = done.problem
    if not problem and done.status != 0:
        said = to_lines(done.errors)
        problem = f"drgn ended with status {done.status}: {said[-1] if said else 'it said nothing'}"
    seconds = (now() - started).total_seconds()
    lines = to_lines(done.output)
    return Evidence(ID, Kind.COMMAND, " ".join(argv), where, started, lines, seconds, done.status, problem)


def shell(program: str, vmlinux: str, vmcore: str) -> tuple[str, ...]:
    """The argument vector of `drgn-crash`, whose commands are those of crash. Raises ValueError as above."""
    refuse_live(vmcore)
    return (program, str(Path(vmlinux).absolute()), str(Path(vmcore).absolute()))
