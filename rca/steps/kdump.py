"""Step 2: was kdump armed, and is it now?"""

from __future__ import annotations

from dataclasses import replace

from parsers.host.bootlog import reservation
from parsers.host.cmdline import CrashKernel, parse_crashkernel, parse_size
from parsers.host.kdumpctl import failures, parse_kdumpctl
from parsers.host.osrelease import parse_os_release
from parsers.host.systemd import UnitStatus, parse_status
from rca.evidence import Citation, first
from rca.sources.base import Command, File, Probe
from rca.steps.base import Facts, Step
from rca.steps.common import (
    apart,
    cite,
    collecting,
    header_said,
    held,
    human,
    lines_of,
    other_node,
    problems,
    saved_by_kdump,
    value_of,
)
from rca.steps.panicked import THIS_BOOT
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

STATUS = Command("kdump-status", ("systemctl", "status", "kdump", "--no-pager", "--full"))
DEBIAN_STATUS = Command("kdump-tools-status", ("systemctl", "status", "kdump-tools", "--no-pager", "--full"))
CMDLINE = File("cmdline", ("/proc/cmdline",))
LOADED = File("kexec-crash-loaded", ("/sys/kernel/kexec_crash_loaded",))
SIZE = File("kexec-crash-size", ("/sys/kernel/kexec_crash_size",))
MEMORY = File("meminfo", ("/proc/meminfo",))
PANIC = File("kernel-panic", ("/proc/sys/kernel/panic",))
ESTIMATE = Command("kdump-estimate", ("kdumpctl", "estimate"), timeout=5, root=True)
"""Blocks while another kdumpctl runs; its own answer is all that is lost then."""
_IDS = tuple(probe.id for probe in (STATUS, CMDLINE, LOADED, SIZE))

_ARM = "kdumpctl start, then systemctl enable kdump (this changes the node)."
_RESERVE = 'grubby --update-kernel=ALL --args="crashkernel=auto", then reboot (this changes the node).'
_DEBIAN = {
    _ARM: "systemctl enable --now kdump-tools (this changes the node).",
    _RESERVE: "Install kdump-tools, which sets crashkernel= in /etc/default/grub.d; reboot (this changes the node).",
}
"""The same remedies where Debian's packages do the work."""
_NOT_CRASH_TIME = "This is how kdump stands now; it does not tell how it stood when the node crashed."


def probes(facts: Facts) -> tuple[Probe, ...]:
    """The service, the parameter, and the kernel's own word, which is stronger than both."""
    wanted: tuple[Probe, ...] = (STATUS, CMDLINE, LOADED, SIZE, MEMORY, PANIC)
    status = facts.evidence.get("kdump-status")
    if status and status.ok:
        unit = parse_status(status.lines)
        if unit.missing:
            wanted = (*wanted, DEBIAN_STATUS)
        elif unit.active == "active":
            wanted = (*wanted, ESTIMATE)
    if value_of(facts, "kexec-crash-size") == "0" and parse_crashkernel(" ".join(lines_of(facts, "cmdline"))):
        wanted = (*wanted, THIS_BOOT)
    return wanted


def judge(facts: Facts) -> Verdict:
    """Pass: memory reserved, capture kernel loaded, service active. Fail: the next crash leaves no dump."""
    if waiting := collecting(facts, probes(facts)):
        return waiting
    if not held(facts, *_IDS):
        return _at_crash_time(facts, f"Whether it is armed now cannot be known from {facts.source_name}.")
    if node := other_node(facts):
        return _at_crash_time(facts, apart(facts, node))
    verdict = _now(facts)
    if parse_os_release(lines_of(facts, "os-release")).id in ("debian", "ubuntu"):
        return replace(verdict, remedy=_DEBIAN.get(verdict.remedy, verdict.remedy))
    return verdict


def _now(facts: Facts) -> Verdict:
    name = "kdump-tools-status" if "kdump-tools-status" in facts.evidence else "kdump-status"
    unit = parse_status(lines_of(facts, name))
    asked = parse_crashkernel(" ".join(lines_of(facts, "cmdline")))
    size = parse_size(value_of(facts, "kexec-crash-size"))
    loaded = value_of(facts, "kexec-crash-loaded")
    proof = (
        cite(facts, name, unit.line, unit.condition_line)
        + cite(facts, "kexec-crash-loaded", 1)
        + cite(facts, "kexec-crash-size", 1)
        + cite(facts, "cmdline", 1)
    )
    details = (*problems(facts, *_IDS), *_proven(facts)[0], _NOT_CRASH_TIME)
    if unit.condition:
        details = (f"systemd did not start it: {unit.condition}.", *details)
    if loaded != "1":
        proof += _why_not(facts, name)
        if value_of(facts, "kernel-panic") == "0":
            details = (
                *details,
                "kernel.panic is 0: without kdump a crashed node hangs until somebody resets it.",
            )

    def verdict(badge: Badge, summary: str, remedy: str = "") -> Verdict:
        return Verdict(badge, summary, proof, remedy, details)

    if loaded == "1" and size:
        estimate = parse_kdumpctl(lines_of(facts, "kdump-estimate"))
        if estimate.too_small:
            proof += cite(facts, "kdump-estimate", estimate.warning_line)
            wanted = f", {human(estimate.recommended)} are recommended" if estimate.recommended else ""
            return verdict(
                Badge.WARN,
                f"kdump is armed, but kdumpctl finds its memory too small: {human(size)} reserved{wanted}",
                "Ask for more with crashkernel=, or the capture kernel may run out of memory.",
            )
        return verdict(*_armed(unit, asked, size, _memory(facts)))
    if loaded == "0":
        return verdict(*_unarmed(unit, asked, size))
    if unit.active and unit.active != "active":
        return verdict(Badge.FAIL, f"kdump.service is {unit.active}: the next crash leaves no dump", _ARM)
    if not asked and lines_of(facts, "cmdline"):
        return verdict(
            Badge.FAIL, "No crashkernel= on the kernel's command line: no memory is set aside", _RESERVE
        )
    return verdict(
        Badge.WARN,
        "Whether a capture kernel is loaded cannot be seen here (no kexec files under /sys/kernel)",
        "kdumpctl status, as root.",
    )


def _why_not(facts: Facts, unit: str) -> tuple[Citation, ...]:
    """The lines in which kdumpctl or the kernel says why no capture kernel is loaded."""
    reserved = reservation(lines_of(facts, "journal-boot"))
    return cite(facts, unit, *failures(lines_of(facts, unit))) + cite(facts, "journal-boot", reserved or 0)


def _armed(
    unit: UnitStatus, asked: tuple[CrashKernel, ...], size: int, memory: int | None
) -> tuple[Badge, str, str]:
    entry = next(
        (entry for entry in reversed(asked) if not entry.problem and entry.where in ("", "high")), None
    )
    wanted = (entry.wanted(memory) or 0) if entry and memory else 0
    reserved = f"{human(size)} reserved"
    if entry and wanted > size:
        text = f"kdump is armed, but only {reserved}: crashkernel={entry.text} means {human(wanted)} on this machine"
        return Badge.WARN, text, "kdumpctl estimate tells what the capture kernel needs."
    if unit.found and unit.active != "active":
        return (
            Badge.WARN,
            f"A capture kernel is loaded ({reserved}), but kdump.service is {unit.active}",
            _ARM,
        )
    if unit.found and unit.enabled == "disabled":
        return (
            Badge.WARN,
            f"kdump is armed ({reserved}), but not enabled: the next boot will not arm it",
            _ARM,
        )
    if not unit.found or not unit.active:
        text = f"kdump is armed ({reserved}), but its service was not seen: the next boot may not arm it"
        return Badge.WARN, text, "systemctl is-enabled kdump."
    state = f"{unit.active} ({unit.sub})"
    return Badge.PASS, f"kdump is armed: capture kernel loaded, {reserved}, {state}", ""


def _unarmed(unit: UnitStatus, asked: tuple[CrashKernel, ...], size: int | None) -> tuple[Badge, str, str]:
    if not asked:
        return Badge.FAIL, "kdump is not armed: no crashkernel= on the kernel's command line", _RESERVE
    if bad := next((entry for entry in asked if entry.problem), None):
        return (
            Badge.FAIL,
            f"kdump is not armed: crashkernel={bad.text} is malformed ({bad.problem})",
            _RESERVE,
        )
    if size == 0:
        text = f"kdump is not armed: crashkernel={asked[-1].text} is given, yet the kernel reserved nothing"
        return (
            Badge.FAIL,
            text,
            "journalctl -k -b | grep -i crashkernel tells why; ask for less, or for another place.",
        )
    if unit.active == "active":
        text = (
            "kdump.service is active (exited), yet no capture kernel is loaded: the next crash leaves no dump"
        )
        return (
            Badge.FAIL,
            text,
            "kdumpctl restart (this changes the node); journalctl -u kdump and /var/log/kdump.log say why.",
        )
    state = f"kdump.service is {unit.active}" if unit.active else "there is no kdump service"
    return Badge.FAIL, f"kdump is not armed: memory is reserved, but {state}", _ARM


def _at_crash_time(facts: Facts, reason: str) -> Verdict:
    """Only the dump speaks: it tells of crash time, and that is the question that matters for this crash."""
    said, proof = _proven(facts)
    if said:
        return Verdict(
            Badge.PASS,
            f"Armed at crash time: {said[0][0].lower()}{said[0][1:].rstrip('.')}",
            proof,
            "",
            (reason, *header_said(facts)),
        )
    if facts.dumps is None or (facts.dump and facts.dump.dmesg and "vmcore-dmesg" not in facts.evidence):
        return Verdict(Badge.RUN, "Looking in the dump for what it says of kdump")
    if facts.diagnosis and facts.diagnosis.kdump_loaded is False:
        text = "Not armed at crash time: the log's CPU line does not say “Kdump: loaded”"
        return Verdict(Badge.WARN, text, facts.diagnosis.citations[:1], "", (reason,))
    return Verdict(Badge.NA, "Neither a dump nor the log tells whether kdump was armed", details=(reason,))


def _proven(facts: Facts) -> tuple[tuple[str, ...], tuple[Citation, ...]]:
    """What proves that kdump was armed when the node crashed: a sentence and its lines, or nothing."""
    log = facts.evidence.get("vmcore-dmesg")
    proof = first(log.grep(r"CPU: \d+ .*Kdump: loaded")) if log else ()
    if saved_by_kdump(facts.dump):
        return ("The dump itself proves that kdump was armed when the node crashed.",), proof
    if proof:
        return ("The log's CPU line says “Kdump: loaded”.",), proof
    return (), ()


def _memory(facts: Facts) -> int | None:
    for line in lines_of(facts, "meminfo"):
        words = line.split()
        if len(words) >= 2 and words[0] == "MemTotal:" and words[1].isascii() and words[1].isdigit():
            return int(words[1][:15]) << 10
    return None


STEP = Step(
    number=2,
    title=TITLES[2],
    why="Only a kernel that was loaded beforehand, into memory set aside at boot, can save the memory of a crashed "
    "one. “active (exited)” is right for this service, but the kernel's own word in /sys/kernel is the proof. "
    "How it stands now says nothing about crash time; there the dump itself is the proof.",
    judge=judge,
    probes=probes,
    commands=("systemctl status kdump", "cat /proc/cmdline", "cat /sys/kernel/kexec_crash_loaded"),
)
