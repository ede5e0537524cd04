"""Pods on a node that reach deeper than others, and those whose restart every other pod feels."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.host.kubepods import Pod

_PLUMBING = re.compile(
    r"(?:^|[-/])(?:calico|cilium|flannel|weave|antrea|kube-router|ovn|ovs|multus|sriov|whereabouts|canal|kindnet|"
    r"aws-node|azure-cn[is]|csi|rook|ceph|longhorn|openebs|portworx|trident|topolvm)",
    re.IGNORECASE,
)
_GREEDY = 0.25
"""Share of a node's CPUs from which on one pod counts as a heavy one."""


def reaches(pod: Pod, cpu: float | None = None) -> tuple[str, ...]:
    """What a pod may do that can bring a kernel down, in words; `cpu` are the cores that pods may use on its node."""
    told = (
        (pod.privileged, "privileged"),
        (bool(pod.capabilities), f"capabilities {', '.join(pod.capabilities)}"),
        (bool(pod.hugepages), f"huge pages ({', '.join(pod.hugepages)})"),
        (bool(pod.devices), f"devices {', '.join(pod.devices)}"),
        (pod.host_devices, "host devices under /dev"),
        (pod.exclusive, f"exclusive CPUs ({pod.cpu:g})"),
        (bool(cpu) and pod.cpu >= _GREEDY * (cpu or 0) and not pod.exclusive, f"{pod.cpu:g} CPUs requested"),
        (pod.host_network, "the host's network"),
    )
    return tuple(words for holds, words in told if holds)


def suspects(pods: Iterable[Pod], cpu: float | None = None) -> tuple[tuple[Pod, tuple[str, ...]], ...]:
    """Pods that reach deep, the deepest first. The host's network alone, which every agent has, is not enough."""
    found = [
        (pod, words) for pod in pods if (words := reaches(pod, cpu)) and words != ("the host's network",)
    ]
    return tuple(sorted(found, key=lambda entry: (-len(entry[1]), entry[0].namespace, entry[0].name)))


def is_plumbing(pod: Pod) -> bool:
    """Whether it is a network or storage plugin (CNI, CSI): its restart is felt by all pods of the node."""
    return bool(_PLUMBING.search(pod.owner) or _PLUMBING.search(pod.name))
