"""Step 0: which system is this, and which kernel crashed?"""

from __future__ import annotations

from parsers.host.osrelease import EL_IDS, OsRelease, parse_os_release
from rca.sources.base import Command, File, Probe
from rca.steps.base import Facts, Step
from rca.steps.common import (
    EL,
    apart,
    cite,
    collecting,
    header_said,
    held,
    lines_of,
    other_node,
    problems,
    release_lines,
    value_of,
)
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

OS_RELEASE = File("os-release", ("/etc/os-release", "/usr/lib/os-release"))
UNAME = Command("uname-r", ("uname", "-r"))


def probes(facts: Facts) -> tuple[Probe, ...]:
    """The system's name and the running kernel."""
    return (OS_RELEASE, UNAME)


def judge(facts: Facts) -> Verdict:
    """Pass: the node runs the kernel that crashed. Warn: it runs another. Fail: not Enterprise Linux 8."""
    if waiting := collecting(facts, probes(facts)):
        return waiting
    crashed = facts.crashed_release
    if not held(facts, "os-release", "uname-r"):
        reason = f"os-release and the running kernel are not asked: {facts.source_name} does not hold them."
        return _from_dump(facts, crashed, reason)
    if node := other_node(facts):
        return _from_dump(facts, crashed, apart(facts, node))
    system = parse_os_release(lines_of(facts, "os-release"))
    running = value_of(facts, "uname-r") if facts.evidence["uname-r"].ok else ""
    proof = cite(facts, "os-release", system.line, system.version_line) + cite(facts, "uname-r", 1)
    title = system.title or "an unknown system"
    details = problems(facts, "os-release", "uname-r")
    versionless = system.id in EL_IDS and not system.version_id
    if system.id and not versionless and not system.is_el8:
        return Verdict(
            Badge.FAIL,
            f"{title} is not Enterprise Linux 8" + (f"; it runs {running}" if running else ""),
            proof,
            "Go on all the same: the method holds on any kernel. Package names, repositories and file places of "
            "the runbook do not; the steps below name those of this system where they are known.",
            (*details, *_crashed(crashed)),
        )
    if not running:
        return _without_running(facts, crashed, title)
    if not crashed:
        if facts.dumps is None:
            return Verdict(
                Badge.RUN, f"{title}, running {running}; looking for the crashed kernel's release", proof
            )
        return Verdict(
            Badge.WARN,
            f"{title}, running {running}; which kernel crashed is not known: no dump and no log tell it",
            proof,
            "Do not take the running kernel for the crashed one. Look in the boot loader's and dnf's history.",
            details,
        )
    if crashed != running:
        return Verdict(
            Badge.WARN,
            f"{title} now runs {running}, but {crashed} crashed",
            proof,
            f"Use {crashed} for debuginfo and vmlinux, never $(uname -r).",
            details,
        )
    if not system.id or versionless:
        text = f"{running} crashed and runs again; the system's {'version' if versionless else 'name'} is unknown"
        return Verdict(Badge.WARN, text, proof, "", details)
    return Verdict(
        Badge.PASS, f"{title}; {running} crashed and runs again", proof, "", (*details, *_variant(crashed))
    )


def _from_dump(facts: Facts, crashed: str, reason: str) -> Verdict:
    if not crashed:
        if facts.dumps is None or (facts.dump and facts.dump.dmesg and "vmcore-dmesg" not in facts.evidence):
            return Verdict(Badge.RUN, "Reading the crashed kernel's release from the dump")
        return Verdict(Badge.WARN, "The crashed kernel's release is not known", details=(reason,))
    match = EL.search(crashed)
    if not match or match[1] != "8":
        family = f", but of {match[1]}" if match else ""
        return Verdict(
            Badge.FAIL,
            f"The crashed kernel {crashed} is not one of Enterprise Linux 8{family}",
            release_lines(facts),
            "Go on all the same: the method holds on any kernel. The runbook's package names do not.",
            (reason, *header_said(facts)),
        )
    return Verdict(
        Badge.PASS,
        f"The crashed kernel is {crashed}, Enterprise Linux 8",
        release_lines(facts),
        details=(reason, *header_said(facts), *_variant(crashed)),
    )


def _without_running(facts: Facts, crashed: str, title: str) -> Verdict:
    """Files of a node are here but nobody can ask which kernel runs (a copied root, a failed uname)."""
    details = problems(facts, "uname-r")
    system: OsRelease = parse_os_release(lines_of(facts, "os-release"))
    proof = cite(facts, "os-release", system.line, system.version_line)
    what = f"{crashed} crashed" if crashed else "which kernel crashed is not known"
    return Verdict(Badge.WARN, f"{title}; {what}; which kernel runs now is not known", proof, "", details)


def _crashed(crashed: str) -> tuple[str, ...]:
    return (f"The crashed kernel is {crashed}.",) if crashed else ()


def _variant(release: str) -> tuple[str, ...]:
    """A kernel that is of the family and yet not the distribution's standard one."""
    for mark, what in (
        ("lustre", "a Lustre-patched kernel: its debuginfo comes from the Lustre repository"),
        ("elrepo", "an ELRepo kernel: its debuginfo is not in the distribution's repositories"),
        ("+debug", "a debug kernel: its debuginfo package is kernel-debug-debuginfo"),
        (".rt", "a real-time kernel: its debuginfo package is kernel-rt-debuginfo"),
    ):
        if mark in release:
            return (f"{release} is {what}.",)
    return ()


STEP = Step(
    number=0,
    title=TITLES[0],
    why="Debuginfo must match the crashed kernel to the last digit, and the node may have rebooted into another one. "
    "So first settle which system this is and which kernel crashed: the dump's own word counts, not uname.",
    judge=judge,
    probes=probes,
    commands=("cat /etc/os-release", "uname -r", "crash --osrelease VMCORE"),
)
