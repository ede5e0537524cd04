"""From what a program printed to evidence, with ``sudo -n`` where that was allowed and is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from parsers.text import to_lines, visible
from rca.evidence import Evidence, Kind, now
from rca.sources.base import Command, File
from rca.sources.files import in_words
from rca.sources.process import Outcome
from rca.sources.tooldisk import Runner, failure

Run = Callable[[Command], Outcome]
SUDO = ("sudo", "-n", "--")
"""Never asks: where a password would be needed, it fails at once."""


def ask(command: Command, where: str, run: Run, sudo: bool = False) -> Evidence:
    """Run a command; by sudo first where it wants root, and without it if sudo refuses."""
    started, clock = now(), time.monotonic()
    ran, outcome = _elevated(command, run) if sudo and command.root else (command, run(command))
    return Evidence(
        id=command.id,
        kind=Kind.COMMAND,
        what=visible(" ".join(ran.argv)),
        where=where,
        started=started,
        lines=to_lines(outcome.joined),
        seconds=time.monotonic() - clock,
        exit_status=outcome.status,
        problem=visible(outcome.problem),
        truncated=outcome.truncated,
    )


def read_by_programs(probe: File, where: str, run: Run, sudo: bool = False) -> Evidence:
    """Read the first of the files that is there, by head or tail on the machine that `run` means."""
    started, clock = now(), time.monotonic()
    name, outcome, problem = next(iter(probe.paths), probe.id), Outcome(), "not found"
    for path in probe.paths:
        name, problem = path, ""
        wanted = probe.limit if probe.tail else probe.limit + 1
        argv = ("tail" if probe.tail else "head", "-c", str(wanted), "--", path)
        command = Command(probe.id, argv, probe.timeout, probe.limit + 1, root=True)
        outcome = _elevated(command, run)[1] if sudo else run(command)
        if outcome.problem:
            problem = outcome.problem
        elif outcome.status:
            error = failure(outcome, Path(path))
            problem = in_words(error, "reading", path)
            if isinstance(error, FileNotFoundError):
                continue
        break
    cut = not probe.tail and len(outcome.output) > probe.limit
    return Evidence(
        id=probe.id,
        kind=Kind.FILE,
        what=visible(name),
        where=where,
        started=started,
        lines=to_lines(outcome.output[: probe.limit]),
        seconds=time.monotonic() - clock,
        problem=visible(problem or (f"output cut at {probe.limit} bytes" if cut else "")),
        truncated=cut,
    )


def disk_runner(run: Run, sudo: bool = False, timeout: float = 30.0) -> Runner:
    """Run the programs of a `rca.sources.tooldisk.ToolDisk` through `run`."""

    def runner(argv: Sequence[str], limit: int) -> Outcome:
        command = Command("disk", tuple(argv), timeout, limit + (64 << 10), root=True)
        return _elevated(command, run)[1] if sudo else run(command)

    return runner


def _elevated(command: Command, run: Run) -> tuple[Command, Outcome]:
    """What ran in the end, and what came of it."""
    raised = replace(command, argv=(*SUDO, *command.argv))
    outcome = run(raised)
    refused = outcome.errors.startswith(b"sudo: ") or outcome.problem.startswith("not found")
    return (command, run(command)) if refused else (raised, outcome)
