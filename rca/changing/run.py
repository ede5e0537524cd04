"""Carrying out a plan after a yes: output line by line as it comes, judged by what is on disk afterwards."""

from __future__ import annotations

import os
import select
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parsers.host.dnf import Trouble, trouble
from parsers.text import to_lines
from rca.changing.plan import Plan
from rca.evidence import Evidence, Kind, now
from rca.sources.base import Source
from rca.sources.node import clean_environment
from rca.sources.ssh import SshSource
from rca.verdict import Badge, Verdict

_MOST = 4 << 20
"""Bytes of output kept."""
_SILENCE = 0.5
"""Seconds after the end of a command in which output may still come."""
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
    argv, feed, problem, what = plan.argv, None, "", plan.shown()
    if isinstance(source, SshSource):
        problem = source.link.open()
        argv = (*source.link.client(), shlex.join(plan.argv))
        if plan.stdin:
            if not problem and not source.exists(str(plan.stdin)):
                problem = f"{plan.stdin} cannot be read"
            reading = shlex.join(("cat", "--", str(plan.stdin)))
            feed, what = (*source.link.client(), reading), f"{reading} | {shlex.join(plan.argv)}"
    output, status = b"", None
    if not problem:
        output, status, problem = _run(argv, feed, plan, told, stop or threading.Event())
    evidence = Evidence(
        id="change",
        kind=Kind.COMMAND,
        what=what,
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
    argv: Sequence[str],
    feed: Sequence[str] | None,
    plan: Plan,
    told: Callable[[tuple[str, ...]], None],
    stop: threading.Event,
) -> tuple[bytes, int | None, str]:
    """Run a command to its end; `feed`, where there is one, is a second whose output it reads."""
    reader = None
    try:
        if feed:
            reader = _start(feed, subprocess.DEVNULL, subprocess.DEVNULL)
            given = os.dup(_pipe(reader))
            _close(reader)
        else:
            given = os.open(plan.stdin or os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        return b"", None, f"{plan.stdin} cannot be read: {error.strerror}"
    try:
        process = _start(argv, given, subprocess.STDOUT)
    except OSError as error:
        return b"", None, f"{argv[0]} cannot be started: {error.strerror}"
    finally:
        os.close(given)
    threading.Thread(target=_end, args=(process, reader, stop), daemon=True, name="change").start()
    kept = bytearray()
    rest = b""
    while _speaks(process) and (chunk := os.read(_pipe(process), 1 << 14)):
        kept += chunk[: max(0, _MOST - len(kept))]
        whole, newline, rest = (rest + chunk).rpartition(b"\n")
        if newline:
            told(to_lines(whole + newline))
    if rest:
        told(to_lines(rest))
    _close(process)
    status = process.wait()
    if stop.is_set():
        return bytes(kept), status, "stopped by hand: look what it left behind"
    broken = reader is not None and reader.wait() != 0 and status != 0
    return bytes(kept), status, f"{plan.stdin} could not be read to its end" if broken else ""


def _start(argv: Sequence[str], given: int, errors: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=clean_environment(),
        cwd="/",
        start_new_session=True,
    )


def _pipe(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    return process.stdout.fileno()


def _speaks(process: subprocess.Popen[bytes]) -> bool:
    """Wait for output; False when it has ended and its pipe is silent: an ssh that shares a connection lends its pipe
    to that, and the program on the node may hold it open."""
    while not select.select([_pipe(process)], [], [], _SILENCE)[0]:
        if process.poll() is not None:
            return False
    return True


def _close(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    process.stdout.close()


def _end(
    process: subprocess.Popen[bytes], reader: subprocess.Popen[bytes] | None, stop: threading.Event
) -> None:
    """Ask it to end when that is wished, or when its input broke off: makedumpfile would wait ten minutes for more, and
    does on a node.

    A package manager must be left to tidy up, so it is never killed.
    """
    while process.poll() is None:
        if stop.wait(0.2) or (reader and reader.poll()):
            process.terminate()
            return
