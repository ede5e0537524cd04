"""Step 9 with the real kubectl, against a small API server on loopback that serves objects from a file."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from rca.evidence import Evidence
from rca.sources.base import Command, Probe
from rca.sources.node import NodeSource
from rca.steps import kubernetes
from rca.steps.base import Facts
from rca.verdict import Badge, Verdict
from tests.rca.steps.step_facts import BOOT, check, dump, evidence, facts
from tests.real.apiserver import OBJECTS, Objects, apiserver

pytestmark = pytest.mark.real

NODE = evidence(
    kubelet="kubelet.service enabled\n",
    kubelet_config="!not found: x",
    boot_id=BOOT,
    machine_id="3d1219c7c4c5404aaa1f6d2a48adfda4",
    uname_n="worker-07",
    addresses="10.0.0.7 10.244.3.1",
)
"""What the node says of itself; its name in the cluster is another."""


def asked(
    place: Path,
    node: dict[str, Evidence] = NODE,
    objects: Objects = OBJECTS,
    forbidden: frozenset[str] = frozenset(),
) -> tuple[Verdict, Facts]:
    """Ask kubectl whatever the step asks, until it asks no more."""
    known = facts(dict(node), dump())
    with apiserver(place, objects, forbidden) as config:
        source = NodeSource(environment={"KUBECONFIG": str(config), "HOME": str(place)})
        while wanted := _unanswered(known):
            answers = {probe.id: source.collect(probe) for probe in wanted}
            known = facts({**known.evidence, **answers}, dump())
        source.close()
    return kubernetes.judge(known), known


def _unanswered(known: Facts) -> list[Probe]:
    return [
        probe
        for probe in kubernetes.probes(known)
        if probe.id not in known.evidence and isinstance(probe, Command) and probe.argv[0] == "kubectl"
    ]


def test_the_whole_story(tmp_path: Path) -> None:
    verdict, known = asked(tmp_path)
    check(
        verdict,
        Badge.PASS,
        "ip-10-0-0-7.internal (matched by boot ID) is Ready since 2025-12-22 09:09:00Z",
        "away for 6 min 55 s",
        "Rebooted at 2025-12-22 09:08:40Z",
        "1 pod marked for eviction",
        "Away from 2025-12-22 09:02:05Z (the dump's own time)",
        "it was away longer",
        "last renewed its lease at 2025-12-22 09:59:58Z",
        "3 pods of the node restarted since; the last was ready at 2025-12-22 09:09:41Z",
        "plugins among them: kube-system/calico-node-x7",
        "Not ready yet: shop/cart-7c9d",
        "shop/dpdk-gw-0 reaches deep: capabilities SYS_RAWIO, huge pages (hugepages-1Gi), "
        "devices intel.com/sriov_netdevice, host devices under /dev, exclusive CPUs (8)",
    )
    told = [line for line in verdict.details if line.startswith("2025-12-22 09:0")]
    assert [line.split()[1] for line in told] == sorted(line.split()[1] for line in told)
    assert any("TaintManagerEviction" in line and "09:07:47Z" in line for line in told)
    assert "elsewhere" not in known.evidence["k8s-pods"].text
    assert all(citation.text for citation in verdict.citations)


@pytest.mark.parametrize(
    ("lost", "how"),
    [((), "boot ID"), (("boot-id",), "machine ID"), (("boot-id", "machine-id"), "address")],
)
def test_scenario_25_the_node_is_found_by_the_surest_sign(
    tmp_path: Path, lost: tuple[str, ...], how: str
) -> None:
    verdict, _ = asked(tmp_path, {**NODE, **evidence(**{id_.replace("-", "_"): "!x" for id_ in lost})})
    check(verdict, Badge.PASS, f"ip-10-0-0-7.internal (matched by {how})")


def test_scenario_25_events_that_have_expired(tmp_path: Path) -> None:
    later = copy.deepcopy(OBJECTS)
    later["events"] = [
        {**event, "metadata": {**event["metadata"]}, "lastTimestamp": "2025-12-22T11:30:00Z"}
        for event in later["events"]
        if event["reason"] == "Pulled"
    ]
    verdict, _ = asked(tmp_path, objects=later)
    check(verdict, Badge.WARN, "of that time have expired, the oldest kept is of 2025-12-22 11:30:00Z")


def test_scenario_26_back_in_four_minutes(tmp_path: Path) -> None:
    soon = copy.deepcopy(OBJECTS)
    gone = ("TaintManagerEviction", "NodeReady")
    soon["events"] = [event for event in soon["events"] if event["reason"] not in gone]
    soon["nodes"][0]["status"]["conditions"][1]["lastTransitionTime"] = "2025-12-22T09:06:05Z"
    verdict, _ = asked(tmp_path, objects=soon)
    check(
        verdict,
        Badge.PASS,
        "away for 4 min",
        "no pod evicted",
        "Back before the 5 min 40 s",
        "3 pods of the node restarted",
    )


def test_events_that_the_account_may_not_list(tmp_path: Path) -> None:
    verdict, _ = asked(tmp_path, forbidden=frozenset({"events"}))
    check(verdict, Badge.WARN, "its events cannot be read", "forbidden", "away for 6 min 55 s")
