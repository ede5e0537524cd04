"""Best practices: each is met, not met, or not known, and what is not known is not called met."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rca.practices import checks, probes
from rca.sources.base import Where
from rca.verdict import Badge
from tests.rca.steps.step_facts import RELEASE, armed, dump, evidence, facts, lacking

PODS = {"items": json.loads((Path(__file__).parents[1] / "real/cluster.json").read_text())["pods"]}
GOOD = armed() | evidence(
    uname_r=RELEASE,
    symbols=f"/usr/lib/debug/lib/modules/{RELEASE}/vmlinux\n",
    watchers="crond.service loaded active running Command Scheduler\nnode_exporter.service loaded active running x\n",
    bios_date="04/01/2014\n",
    k8s_pods=json.dumps(PODS, indent=1),
)


def test_a_node_on_which_all_is_well() -> None:
    found = checks(facts(GOOD, dump()), "/depot/x")
    assert [check.badge for check in found] == [Badge.PASS] * 4 + [Badge.NA, Badge.PASS]
    assert "node_exporter.service" in found[2].sentence and RELEASE in found[4].sentence
    assert all(check.citations for check in found[:5])


@pytest.mark.parametrize(
    ("other", "number", "advice"),
    [
        ({"kexec_crash_loaded": "0"}, 0, "Arm kdump"),
        ({"symbols": ""}, 1, RELEASE),
        ({"watchers": "crond.service loaded active running x\n"}, 2, "alert"),
        ({"k8s_pods": json.dumps(PODS).replace('"calico-node', '"agent')}, 3, "privileges"),
    ],
)
def test_what_is_not_met_becomes_advice(other: dict[str, str], number: int, advice: str) -> None:
    found = checks(facts(GOOD | evidence(**other), dump()))
    assert found[number].badge is Badge.WARN and advice in found[number].advice
    assert found[5].badge is Badge.WARN and "panicdesk archive" in found[5].advice


def test_what_is_not_known_is_not_called_met() -> None:
    known = facts(lacking(*GOOD), where=Where.FOLDER)
    assert {check.badge for check in checks(known)} == {Badge.NA}
    assert [probe.id for probe in probes(known)] == ["watchers", "bios-date"]
    assert probes(facts(GOOD))[-1].id == "symbols"
