"""``kubectl get pods|lease -o json``: what ran on a node, and when its kubelet last reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parsers.host.kubejson import dicts, items, mapping, moment, parse_object, text
from parsers.text import visible

_QUANTITY = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(m|k|M|G|Ki|Mi|Gi)?\Z")
_UNITS = {"": 1.0, "m": 0.001, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30}


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod as the API server knows it now."""

    namespace: str
    name: str
    owner: str = ""
    """Kind and name of its controller: ``DaemonSet/calico-node``; ``Node/worker-07`` for a static pod."""
    cpu: float = 0.0
    """Cores requested by what runs on: init containers that end are not among it."""
    exclusive: bool = False
    """Guaranteed class with whole CPUs: the kubelet may have given it CPUs of its own."""
    privileged: bool = False
    host_network: bool = False
    hugepages: tuple[str, ...] = ()
    """``hugepages-1Gi`` and the like that it requests."""
    devices: tuple[str, ...] = ()
    """Extended resources: ``intel.com/sriov_netdevice``."""
    capabilities: tuple[str, ...] = ()
    """Of those that reach into the kernel: SYS_ADMIN, SYS_MODULE, SYS_RAWIO."""
    host_devices: bool = False
    """A hostPath below /dev."""
    started: datetime | None = None
    """When the last of its containers was started, UTC."""
    ready: bool | None = None
    ready_since: datetime | None = None
    """When Ready last changed, UTC."""


def parse_pods(lines: Sequence[str]) -> tuple[Pod, ...]:
    """Read a list of pods."""
    return tuple(_pod(item) for item in items(parse_object(lines)) if text(mapping(item, "metadata"), "name"))


def parse_lease(lines: Sequence[str]) -> datetime | None:
    """When the kubelet last renewed its lease, UTC."""
    return moment(mapping(parse_object(lines) or {}, "spec").get("renewTime"))


def parse_quantity(value: object) -> float | None:
    """Read ``1500m`` or ``2``; None for anything else."""
    match = _QUANTITY.match(str(value)) if isinstance(value, str | int | float) else None
    return float(match[1]) * _UNITS[match[2] or ""] if match else None


def _requests(container: dict[str, Any]) -> dict[str, Any]:
    return mapping(mapping(container, "resources"), "requests")


def _pod(item: dict[str, Any]) -> Pod:
    meta, spec, status = (mapping(item, key) for key in ("metadata", "spec", "status"))
    early = dicts(spec, "initContainers")
    # A sidecar is an init container that runs on; the others have ended before the pod's own start.
    lasting = dicts(spec, "containers") + [c for c in early if c.get("restartPolicy") == "Always"]
    containers = dicts(spec, "containers") + early
    security = [mapping(container, "securityContext") for container in containers]
    requests = [_requests(container) for container in containers]
    names = sorted({visible(name) for request in requests for name in request})
    cores = [parse_quantity(_requests(container).get("cpu")) or 0.0 for container in lasting]
    running = dicts(status, "containerStatuses")
    ready: dict[str, Any] = next((c for c in dicts(status, "conditions") if c.get("type") == "Ready"), {})
    owner = next(iter(dicts(meta, "ownerReferences")), {})
    lists = [mapping(context, "capabilities").get("add") for context in security]
    added = {name for found in lists if isinstance(found, list) for name in found if isinstance(name, str)}
    return Pod(
        namespace=text(meta, "namespace"),
        name=text(meta, "name"),
        owner=f"{text(owner, 'kind')}/{text(owner, 'name')}" if owner else "",
        cpu=sum(cores),
        exclusive=status.get("qosClass") == "Guaranteed" and any(c >= 1 and c == int(c) for c in cores),
        privileged=any(context.get("privileged") is True for context in security),
        host_network=spec.get("hostNetwork") is True,
        hugepages=tuple(name for name in names if name.startswith("hugepages-")),
        devices=tuple(name for name in names if "/" in name and "kubernetes.io/" not in name),
        capabilities=tuple(
            c for c in ("SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "ALL") if added & {c, f"CAP_{c}"}
        ),
        host_devices=any(
            text(mapping(volume, "hostPath"), "path").rstrip("/").startswith("/dev")
            for volume in dicts(spec, "volumes")
        ),
        started=max(
            (
                at
                for entry in running
                if (at := moment(mapping(mapping(entry, "state"), "running").get("startedAt")))
            ),
            default=None,
        ),
        ready={"True": True, "False": False}.get(text(ready, "status")),
        ready_since=moment(ready.get("lastTransitionTime")),
    )
