"""The parsers of what kubectl prints."""

from __future__ import annotations

import json
from typing import Any

import pytest

from parsers.host import kubepods, kubernetes


def event(
    reason: str, message: str = "", kind: str = "Node", name: str = "worker-07", **more: Any
) -> dict[str, Any]:
    """One event as the API serves it."""
    subject = {"kind": kind, "name": name}
    return {
        "metadata": {"name": "e", "namespace": "default"},
        "involvedObject": subject,
        "reason": reason,
    } | ({"message": message} | more)


def listed(*items: dict[str, Any]) -> list[str]:
    """A list as kubectl prints it, a warning before it."""
    return ["Warning: something", *json.dumps({"kind": "List", "items": list(items)}, indent=4).split("\n")]


def test_events_are_sorted_by_the_time_at_which_they_were_last_seen() -> None:
    events = kubernetes.parse_events(
        listed(
            event("Third", lastTimestamp=None, eventTime="2025-12-22T09:09:00.000000Z"),
            event("Second", lastTimestamp="2025-12-22T09:08:00Z"),
            event(
                "Fourth",
                series={"lastObservedTime": "2025-12-22T09:10:00.5Z"},
                lastTimestamp="2025-12-22T09:00:00Z",
            ),
            event("First", lastTimestamp=None),
        )
    )
    assert [entry.reason for entry in events] == ["First", "Second", "Third", "Fourth"]


def test_evictions_that_were_cancelled_are_none() -> None:
    events = kubernetes.parse_events(
        listed(
            event("TaintManagerEviction", "Marking for deletion Pod ns/p", "Pod", "p"),
            event("TaintManagerEviction", "Cancelling deletion of Pod ns/p", "Pod", "p"),
        )
    )
    assert [kubernetes.evicts(entry) for entry in events] == [True, False]


def test_the_surest_sign_finds_the_node() -> None:
    nodes = (
        kubernetes.Node("a", boot_id="1", machine_id="m", addresses=("10.0.0.1",)),
        kubernetes.Node("worker-07.example", boot_id="2", machine_id="m"),
    )

    def found(**signs: Any) -> tuple[str, str] | None:
        match = kubernetes.find_node(nodes, **signs)
        return (match[0].name, match[1]) if match else None

    assert found(boot_id="2", hostname="a") == ("worker-07.example", "boot ID")
    assert found(boot_id="9", machine_id="m") is None  # cloned machines share it
    assert found(addresses=["10.0.0.1"], hostname="worker-07") == ("a", "address")
    assert found(hostname="Worker-07") == ("worker-07.example", "name")


@pytest.mark.parametrize(
    ("text", "cores"),
    [("1500m", 1.5), ("8", 8.0), ("2k", 2000.0), ("1Ki", 1024.0), ("", None), ("x", None), ("-1", None)],
)
def test_quantities(text: str, cores: float | None) -> None:
    assert kubepods.parse_quantity(text) == cores


def test_what_an_init_container_may_do_its_pod_may_do() -> None:
    def asking(cpu: str, **more: str) -> dict[str, Any]:
        return {"resources": {"requests": {"cpu": cpu} | more}}

    deep = {"privileged": True, "capabilities": {"add": ["SYS_MODULE"]}}
    inits = [
        asking("3", **{"hugepages-1Gi": "1Gi"}) | {"securityContext": deep},
        asking("500m") | {"restartPolicy": "Always"},
    ]
    spec = {"containers": [asking("1"), asking("1")], "initContainers": inits}
    pod = {"metadata": {"name": "dpdk"}, "spec": spec, "status": {"qosClass": "Guaranteed"}}
    (found,) = kubepods.parse_pods(json.dumps({"items": [pod]}).split("\n"))
    assert (
        found.privileged and found.capabilities == ("SYS_MODULE",) and found.hugepages == ("hugepages-1Gi",)
    )
    assert found.cpu == 2.5, "what runs to its end before the others start is not added; a sidecar is"


def test_what_json_spells_out_is_inert_all_the_same() -> None:
    hostile = "a\x1b]0;x\x07\u202e"
    (node,) = kubernetes.parse_nodes(json.dumps({"items": [{"metadata": {"name": hostile}}]}).split("\n"))
    container = {"resources": {"requests": {f"x/{hostile}": "1"}}}
    pod = {"metadata": {"name": hostile}, "spec": {"containers": [container]}}
    (found,) = kubepods.parse_pods(json.dumps({"items": [pod]}).split("\n"))
    for words in (node.name, found.name, *found.devices):
        assert words.endswith("a\\x1b]0;x\\x07\\u202e")
