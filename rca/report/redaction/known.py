"""Names that no pattern can tell from other words: what the evidence itself calls a host, a namespace or a pod."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from parsers.crash.sysinfo import read_sys
from parsers.host.kubepods import parse_pods
from parsers.host.kubernetes import parse_events, parse_nodes
from rca.audit import read_audit
from rca.case import read_own
from rca.report.redaction.redactor import Redactor, read_names
from rca.steps.base import Facts
from rca.steps.common import lines_of, value_of

_EVERYWHERE = frozenset(
    {
        "localhost", "localhost.localdomain", "(none)", "default", "kube-system", "kube-public", "kube-node-lease",
        "node", "folder", "recording", "command", "file", "crash", "kernel", "linux", "log", "debian", "rocky",
        "root", "nobody",
    }
)  # fmt: skip
"""Names that every node or cluster may have: they tell nothing, and reports are full of them."""
_SHORTEST = 2
_NODES = "k8s-node"


def redactor_of(facts: Facts, directory: Path | None) -> Redactor:
    """A redactor for a case: it knows what the evidence names, and the names that earlier exports gave."""
    people = dict.fromkeys(_people(directory) if directory else (), "user")
    return Redactor(people | known_names(facts), read_names(directory))


def known_names(facts: Facts) -> dict[str, str]:
    """Name → kind (``host``, ``ns``, ``pod``), as the dump, the log, the node and Kubernetes tell."""
    found: dict[str, str] = {}
    for name, kind in _told(facts):
        name = name.strip()
        if len(name) >= _SHORTEST and name.isprintable() and name.lower() not in _EVERYWHERE:
            found.setdefault(name, kind)
            if kind == "host" and "." in name:
                found.setdefault(name.partition(".")[0], kind)
    return found


def _people(directory: Path) -> Iterator[str]:
    """Who ran the commands of a case, and who decided about its steps."""
    names = [entry.data.get(key) for entry in read_audit(directory) for key in ("user", "sudo_user")]
    names += [own.by for own in read_own(directory / "own.json").values()]
    for name in dict.fromkeys(names):
        if isinstance(name, str) and len(name) >= _SHORTEST and name.lower() not in _EVERYWHERE:
            yield name


def _told(facts: Facts) -> Iterator[tuple[str, str]]:
    for dump in (*(facts.dumps or ()), *facts.earlier):
        if dump.header:
            yield dump.header.node, "host"
    if facts.dump and facts.dump.header:
        yield facts.dump.header.node, "host"
    if facts.diagnosis:
        yield facts.diagnosis.node, "host"
    yield value_of(facts, "uname-n"), "host"
    yield read_sys(lines_of(facts, "sys")).node, "host"
    for id_ in facts.evidence:
        if id_.startswith(_NODES):
            yield from ((node.name, "host") for node in parse_nodes(lines_of(facts, id_)))
    for pod in parse_pods(lines_of(facts, "k8s-pods")):
        yield pod.namespace, "ns"
        yield pod.name, "pod"
    for event in parse_events(lines_of(facts, "k8s-events")):
        yield event.namespace, "ns"
        if event.kind in ("Pod", "Node"):
            yield event.name, "pod" if event.kind == "Pod" else "host"
        if event.reason == "TaintManagerEviction" and "/" in event.message:
            yield event.message.rpartition("/")[2], "pod"
