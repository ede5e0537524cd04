"""Carrying out a plan after a yes: output line by line as it comes, judged by what is on disk afterwards."""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parsers.host.dnf import Trouble, trouble
from parsers.text import to_lines
from rca.changing.plan import Plan
from rca.evidence import Evidence, Kind
from rca.sources.base import Source
from rca.sources.files import now
from rca.sources.node import clean_environment
from rca.sources.ssh import SshSource
from rca.verdict import Badge, Verdict

_MOST = 4 << 20
"""Bytes of output kept."""
_HINTS = {
    Trouble.NO_DEBUGINFO: "The enabled repositories have no debuginfo of it: enable the debuginfo repository "
    "(dnf --enablerepo=baseos-debuginfo …), or take the package from the vault.",
    Trouble.NO_MATCH: "No enabled repository has this package: an older point release is in the vault, a mirror or a "
    "Satellite may not carry debuginfo at all.",
    Trouble.UNKNOWN_REPOSITORY: "This machine names its repositories otherwise: dnf repolist --all lists them.",
    Trouble.UNREACHABLE: "The repository cannot be reached from here: copy the package over and install the file.",
    Trouble.NOT_ROOT: "It needs root.",
    Trouble.NO_SPACE: "There is not enough space on the disk.",
    Trouble.CONFLICT: "Packages stand in each other's way; nothing was changed.",
    Trouble.NOTHING: "dnf found nothing to do and calls that a success.",
}


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a plan."""

    verdict: Verdict
    """PASS only when the result is there, whatever the exit status was."""
    evidence: Evidence
    """The command's whole output."""


def carry_out(
    plan: Plan,
    source: Source,
    told: Callable[[tuple[str, ...]], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> Done:
    """Run a plan to its end on the machine that `source` means. Call it only after a person's yes.

    `told` hears new lines as they come; `stop` ends the command. May take as long as the command does.
    """
    started, clock = now(), time.monotonic()
    if plan.stdin and isinstance(source, SshSource):
        output, status, problem = b"", None, "its input cannot be given over ssh: run it on the node itself"
    else:
        argv = (*source.link.client(), shlex.join(plan.argv)) if isinstance(source, SshSource) else plan.argv
        output, status, problem = _run(argv, plan, told, stop or threading.Event())
    evidence = Evidence(
        id="change",
        kind=Kind.COMMAND,
        what=plan.shown(),
        where=source.name,
        started=started,
        lines=to_lines(output),
        seconds=time.monotonic() - clock,
        exit_status=status,
        problem=problem,
    )
    return Done(judge(plan, evidence, plan.result(source)), evidence)


def judge(plan: Plan, evidence: Evidence, missing: str) -> Verdict:
    """Say what came of a plan; `missing` is what its own look at the disk found wanting."""
    found = trouble(evidence.lines) if plan.argv[0] == "dnf" else None
    proof = (
        (evidence.cite(found.line),)
        if found
        else tuple(evidence.cite(n) for n in (len(evidence.lines),) if n)
    )
    status = "" if evidence.exit_status is None else f" It exited {evidence.exit_status}."
    if not missing:
        doubt = (f"The command said otherwise.{status}",) if evidence.exit_status or evidence.problem else ()
        return Verdict(Badge.PASS, f"{plan.title}: done", proof, "", doubt)
    why = evidence.problem or (_HINTS[found.trouble] if found else "")
    summary = f"{plan.title}: {missing}"
    return Verdict(Badge.FAIL, summary, proof, why, (f"Judged by what is on disk.{status}",))


def _run(
    argv: Sequence[str], plan: Plan, told: Callable[[tuple[str, ...]], None], stop: threading.Event
) -> tuple[bytes, int | None, str]:
    try:
        given = os.open(plan.stdin or os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        return b"", None, f"{plan.stdin} cannot be read: {error.strerror}"
    try:
        process = subprocess.Popen(
            argv,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=clean_environment(),
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        return b"", None, f"{argv[0]} cannot be started: {error.strerror}"
    finally:
        os.close(given)
    assert process.stdout is not None
    threading.Thread(target=_end, args=(process, stop), daemon=True, name="change").start()
    kept = bytearray()
    rest = b""
    while chunk := os.read(process.stdout.fileno(), 1 << 14):
        kept += chunk[: max(0, _MOST - len(kept))]
        whole, newline, rest = (rest + chunk).rpartition(b"\n")
        if newline:
            told(to_lines(whole + newline))
    if rest:
        told(to_lines(rest))
    process.stdout.close()
    status = process.wait()
    return bytes(kept), status, "stopped by hand: look what it left behind" if stop.is_set() else ""


def _end(process: subprocess.Popen[bytes], stop: threading.Event) -> None:
    """Ask it to end when that is wished: a package manager must be left to tidy up, so it is never killed."""
    while process.poll() is None:
        if stop.wait(0.2):
            process.terminate()
            return
