"""Step 9: what Kubernetes saw, when the node belongs to it."""

from __future__ import annotations

from parsers.host.kubernetes import Event, Node, about, evicts, find_node, parse_events, parse_nodes
from parsers.host.systemd import parse_unit_files
from parsers.text import visible
from rca.evidence import Citation, Evidence, first
from rca.sources.base import Command, File, Probe
from rca.steps.base import Facts, Step
from rca.steps.common import collecting, count, crash_time, held, lines_of, utc, value_of
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

_UNITS = ("kubelet.service", "k3s.service", "k3s-agent.service", "rke2-server.service", "rke2-agent.service")
KUBELET = Command("kubelet", ("systemctl", "list-unit-files", "--no-pager", "--no-legend", *_UNITS))
CONFIG = File(
    "kubelet-config", ("/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet/kubelet-config.json")
)
WHO = (
    File("boot-id", ("/proc/sys/kernel/random/boot_id",)),
    File("machine-id", ("/etc/machine-id",)),
    Command("uname-n", ("uname", "-n")),
)
_OPTIONS = ("-o", "json", "--request-timeout=8s")
_LARGE = 64 << 20
_KUBECONFIGS = (
    ("k8s-node", ""),
    ("k8s-node-kubelet", "/etc/kubernetes/kubelet.conf"),
    ("k8s-node-rke2", "/var/lib/rancher/rke2/agent/kubelet.kubeconfig"),
    ("k8s-node-k3s", "/var/lib/rancher/k3s/agent/kubelet.kubeconfig"),
)
"""Which accounts to try, one after the other: the caller's own, then the node's. Never an administrator's file."""
_KUBECONFIG = (
    "Give a kubeconfig that may read nodes and events: KUBECONFIG=FILE panicdesk. Do not copy admin.conf."
)


def probes(facts: Facts) -> tuple[Probe, ...]:
    """First whether there is a kubelet; then who this node is; then the API, by one account after the other."""
    wanted: list[Probe] = [KUBELET, CONFIG]
    if not all(probe.id in facts.evidence for probe in wanted) or not _has_kubelet(facts):
        return tuple(wanted)
    wanted += WHO
    if not all(probe.id in facts.evidence for probe in wanted):
        return tuple(wanted)
    for id_, kubeconfig in _KUBECONFIGS:
        wanted.append(_get_nodes(id_, kubeconfig, value_of(facts, "uname-n")))
        answer = facts.evidence.get(id_)
        if answer is None:
            break
        if parse_nodes(answer.lines):
            wanted.append(_kubectl("k8s-events", kubeconfig, "get", "events", "--all-namespaces"))
            break
        if "is not installed" in answer.problem:
            break
    return tuple(wanted)


def judge(facts: Facts) -> Verdict:
    """N/A without a kubelet. Pass: node and events read. Warn: the API does not answer, or tells too little."""
    if waiting := collecting(facts, probes(facts)):
        return waiting
    if not held(facts, "kubelet", "kubelet-config"):
        return Verdict(
            Badge.NA, f"Whether the node is one of Kubernetes' cannot be known from {facts.source_name}"
        )
    if not _has_kubelet(facts):
        return Verdict(Badge.NA, "Not a Kubernetes node: there is no kubelet here")
    answers = [facts.evidence[id_] for id_, _ in _KUBECONFIGS if id_ in facts.evidence]
    answer = next((evidence for evidence in answers if parse_nodes(evidence.lines)), None)
    if answer is None:
        return _no_answer(answers)
    nodes = parse_nodes(answer.lines)
    found = find_node(
        nodes, value_of(facts, "boot-id"), value_of(facts, "machine-id"), (), value_of(facts, "uname-n")
    )
    if found is None:
        names = ", ".join(sorted(visible(node.name) for node in nodes)[:10])
        text = f"None of {count(len(nodes), 'node')} is surely this one; candidates: {names}"
        return Verdict(Badge.WARN, text, remedy="Compare boot ID and address: kubectl get nodes -o wide.")
    node, how = found
    proof = first(c for c in answer.grep(r'"name": ') if f'"{node.name}"' in c.text)
    return _told(facts, node, how, proof)


def _told(facts: Facts, node: Node, how: str, proof: tuple[Citation, ...]) -> Verdict:
    name = visible(node.name)
    state = {"True": "Ready", "False": "NotReady", "Unknown": "unreachable"}.get(
        node.ready, "of unknown state"
    )
    base = f"Node {name} (matched by {how}) is {state} since {utc(node.ready_since)}"
    evidence = facts.evidence["k8s-events"]
    problem = _refusal(evidence)
    if problem:
        return Verdict(Badge.WARN, f"{base}; its events cannot be read: {problem}", proof, _KUBECONFIG)
    moment = crash_time(facts)
    events = tuple(
        event
        for event in about(parse_events(evidence.lines), node.name)
        if moment is None or event.when is None or event.when >= moment
    )
    details = tuple(_line(event) for event in events[-20:])
    rebooted = [event for event in events if event.reason == "Rebooted"]
    if not rebooted:
        text = f"{base}; no event tells of its reboot: they expire, after an hour by default"
        remedy = "This proves nothing. The controller manager's log, the kubelet's journal and metrics keep longer."
        return Verdict(Badge.WARN, text, proof, remedy, details)
    boot_id = value_of(facts, "boot-id")
    if boot_id and not any(boot_id in event.message for event in rebooted):
        details = (
            *details,
            "The Rebooted event names another boot than the one that runs: it rebooted again since.",
        )
    evicted = sum(1 for event in events if evicts(event))
    pods = f"{count(evicted, 'pod')} marked for eviction (cluster-wide)" if evicted else "no pod evicted"
    proof = (*proof, *first(evidence.grep(r'"reason": "Rebooted"')))
    badge = Badge.PASS if node.ready == "True" else Badge.WARN
    return Verdict(badge, f"{base}; Rebooted at {utc(rebooted[-1].when)}; {pods}", proof, "", details)


def _no_answer(answers: list[Evidence]) -> Verdict:
    reasons = tuple(
        f"{evidence.what}: {_refusal(evidence) or 'no nodes in the answer'}" for evidence in answers
    )
    last = next((why for evidence in answers if (why := _refusal(evidence))), "no account gave an answer")
    proof = tuple(evidence.cite(1) for evidence in answers if evidence.lines)[:1]
    return Verdict(
        Badge.WARN, f"A kubelet is here, but the API gave no nodes: {last}", proof, _KUBECONFIG, reasons
    )


def _refusal(evidence: Evidence) -> str:
    """Why there is no answer, in a few words; empty when there is one."""
    if evidence.problem:
        return evidence.problem
    if not evidence.exit_status:
        return ""
    text = evidence.text
    for mark, meaning in (
        ("Forbidden", "this account is forbidden to read them"),
        ("forbidden", "this account is forbidden to read them"),
        ("Unauthorized", "the credentials are not accepted"),
        ("must be logged in", "the credentials are not accepted"),
        ("was refused", "the API server refused the connection"),
        ("no such host", "the API server's name does not resolve"),
        ("i/o timeout", "the API server does not answer"),
        ("deadline exceeded", "the API server does not answer"),
        ("ermission denied", "the kubeconfig may not be read (needs root)"),
        ("no such file", "there is no such kubeconfig"),
    ):
        if mark in text:
            return meaning
    return next(
        (line.strip() for line in evidence.lines if line.strip()), f"kubectl exited {evidence.exit_status}"
    )


def _has_kubelet(facts: Facts) -> bool:
    if parse_unit_files(lines_of(facts, "kubelet")):
        return True
    config = facts.evidence.get("kubelet-config")
    # A directory that may not be entered is one of a kubelet's all the same.
    return config is not None and (bool(config.lines) or config.problem.startswith("permission denied"))


def _get_nodes(id_: str, kubeconfig: str, hostname: str) -> Command:
    if not kubeconfig:
        return _kubectl(id_, "", "get", "nodes")
    # The kubelet's own account may read its own node only, and recent servers refuse it the list.
    return _kubectl(id_, kubeconfig, "get", "node", hostname.lower() or "unknown")


def _kubectl(id_: str, kubeconfig: str, *words: str) -> Command:
    account = ("--kubeconfig", kubeconfig) if kubeconfig else ()
    return Command(id_, ("kubectl", *account, *words, *_OPTIONS), timeout=15, limit=_LARGE)


def _line(event: Event) -> str:
    subject = f"{event.kind} {event.namespace + '/' if event.namespace and event.kind != 'Node' else ''}{event.name}"
    return visible(f"{utc(event.when)} {subject}: {event.reason}: {event.message}")


STEP = Step(
    number=9,
    title=TITLES[9],
    why="If the node belongs to a cluster, the control plane saw it go and come back: when it went NotReady, whether "
    "pods were evicted, and which. Events expire, after an hour by default, so look early.",
    judge=judge,
    probes=probes,
    commands=("kubectl describe node NODE", "kubectl get events -A --sort-by=.lastTimestamp"),
)
