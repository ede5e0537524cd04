"""Beginning a crash session for a case: on the real program, or from its recording."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rca.case import Case
from rca.casefolder import RAW_LOG
from rca.crash.base import Listener, Session
from rca.crash.completion import kernel_symbols
from rca.crash.drgn import engine
from rca.crash.drgn.engine import find_drgn
from rca.crash.locate import find_crash, find_vmlinux
from rca.crash.recall import captured
from rca.crash.replay import ReplaySession
from rca.crash.transcript import Transcript
from rca.evidence import Kind
from rca.sources.base import Dump, Source
from rca.sources.disk import LOCAL, Disk
from rca.sources.ssh import SshSource
from rca.steps.base import CrashFacts, Facts


def look_for_crash(dump: Dump, given: Path | None, source: Source | None = None) -> CrashFacts:
    """Find crash and the vmlinux of the crashed kernel where crash will run: on this machine, the analyst's, unless
    the dump lies on a node that is asked over ssh."""
    disk: Disk
    if isinstance(source, SshSource):
        program, disk = source.which("crash"), source.disk()
    else:
        program, disk = find_crash().path, LOCAL
    vmlinux = find_vmlinux(dump.header, vmcore=dump.vmcore, given=given, disk=disk)
    second = "" if isinstance(source, SshSource) else find_drgn() or ""
    stand_in = "" if program or not second else find_drgn(engine.CRASH_LIKE) or ""
    other = find_vmlinux(dump.header, vmcore=dump.vmcore, disk=disk) if given and not vmlinux.ok else None
    return CrashFacts(
        program=program,
        vmlinux=vmlinux.path,
        vmlinux_problem=vmlinux.problem,
        vmlinux_searched=vmlinux.searched,
        vmlinux_fitting=other.path or "" if other and other.ok else "",
        drgn=second,
        stand_in=stand_in,
    )


def symbols(crash: CrashFacts, source: Source) -> tuple[str, ...]:
    """The names in the crashed kernel's vmlinux, sorted; none where it lies on a node: they are megabytes."""
    if isinstance(source, SshSource) or not crash.vmlinux or crash.vmlinux_problem:
        return ()
    return kernel_symbols(crash.vmlinux, LOCAL)


def begin_live(
    facts: Facts,
    case: Case,
    earlier: Transcript,
    listener: Listener,
    source: Source | None = None,
    options: Sequence[str] = (),
) -> Session | None:
    """A session on the real crash, not yet started, whose transcript goes on; None where something is missing.

    `options` are those of a rung of `rca.crash.ladder`.
    """
    from rca.crash.launch import FIRST, launch, launch_remote
    from rca.crash.session import CrashSession

    crash, dump = facts.crash, facts.dump
    if not ((crash.program or crash.stand_in) and crash.vmlinux and dump and dump.vmcore):
        return None
    if crash.vmlinux_problem:
        return None
    raw_log, taken = case.directory / RAW_LOG, captured(case.evidence.values())
    if not crash.program:
        return CrashSession(
            engine.shell(crash.stand_in, crash.vmlinux, str(dump.vmcore)),
            raw_log,
            listener,
            facts.source_name,
            prompt=engine.PROMPT,
            first=engine.FIRST,
            refuses=engine.refusal,
            earlier=earlier,
            taken=taken,
        )
    files = (crash.program, crash.vmlinux, str(dump.vmcore))
    if isinstance(source, SshSource):
        prompt, argv = "crash> ", launch_remote(source.link.client(tty=True), *files, options=options)
    else:
        prompt, argv = "", launch(*files, options=options)
    return CrashSession(
        argv,
        raw_log,
        listener,
        facts.source_name,
        prompt=prompt,
        first=FIRST,
        earlier=earlier,
        taken=taken,
    )


def begin_replay(recorded: Case, listener: Listener) -> Session | None:
    """A session that answers from a case's recorded commands; None where none was recorded."""
    if not any(item.kind is Kind.CRASH for item in recorded.evidence.values()):
        return None
    return ReplaySession(recorded.evidence, listener)
