"""Bad input at the level of the steps: what was asked and came damaged makes no PASS, and raises nothing.

Each step stands on a node where it passes. Then each piece that it rests on is missing, forbidden, empty, in another
language, cut, endless or binary: the verdict is WARN or N/A, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from parsers.text import to_lines
from rca.evidence import Evidence
from rca.sources.base import DumpState
from rca.steps import baseline, kdump, kubernetes, located, panicked, quick
from rca.steps.base import Facts
from rca.verdict import Badge, Verdict
from tests.rca.steps.step_facts import (
    BEFORE,
    OOPS,
    REBOOTED,
    RELEASE,
    armed,
    cluster,
    dump,
    evidence,
    facts,
    text,
)

GERMAN = "Keine Berechtigung. Aktiv: inaktiv (tot) seit Mo 2025-12-22 14:38:12; Ereignisse: <keine>\n"
DAMAGE: dict[str, Callable[[Evidence], Evidence]] = {
    "missing": lambda item: replace(item, lines=(), problem="not found: x", exit_status=None),
    "forbidden": lambda item: replace(
        item, lines=(), problem="permission denied: x needs root", exit_status=None
    ),
    "empty": lambda item: replace(item, lines=()),
    "another language": lambda item: replace(item, lines=to_lines(GERMAN.encode())),
    "hung": lambda item: replace(item, lines=(), problem="timed out after 10 s", exit_status=None),
    "endless": lambda item: replace(item, lines=("y",) * 20_000, problem="output cut", truncated=True),
    "binary": lambda item: replace(item, lines=to_lines(bytes(range(256)) * 20)),
    "cut": lambda item: replace(
        item, lines=to_lines(item.text.encode()[: len(item.text) // 3]), problem="output cut", truncated=True
    ),
}
HOST = evidence(
    list_boots=text("recorded/list-boots-none.txt"),
    journal=text("recorded/journal-oops.txt"),
    journal_boot="",
    messages="!not found: /var/log/messages",
    last=text("recorded/last-unclean.txt"),
)
SYSTEM = evidence(os_release=text("written/os-release-rocky.txt"), uname_r=RELEASE)
CLUSTER = cluster([BEFORE, REBOOTED])
STEPS: dict[str, tuple[Callable[[Facts], Verdict], Facts, tuple[str, ...]]] = {
    "baseline": (baseline.judge, facts(SYSTEM, dump()), ("os-release", "uname-r")),
    "journal": (panicked.judge, facts(HOST), ("journal",)),
    "log": (
        panicked.judge,
        facts(HOST | evidence(vmcore_dmesg=OOPS, journal=""), dump(DumpState.LOG_ONLY)),
        ("vmcore-dmesg",),
    ),
    "kdump": (kdump.judge, facts(armed()), ("kdump-status", "kexec-crash-loaded", "kexec-crash-size")),
    "quick": (quick.judge, facts(evidence(vmcore_dmesg=OOPS), dump()), ("vmcore-dmesg",)),
    "kubernetes": (
        kubernetes.judge,
        facts(CLUSTER, dump()),
        ("kubelet", "k8s-node", "k8s-events", "k8s-pods"),
    ),
}
KEPT = {("log", "vmcore-dmesg", "cut"), ("quick", "vmcore-dmesg", "cut"), ("kdump", "kdump-status", "cut")}
"""What is left after the cut still proves it: the fatal line, the Active line."""


@pytest.mark.parametrize("step", STEPS)
def test_the_step_passes_on_the_whole(step: str) -> None:
    judge, whole, _ = STEPS[step]
    verdict = judge(whole)
    assert verdict.badge is Badge.PASS, verdict


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize(("step", "id_"), [(step, id_) for step in STEPS for id_ in STEPS[step][2]])
def test_what_came_damaged_is_no_pass(step: str, id_: str, how: str) -> None:
    judge, whole, _ = STEPS[step]
    broken = DAMAGE[how](whole.evidence[id_])
    known = replace(whole, evidence={**whole.evidence, id_: broken})
    for _ in range(4):  # what the step asks for then is not to be had either
        for module in (baseline, panicked, kdump, quick, kubernetes):
            asked = {
                probe.id: replace(broken, id=probe.id, problem="not found: x", lines=())
                for probe in module.probes(known)
            }
            known = replace(known, evidence={**asked, **known.evidence})
    verdict = judge(known)
    if (step, id_, how) in KEPT:
        assert verdict.badge in (Badge.PASS, Badge.WARN)
    else:
        assert verdict.badge in (Badge.WARN, Badge.NA), verdict
    assert verdict.summary


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_kdump_conf_hides_no_dump(how: str) -> None:
    known = facts(evidence(kdump_conf=text("written/kdump.conf-default.txt")), dump())
    known = replace(known, evidence={"kdump-conf": DAMAGE[how](known.evidence["kdump-conf"])})
    assert located.judge(known).badge is Badge.PASS
    assert located.judge(replace(known, dumps=(), dump=None)).badge in (Badge.WARN, Badge.FAIL)
