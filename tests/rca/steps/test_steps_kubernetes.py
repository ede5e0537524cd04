"""What step 9 says, case by case. Numbers are those of the acceptance scenarios."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rca.sources.base import Where
from rca.steps import kubernetes
from rca.verdict import Badge
from tests.rca.steps.step_facts import (
    BEFORE,
    CRASHED,
    REBOOTED,
    check,
    cluster,
    dump,
    event,
    evidence,
    facts,
    lacking,
    said,
    text,
)

NODE, FOLDER = Where.NODE, Where.FOLDER
LATER = CRASHED + timedelta(days=1)


# 9 Kubernetes


def test_no_kubelet_is_no_failure() -> None:
    found = evidence(kubelet="0 unit files listed.\n", kubelet_config="!not found: x")
    assert [probe.id for probe in kubernetes.probes(facts(found))] == ["kubelet", "kubelet-config"]
    check(kubernetes.judge(facts(found)), Badge.NA, "no kubelet")
    check(kubernetes.judge(facts(lacking("kubelet", "kubelet-config"), where=FOLDER)), Badge.NA, "folder x")


def test_a_node_that_could_not_be_asked_is_not_called_none_of_a_clusters() -> None:
    found = evidence(kubelet="!timed out after 10 s", kubelet_config="!not found: x")
    check(kubernetes.judge(facts(found)), Badge.NA, "is not known", "timed out")


def test_a_node_matched_by_its_boot_id() -> None:
    verdict = kubernetes.judge(facts(cluster([BEFORE, REBOOTED]), dump()))
    check(verdict, Badge.PASS, "ip-10-0-0-7 (matched by boot ID)", "no pod evicted")
    assert len(verdict.citations) == 2


def test_scenario_25_events_that_are_gone_are_called_expired() -> None:
    old = event("Rebooted", "an earlier one", "2025-12-01T00:00:00Z")
    check(kubernetes.judge(facts(cluster([old]), dump())), Badge.WARN, "they expire", "boot ID")


def test_evictions_whose_events_may_have_expired_are_not_denied() -> None:
    verdict = kubernetes.judge(facts(cluster([REBOOTED]), dump()))
    check(verdict, Badge.WARN, "whether pods were evicted is not known: the events of that time have expired")
    assert "no pod evicted" not in verdict.summary


def test_scenario_26_evictions_that_were_cancelled_do_not_count() -> None:
    cancelled = event(
        "TaintManagerEviction", "Cancelling deletion of Pod ns/p", "2025-12-22T09:08:50Z", "Pod", "p"
    )
    verdict = kubernetes.judge(facts(cluster([BEFORE, REBOOTED, cancelled]), dump()))
    check(verdict, Badge.PASS, "no pod evicted", "1 eviction called off")
    marked = event(
        "TaintManagerEviction", "Marking for deletion Pod ns/p", "2025-12-22T09:08:00Z", "Pod", "p"
    )
    check(kubernetes.judge(facts(cluster([REBOOTED, marked]), dump())), Badge.PASS, "1 pod marked")


def test_an_event_of_another_boot_is_not_this_one_s_proof() -> None:
    other = event("Rebooted", "Node ip-10-0-0-7 has been rebooted, boot id: 0-0", "2025-12-22T09:08:40Z")
    verdict = kubernetes.judge(facts(cluster([BEFORE, other]), dump()))
    check(verdict, Badge.WARN, "Rebooted at 2025-12-22 09:08:40Z into another boot than the one that runs")


def test_a_host_made_for_pods_that_drive_cards_is_told_with_its_lines() -> None:
    log = (
        "[    0.000000] Command line: root=/dev/sda1 isolcpus=2-15 nohz_full=2-15 module_blacklist=vfio-pci\n"
        "[    9.000000] igb_uio: loading out-of-tree module taints kernel.\n"
        "[   99.000000] Modules linked in: xt_nat igb_uio(OE) nfs\n"
        "[   99.000001] CPU: 3 PID: 7 Comm: testpmd Tainted: G     U     OE    4.18.0-553.el8_10.x86_64 #1\n"
    )
    known = cluster([BEFORE, REBOOTED]) | evidence(vmcore_dmesg=log)
    verdict = kubernetes.judge(facts(known, dump()))
    check(verdict, Badge.PASS, "as DPDK's do: isolcpus=2-15, nohz_full=2-15, igb_uio, taint U.")
    assert "vfio" not in "\n".join(verdict.details), "a module that is named is not yet one that is loaded"
    assert [c.line for c in verdict.citations if c.evidence == "vmcore-dmesg"] == [1, 2, 4]


def flapped() -> str:
    """The node of `cluster`, as it is after it was lost for a moment at 14:00."""
    return cluster([])["k8s-node"].text.replace("2025-12-22T09:09:00Z", "2025-12-22T14:00:00Z")


def test_the_first_return_ends_the_outage_not_a_later_one() -> None:
    words = "Node ip-10-0-0-7 status is now: NodeReady"
    back, again = (event("NodeReady", words, f"2025-12-22T{at}Z") for at in ("09:09:00", "14:00:00"))
    for seen in ([back, again], [again | {"firstTimestamp": "2025-12-22T09:09:00Z", "count": 2}]):
        found = cluster([BEFORE, REBOOTED, *seen], k8s_node=flapped())
        check(kubernetes.judge(facts(found, dump())), Badge.PASS, "it was away for 6 min 55 s; Rebooted")


def test_a_return_that_no_event_tells_is_the_latest_possible() -> None:
    found = cluster([BEFORE, REBOOTED], k8s_node=flapped())
    verdict = kubernetes.judge(facts(found, dump()))
    check(verdict, Badge.PASS, "away for 4 h 57 min 55 s at most", "14:00:00Z (Ready at the latest")
    assert "it was away longer" not in "\n".join(verdict.details)


def test_an_api_that_does_not_answer() -> None:
    refused = said("k8s-node", text("recorded/kubectl-refused.txt"), status=1)
    found = cluster([], k8s_node=refused)
    wanted = [probe.id for probe in kubernetes.probes(facts(found))]
    assert wanted[-1] == "k8s-node-kubelet"
    none = said("x", text("recorded/kubectl-no-config.txt"), status=1)
    rest = ("k8s-node-kubelet", "k8s-node-rke2", "k8s-node-k3s", "k8s-node-eks")
    found |= {id_: replace(none, id=id_) for id_ in rest}
    check(kubernetes.judge(facts(found)), Badge.WARN, "refused the connection", "kubeconfig")


def test_events_that_are_forbidden_to_the_kubelets_account() -> None:
    words = 'Error from server (Forbidden): events is forbidden: User "system:node:x" cannot list resource "events"\n'
    found = cluster([], k8s_events=said("k8s-events", words, status=1))
    check(
        kubernetes.judge(facts(found, dump())), Badge.WARN, "forbidden", "is Ready since 2025-12-22 09:09:00Z"
    )
