"""The runbook's best practices as checks: what the next crash will find in place. They feed the RCA's Prevention."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers.host.kubepods import parse_pods
from rca.evidence import Citation, first
from rca.kubernetes.suspects import is_plumbing
from rca.sources.base import Command, File, Probe
from rca.steps.base import Facts
from rca.steps.common import cite, lines_of, other_node, value_of
from rca.verdict import Badge

WATCHERS = Command(
    "watchers",
    ("systemctl", "list-units", "--type=service", "--state=running", "--plain", "--no-legend", "--no-pager"),
)
FIRMWARE = File("bios-date", ("/sys/class/dmi/id/bios_date",))
_RELEASE = re.compile(r"[\w.+~-]+\Z", re.ASCII)
_AGENTS = re.compile(
    r"^(?:prometheus-)?(?:node[_-]exporter|zabbix-agent|telegraf|datadog-agent|collectd|netdata|pmcd|pmie|nrpe|nagios|"
    r"check[_-]?mk|sensu|monit|newrelic-infra|metricbeat|oneagent|dynatrace|grafana-agent|alloy|icinga2|snmpd|osqueryd)"
    r"[\w@.-]*\.service"
)


_CACHE = "Maintain a kernel debuginfo cache for every kernel in use."
_ALERT = "Enable alerts on node reboots."
"""What is good practice anywhere, and is advised where nobody can tell how it stands."""


@dataclass(frozen=True, slots=True)
class Check:
    """One practice and how it stands here."""

    practice: str
    badge: Badge
    """PASS, WARN, or N/A where it cannot be told."""
    sentence: str
    advice: str = ""
    """What to do, for Prevention; empty when nothing is."""
    citations: tuple[Citation, ...] = ()


def probes(facts: Facts) -> tuple[Probe, ...]:
    """What the checks ask beside what the steps ask anyway."""
    wanted: tuple[Probe, ...] = (WATCHERS, FIRMWARE)
    running = value_of(facts, "uname-r")
    if running and _RELEASE.match(running):
        wanted = (*wanted, _symbols(running))
    return wanted


def _symbols(release: str) -> Command:
    places = (f"/usr/lib/debug/lib/modules/{release}/vmlinux", f"/usr/lib/debug/boot/vmlinux-{release}")
    return Command("symbols", ("find", "-L", *places, "-maxdepth", "0", "-size", "+1M"))


def checks(facts: Facts, archived: str = "") -> tuple[Check, ...]:
    """All practices in the runbook's order; `archived` is the place where the dump was put away, if it was."""
    asked = (
        replace(facts, evidence={}) if other_node(facts) else facts
    )  # this machine is not the node that crashed
    return (
        _kdump(asked),
        _debuginfo(asked),
        _watched(asked),
        _privileged(asked),
        _in_step(asked),
        _kept(facts, archived),
    )


def _kdump(facts: Facts) -> Check:
    name, loaded = "Keep kdump enabled", value_of(facts, "kexec-crash-loaded")
    proof = cite(facts, "kexec-crash-loaded", 1)
    if loaded == "1":
        return Check(name, Badge.PASS, "A capture kernel is loaded now", "", proof)
    if loaded == "0":
        return Check(
            name,
            Badge.WARN,
            "No capture kernel is loaded now",
            "Arm kdump and watch that it stays armed.",
            proof,
        )
    return Check(name, Badge.NA, "Whether kdump is armed now is not known")


def _debuginfo(facts: Facts) -> Check:
    name, running = "Cache kernel debuginfo", value_of(facts, "uname-r")
    answer = facts.evidence.get("symbols")
    if not running or answer is None or answer.problem:
        return Check(name, Badge.NA, "Whether the running kernel's debuginfo is at hand is not known", _CACHE)
    if proof := first(answer.grep(r"^/.*vmlinux")):
        return Check(name, Badge.PASS, f"The vmlinux of the running {running} is here", "", proof)
    advice = (
        f"Keep the debuginfo of {running} on an analysis host, so that the next crash can be read at once."
    )
    return Check(name, Badge.WARN, f"The vmlinux of the running {running} is not here", advice)


def _watched(facts: Facts) -> Check:
    name, answer = "Monitor node reboots", facts.evidence.get(WATCHERS.id)
    if answer is None or answer.problem or answer.exit_status:
        return Check(name, Badge.NA, "Whether anything watches this node's reboots is not known", _ALERT)
    if proof := first(answer.grep(_AGENTS)):
        return Check(name, Badge.PASS, f"A monitoring agent runs: {proof[0].text.split()[0]}", "", proof)
    advice = "Have reboots noticed by something other than users: an alert on uptime or on the boot ID."
    return Check(name, Badge.WARN, "No monitoring agent known here runs on the node", advice)


def _privileged(facts: Facts) -> Check:
    name = "Avoid privileged containers"
    pods = parse_pods(lines_of(facts, "k8s-pods"))
    if not pods:
        return Check(name, Badge.NA, "Which containers run on the node is not known")
    bad = sorted(f"{pod.namespace}/{pod.name}" for pod in pods if pod.privileged and not is_plumbing(pod))
    if not bad:
        return Check(
            name,
            Badge.PASS,
            "No privileged pod beside network and storage plugins",
            "",
            cite(facts, "k8s-pods", 1),
        )
    proof = first(facts.evidence["k8s-pods"].grep(r'"privileged": true'))
    return Check(
        name,
        Badge.WARN,
        f"Privileged: {', '.join(bad[:8])}",
        "Take their privileges away where they can do without.",
        proof,
    )


def _in_step(facts: Facts) -> Check:
    name, date = "Keep kernel and firmware aligned", value_of(facts, FIRMWARE.id)
    running, crashed = value_of(facts, "uname-r"), facts.crashed_release
    if not date:
        return Check(name, Badge.NA, "The firmware's version is not known")
    same = (
        f"; the node still runs the kernel that crashed, {running}" if running and running == crashed else ""
    )
    advice = "Compare both with the vendor's list of supported pairs."
    return Check(name, Badge.NA, f"The BIOS is of {date}{same}", advice, cite(facts, FIRMWARE.id, 1))


def _kept(facts: Facts, archived: str) -> Check:
    name = "Archive the vmcore after the RCA"
    if facts.dump is None or facts.dump.vmcore is None:
        return Check(name, Badge.NA, "There is no vmcore to archive")
    if archived:
        return Check(name, Badge.PASS, f"The dump was archived: {archived}")
    advice = "Archive the dump: panicdesk archive CRASH-DIRECTORY DESTINATION"
    return Check(name, Badge.WARN, "The dump is not archived yet", advice)
