"""A small stand-in for a Kubernetes API server on loopback: it serves objects from a file to the real kubectl.

The objects in cluster.json were written by hand in the shapes that kube-apiserver 1.30 gives them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Objects = dict[str, list[dict[str, Any]]]
OBJECTS: Objects = json.loads((Path(__file__).parent / "cluster.json").read_text("utf-8"))
_GROUPS = {"": "v1", "coordination.k8s.io": "coordination.k8s.io/v1"}
_KINDS = {"nodes": "Node", "events": "Event", "pods": "Pod", "leases": "Lease"}


def _resources(names: tuple[str, ...], version: str) -> dict[str, Any]:
    listed = [
        {
            "name": name,
            "singularName": "",
            "namespaced": name != "nodes",
            "kind": _KINDS[name],
            "verbs": ["get", "list"],
        }
        for name in names
    ]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": listed}


def _discovery(path: str) -> dict[str, Any] | None:
    leases = {"groupVersion": _GROUPS["coordination.k8s.io"], "version": "v1"}
    group = {"name": "coordination.k8s.io", "versions": [leases], "preferredVersion": leases}
    known: dict[str, dict[str, Any]] = {
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": [group]},
        "/api/v1": _resources(("nodes", "events", "pods"), "v1"),
        "/apis/coordination.k8s.io/v1": _resources(("leases",), "coordination.k8s.io/v1"),
    }
    return known.get(path)


def answer(objects: Objects, forbidden: frozenset[str], target: str) -> tuple[int, dict[str, Any]]:
    """Status and body for a GET."""
    url = urlsplit(target)
    if found := _discovery(url.path):
        return 200, found
    parts = url.path.strip("/").split("/")
    kind = next((part for part in reversed(parts) if part in objects), "")
    name = parts[-1] if kind and parts[-1] != kind else ""
    if not kind or kind in forbidden:
        who = 'User "system:node:x" cannot list resource'
        said = f'{kind} is forbidden: {who} "{kind}" in API group "" at the cluster scope'
        return 403, {
            "kind": "Status",
            "apiVersion": "v1",
            "status": "Failure",
            "reason": "Forbidden",
            "message": said,
            "code": 403,
        }
    chosen = objects[kind]
    selector = parse_qs(url.query).get("fieldSelector", [""])[0]
    if selector.startswith("spec.nodeName="):
        chosen = [item for item in chosen if item["spec"]["nodeName"] == selector.partition("=")[2]]
    if name:
        return 200, next(item for item in chosen if item["metadata"]["name"] == name)
    version = _GROUPS["coordination.k8s.io" if kind == "leases" else ""]
    return 200, {
        "kind": f"{_KINDS[kind]}List",
        "apiVersion": version,
        "metadata": {"resourceVersion": "1"},
        "items": chosen,
    }


@contextmanager
def apiserver(
    place: Path, objects: Objects = OBJECTS, forbidden: frozenset[str] = frozenset()
) -> Iterator[Path]:
    """Serve the objects while the context lasts; gives a kubeconfig, written into `place`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answer(objects, forbidden, self.path)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    config = place / "kubeconfig"
    url = f"http://127.0.0.1:{server.server_port}"
    config.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "c", "cluster": {"server": url}}],
                "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                "users": [{"name": "u", "user": {}}],
                "current-context": "c",
            }
        ),
        "utf-8",
    )
    try:
        yield config
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
