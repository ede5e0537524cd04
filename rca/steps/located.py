"""Step 3: where are the dumps, and what are they worth?"""

from __future__ import annotations

import re
from pathlib import Path

from parsers.host.capturelog import failures
from parsers.host.kdumpconf import KdumpConf, parse_kdump_conf
from rca.evidence import Citation
from rca.sources.base import KDUMP_CONF, Command, Dump, DumpState, Probe, Where
from rca.sources.files import DENIED
from rca.steps.base import Facts, Step
from rca.steps.common import (
    apart,
    cite,
    collecting,
    count,
    header_said,
    human,
    lines_of,
    other_node,
    problems,
    utc,
)
from rca.steps.dumptimes import is_later, saved
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

HOSTNAME = Command("uname-n", ("uname", "-n"))

_MOUNTED = ("fs", "nfs")
"""Targets that may be mounted on the node."""
_OPEN = "panicdesk DIRECTORY judges by what lies in it, and asks this machine nothing."
_REMEDIES = {
    DumpState.INCOMPLETE: "crash --zero_excluded VMLINUX VMCORE, then crash --log VMCORE; kexec-dmesg.log beside it "
    "says why saving failed.",
    DumpState.FLATTENED: "crash reads it as it is, slowly. makedumpfile -R vmcore < vmcore.flat makes an ordinary one.",
    DumpState.SAVING: "Wait until it no longer grows.",
    DumpState.LOG_ONLY: "Work with the log (step 8). kexec-dmesg.log, if there is one, says why no memory was saved.",
}


def probes(facts: Facts) -> tuple[Probe, ...]:
    """Where this node saves its dumps, and what it is called."""
    conf = parse_kdump_conf(lines_of(facts, "kdump-conf"))
    return (KDUMP_CONF, HOSTNAME, mount(conf)) if conf.kind in _MOUNTED else (KDUMP_CONF, HOSTNAME)


def mount(conf: KdumpConf) -> Command:
    """The command for the directories that the target's file system is mounted on; it says none where it is not."""
    return Command("kdump-mount", ("findmnt", "-n", "-o", "TARGET", f"--source={conf.target}"))


def judge(facts: Facts) -> Verdict:
    """Pass: a complete dump. Warn: less than that, elsewhere, or another node's. Fail: none, or none to be read."""
    if waiting := collecting(facts, (KDUMP_CONF,)):
        return waiting
    if facts.dumps is None:
        return Verdict(Badge.RUN, "Looking for dumps")
    conf = parse_kdump_conf(lines_of(facts, "kdump-conf"))
    proof = cite(facts, "kdump-conf", conf.target_line, conf.path_line)
    again = recurrence(facts)
    details = (*header_said(facts), *(describe(dump) for dump in facts.dumps), *((again,) if again else ()))
    details = (*details, *problems(facts, "kdump-conf")) if facts.where is Where.NODE else details
    usable = [dump for dump in facts.dumps if dump.state is not DumpState.UNREADABLE]
    if not usable:
        return _nothing(facts, conf, proof, details)
    chosen = facts.dump or usable[0]
    summary = _summary(chosen, len(facts.dumps))
    if node := other_node(facts):
        proof += cite(facts, HOSTNAME.id, 1)
        details = (apart(facts, node), *details)
        summary = f"{summary}. It is of another node, {node}"
    if chosen.state is DumpState.COMPLETE:
        newer = _newer(chosen, facts.dumps)
        if newer and newer.state is DumpState.COMPLETE:
            summary = f"{summary}. A newer crash lies in {newer.directory}"
        elif newer:
            return Verdict(
                Badge.WARN,
                f"{summary}. A newer crash ({saved(newer)}) left only this: {newer.state}",
                proof,
                f"Look at {newer.directory} too: the newest crash may be the one that is asked about.",
                details,
            )
        if node:
            return Verdict(Badge.WARN, summary, proof, f"Open the directory itself: {_OPEN}", details)
        if unsure := next((d for d in facts.dumps if d.saved and is_later(d, chosen) is None), None):
            text = f"{summary}. Whether {unsure.directory}, saved {saved(unsure)}, is of a newer crash is not known"
            return Verdict(Badge.WARN, text, proof, f"Look at {unsure.directory} too.", details)
        if facts.where is Where.NODE and (conf.remote or conf.kind in _MOUNTED):
            if conf.kind in _MOUNTED and (waiting := collecting(facts, (mount(conf),))):
                return waiting
            if not _on_target(facts, conf, chosen):
                text = f"{summary}. kdump saves to {conf.target} now; a newer crash may lie there"
                remedy = f"Look under {conf.path} on {conf.target}, too."
                return Verdict(Badge.WARN, text, proof, remedy, details)
        return Verdict(Badge.PASS, summary, proof, "", details)
    proof += cite(facts, "kexec-dmesg", *failures(lines_of(facts, "kexec-dmesg"))[:3])
    if chosen.state is DumpState.UNREADABLE:
        return Verdict(Badge.FAIL, summary, proof, _rights(chosen.problem), details)
    return Verdict(Badge.WARN, summary, proof, _REMEDIES.get(chosen.state, ""), details)


def describe(dump: Dump) -> str:
    """One dump in one line, for lists."""
    header = dump.header
    parts = [
        str(dump.vmcore or dump.dmesg or dump.directory),
        str(dump.state),
        human(dump.size) if dump.vmcore else "",
        header.release if header else "",
        f"crashed {utc(header.crash_time)}" if header and header.crash_time else f"saved {saved(dump)}",
        dump.reason,
        dump.problem,
    ]
    return ", ".join(part for part in parts if part)


def _summary(dump: Dump, number: int) -> str:
    place = dump.vmcore or dump.dmesg or dump.directory
    which = f", of {number}" if number > 1 else ""
    if dump.state is DumpState.LOG_ONLY:
        return f"Only a log was saved, no memory: {place}{which}"
    if dump.state is DumpState.UNREADABLE:
        return f"{place}: {dump.problem}{which}"
    level = (
        f", dump level {dump.header.dump_level}" if dump.header and dump.header.dump_level is not None else ""
    )
    doubt = f" ({dump.problem})" if dump.problem else ""
    return f"{str(dump.state).capitalize()} dump {place}, {human(dump.size)}{level}{which}{doubt}"


def _nothing(facts: Facts, conf: KdumpConf, proof: tuple[Citation, ...], details: tuple[str, ...]) -> Verdict:
    unreadable = facts.dumps or ()
    if unreadable:
        problem = unreadable[0].problem or f"{unreadable[0].directory} cannot be read"
        text = f"{problem[:1].upper()}{problem[1:]}"
        return Verdict(Badge.FAIL, text, proof, _rights(problem), details)
    if facts.where is Where.FOLDER:
        return Verdict(Badge.FAIL, f"{facts.source_name} holds neither a dump nor a log", proof, "", details)
    if conf.remote:
        text = f"Dumps are not on this node: kdump saves them over {conf.kind} to {conf.target}, under {conf.path}"
        return Verdict(Badge.WARN, text, proof, "Open the crash directory there, or a copy of it.", details)
    if conf.kind == "fs":
        text = f"No dump seen. kdump saves to {conf.path} on {conf.target}, which may not be mounted"
        return Verdict(
            Badge.WARN, text, proof, f"Mount {conf.target} (read-only will do) and look again.", details
        )
    if conf.kind == "raw":
        text = f"No dump seen. kdump writes raw to {conf.target}; the next start of kdump extracts it to /var/crash"
        return Verdict(Badge.WARN, text, proof, "systemctl status kdump tells whether it did.", details)
    return Verdict(
        Badge.FAIL,
        f"No dump in {conf.path}",
        proof,
        "Go on with other evidence (steps 1, 8, 9). Step 2 tells whether the next crash will leave one.",
        details,
    )


def _on_target(facts: Facts, conf: KdumpConf, dump: Dump) -> bool:
    """Whether a dump lies where kdump saves now, on a target that is mounted."""
    below = conf.path.lstrip("/")
    roots = lines_of(facts, "kdump-mount") if conf.kind in _MOUNTED else ()
    return any(dump.directory.is_relative_to(Path(root.strip()) / below) for root in roots)


def _rights(problem: str) -> str:
    if not problem.startswith(DENIED):
        return ""
    return "Run panicdesk as a user who may read it, or copy the crash directory and open the copy."


def _newer(chosen: Dump, dumps: tuple[Dump, ...]) -> Dump | None:
    """The newest of the dumps, where it is later than the chosen one; of copies of one crash a complete one."""
    later = [(d.saved, d.state is DumpState.COMPLETE, d) for d in dumps if d.saved and is_later(d, chosen)]
    return max(later, key=lambda each: each[:2])[2] if later else None


def recurrence(facts: Facts) -> str:
    """One sentence when the chosen dump's reason was seen in others too; nothing otherwise."""
    chosen = facts.dump
    if chosen is None or not chosen.reason:
        return ""
    reason = signature(chosen.reason)
    others = [dump for dump in compared(facts) if signature(dump.reason) == reason]
    when = ", ".join(_seen(dump, chosen) for dump in others[:5])
    return (
        f"Seen in {count(len(others) + 1, 'dump')}, a recurrence: {reason} (also {when})." if others else ""
    )


def compared(facts: Facts) -> tuple[Dump, ...]:
    """The dumps beside the chosen one and those of earlier cases whose reason is known; a copy of one counts once."""
    found = {_identity(dump): dump for dump in (*facts.earlier, *(facts.dumps or ())) if dump.reason}
    if facts.dump:
        found.pop(_identity(facts.dump), None)
    return tuple(found.values())


def _identity(dump: Dump) -> object:
    """Node and moment where the dump's header has them, wherever it was copied; else where it lies."""
    header = dump.header
    return (header.node, header.crash_time) if header and header.crash_time else dump.directory


def _seen(dump: Dump, chosen: Dump) -> str:
    """``2025-12-22 09:02:05Z``, with the node where that is another one."""
    node = dump.header.node if dump.header else ""
    own = chosen.header.node if chosen.header else ""
    return f"{saved(dump)} on {node}" if node and node != own else saved(dump)


def signature(reason: str) -> str:
    """A fatal line without what differs from crash to crash: addresses, CPUs, processes and seconds."""
    reason = re.sub(r"\b(?:0x)?[0-9a-f]{8,16}\b", "…", reason)
    reason = re.sub(r"\[#\d+\]", "[#…]", reason)
    reason = re.sub(r"(?<=[^\s:]):\d+(?=\]| blocked\b)", ":…", reason)
    reason = re.sub(r"\b(stuck for) \d+s", r"\1 …s", reason)
    return re.sub(r"(?i)\b(cpu|pid)([#: ]+)\d+", r"\1\2…", reason)


STEP = Step(
    number=3,
    title=TITLES[3],
    why="kdump saves where /etc/kdump.conf says, by default below /var/crash in a directory named after the address "
    "and the time of saving. vmcore is the memory, vmcore-dmesg.txt the log. Several crashes leave "
    "several directories: choose one, never a wildcard.",
    judge=judge,
    probes=probes,
    commands=("ls -lh /var/crash/",),
)
