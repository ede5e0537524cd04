"""Beginning a crash session for a case: on the real program, or from its recording."""

from __future__ import annotations

from pathlib import Path

from rca.case import Case
from rca.crash.base import Listener, Session
from rca.crash.locate import find_crash, find_vmlinux
from rca.crash.recall import captured
from rca.crash.replay import ReplaySession
from rca.crash.transcript import Transcript
from rca.evidence import Kind
from rca.sources.base import Dump
from rca.steps.base import CrashFacts, Facts


def look_for_crash(dump: Dump, given: Path | None) -> CrashFacts:
    """Find crash and the vmlinux of the crashed kernel on this machine (the analyst's, not the node's)."""
    program = find_crash()
    vmlinux = find_vmlinux(dump.header, vmcore=dump.vmcore, given=given)
    return CrashFacts(
        program=program.path,
        vmlinux=vmlinux.path,
        vmlinux_problem=vmlinux.problem,
        vmlinux_searched=vmlinux.searched,
    )


def begin_live(facts: Facts, case: Case, earlier: Transcript, listener: Listener) -> Session | None:
    """A session on the real crash, not yet started, whose transcript goes on; None where something is missing."""
    from rca.crash.launch import launch
    from rca.crash.session import CrashSession

    crash, dump = facts.crash, facts.dump
    if not (crash.program and crash.vmlinux and dump and dump.vmcore):
        return None
    argv = launch(crash.program, crash.vmlinux, str(dump.vmcore))
    return CrashSession(
        argv,
        case.directory / "crash.raw",
        listener,
        facts.source_name,
        earlier=earlier,
        taken=captured(case.evidence.values()),
    )


def begin_replay(recorded: Case, listener: Listener) -> Session | None:
    """A session that answers from a case's recorded commands; None where none was recorded."""
    if not any(item.kind is Kind.CRASH for item in recorded.evidence.values()):
        return None
    return ReplaySession(recorded.evidence, listener)
