"""Step 9: what Kubernetes saw, when the node belongs to it."""

from __future__ import annotations

import re

from parsers.host.kubejson import parse_object
from parsers.host.kubepods import Pod, parse_lease, parse_pods
from parsers.host.kubernetes import Event, Node, find_node, parse_events, parse_nodes
from parsers.host.systemd import parse_unit_files
from rca.diagnosis.sources import best_log
from rca.evidence import Citation, Evidence, first
from rca.kubernetes.hostsigns import host_signs
from rca.kubernetes.outage import GRACE, TOLERATION, Outage, in_words, outage
from rca.kubernetes.suspects import is_plumbing, suspects
from rca.sources.base import Command, File, Probe
from rca.steps.base import Facts, Step
from rca.steps.common import cite, collecting, count, held, lines_of, other_node, problems, utc, value_of
from rca.steps.located import HOSTNAME
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
    HOSTNAME,
    Command("addresses", ("hostname", "-I")),
)
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_OPTIONS = ("-o", "json", "--request-timeout=8s")
_LARGE = 64 << 20
_KUBECONFIGS = (
    ("k8s-node", ""),
    ("k8s-node-kubelet", "/etc/kubernetes/kubelet.conf"),
    ("k8s-node-rke2", "/var/lib/rancher/rke2/agent/kubelet.kubeconfig"),
    ("k8s-node-k3s", "/var/lib/rancher/k3s/agent/kubelet.kubeconfig"),
    ("k8s-node-eks", "/var/lib/kubelet/kubeconfig"),
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
            wanted += _about_node(facts, kubeconfig, answer)
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
            Badge.NA,
            f"Whether the node is one of Kubernetes' cannot be known from {facts.source_name}",
            details=problems(facts, "kubelet", "kubelet-config"),
        )
    if not _has_kubelet(facts):
        if unasked := problems(facts, KUBELET.id):
            text = "Whether this is a Kubernetes node is not known: which services it has could not be asked"
            return Verdict(Badge.NA, text, details=unasked)
        asked = tuple(f"Asked: {facts.evidence[probe.id].what}." for probe in (KUBELET, CONFIG))
        return Verdict(
            Badge.NA, "Not a Kubernetes node: there is no kubelet here", cite(facts, KUBELET.id, 1), "", asked
        )
    answers = [facts.evidence[id_] for id_, _ in _KUBECONFIGS if id_ in facts.evidence]
    answer = next((evidence for evidence in answers if parse_nodes(evidence.lines)), None)
    if answer is None:
        return _no_answer(answers)
    nodes = parse_nodes(answer.lines)
    found = _find(facts, nodes)
    if found is None:
        names = ", ".join(sorted(node.name for node in nodes)[:10])
        text = f"None of {count(len(nodes), 'node')} is surely this one; candidates: {names}"
        return Verdict(Badge.WARN, text, remedy="Compare boot ID and address: kubectl get nodes -o wide.")
    node, how = found
    proof = first(c for c in answer.grep(r'"name": ') if f'"{node.name}"' in c.text)
    return _told(facts, node, how, proof)


def _find(facts: Facts, nodes: tuple[Node, ...]) -> tuple[Node, str] | None:
    return find_node(
        nodes,
        value_of(facts, "boot-id"),
        value_of(facts, "machine-id"),
        value_of(facts, "addresses").split(),
        value_of(facts, "uname-n"),
    )


def _told(facts: Facts, node: Node, how: str, proof: tuple[Citation, ...]) -> Verdict:
    state = {"True": "Ready", "False": "NotReady", "Unknown": "unreachable"}.get(
        node.ready, "of unknown state"
    )
    pods = parse_pods(lines_of(facts, "k8s-pods"))
    away = outage(node, parse_events(lines_of(facts, "k8s-events")), pods, facts.crash_time)
    why = f" ({node.ready_reason})" if node.ready != "True" and node.ready_reason else ""
    base = f"Node {node.name} (matched by {how}) is {state}{why} since {utc(node.ready_since)}"
    if away.duration is not None:
        base += f"; it was away for {in_words(away.duration)}{' at most' if away.at_latest else ''}"
    log = None if other_node(facts) else best_log(facts.evidence)
    signs = host_signs(log) if log else ()
    told = ", ".join(name for name, _ in signs)
    proof = (*proof, *dict.fromkeys(cited for _, cited in signs))
    details = (
        *_times(facts, away),
        *_of_pods(away, pods, node),
        *((f"Signs on the host of pods that reach deep, as DPDK's do: {told}.",) if told else ()),
        *(_line(event) for event in away.events[-20:]),
    )
    for id_, what in (("k8s-events", "events"), ("k8s-pods", "pods")):
        if problem := _unread(facts.evidence.get(id_)):
            text = f"{base}; its {what} cannot be read: {problem}"
            return Verdict(Badge.WARN, text, proof, _KUBECONFIG, details)
    if away.rebooted is None:
        why = "they expire, after an hour by default"
        if away.oldest and away.began and away.expired:
            why = f"those of that time have expired, the oldest kept is of {utc(away.oldest)}"
        text = f"{base}; no event tells of its reboot: {why}"
        remedy = "This proves nothing. The controller manager's log, the kubelet's journal and metrics keep longer."
        return Verdict(Badge.WARN, text, proof, remedy, details)
    boot_id = value_of(facts, "boot-id")
    other = bool(boot_id) and boot_id not in away.rebooted.message
    into = " into another boot than the one that runs: it rebooted again since" if other else ""
    proof = (*proof, *first(facts.evidence["k8s-events"].grep(r'"reason": "Rebooted"')))
    sure = node.ready == "True" and not away.evictions_expired and not other
    text = f"{base}; Rebooted at {utc(away.rebooted.when)}{into}; {_evicted(away)}"
    return Verdict(Badge.PASS if sure else Badge.WARN, text, proof, "", details)


def _evicted(away: Outage) -> str:
    if away.evictions_expired:
        return "whether pods were evicted is not known: the events of that time have expired"
    number = len(away.evicted)
    return f"{count(number, 'pod')} marked for eviction (cluster-wide)" if number else "no pod evicted"


def _times(facts: Facts, away: Outage) -> tuple[str, ...]:
    """When the node was away, and whether that was long enough for evictions."""
    told = []
    latest = " at the latest: only its last change is known" if away.at_latest else ""
    if away.began and away.ended:
        told.append(f"Away from {utc(away.began)} ({away.began_by}) to {utc(away.ended)} (Ready{latest}).")
    elif away.began:
        told.append(f"Away since {utc(away.began)} ({away.began_by}); it is not Ready again.")
    if away.eviction_due is not None:
        due = in_words(GRACE + TOLERATION)
        told.append(
            f"Pods are evicted {due} after the last sign of life by default: it was away longer."
            if away.eviction_due
            else f"Back before the {due} after which pods are evicted by default."
        )
    if away.cancelled:
        told.append(f"{count(away.cancelled, 'eviction')} called off when it came back.")
    if renewed := parse_lease(lines_of(facts, "k8s-lease")):
        told.append(
            f"The kubelet last renewed its lease at {utc(renewed)}; a node that is back overwrites this."
        )
    return tuple(told)


def _of_pods(away: Outage, pods: tuple[Pod, ...], node: Node) -> tuple[str, ...]:
    """What the crash did to the pods, and which pods could have done something to the kernel."""
    told = []
    if away.restarted:
        last = max((pod.ready_since for pod in away.restarted if pod.ready and pod.ready_since), default=None)
        until = f"; the last was ready at {utc(last)}" if last else ""
        told.append(f"{count(len(away.restarted), 'pod')} of the node restarted since{until}.")
        plumbing = sorted(f"{pod.namespace}/{pod.name}" for pod in away.restarted if is_plumbing(pod))
        if plumbing:
            told.append(f"Network and storage plugins among them: {', '.join(plumbing[:8])}.")
        waiting = [pod for pod in away.restarted if pod.ready is False]
        if waiting:
            told.append(f"Not ready yet: {', '.join(f'{p.namespace}/{p.name}' for p in waiting[:8])}.")
    for pod, words in suspects(pods, node.cpu)[:8]:
        told.append(f"{pod.namespace}/{pod.name} reaches deep: {', '.join(words)}.")
    return tuple(told)


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


def _unread(evidence: Evidence | None) -> str:
    """Why there is no list to read; empty when there is one, though it be an empty one."""
    if evidence is None or (why := _refusal(evidence)):
        return why if evidence else "they were not asked for"
    return "" if parse_object(evidence.lines) is not None else "the answer is no JSON"


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


def _about_node(facts: Facts, kubeconfig: str, answer: Evidence) -> list[Probe]:
    """Events of the cluster; and the node's pods and lease, once it is known which node it is."""
    wanted: list[Probe] = [_kubectl("k8s-events", kubeconfig, "get", "events", "--all-namespaces")]
    found = _find(facts, parse_nodes(answer.lines))
    if found and _NAME.fullmatch(name := found[0].name):
        where = ("--all-namespaces", "--field-selector", f"spec.nodeName={name}")
        wanted.append(_kubectl("k8s-pods", kubeconfig, "get", "pods", *where))
        wanted.append(
            _kubectl("k8s-lease", kubeconfig, "--namespace", "kube-node-lease", "get", "lease", name)
        )
    return wanted


def _kubectl(id_: str, kubeconfig: str, *words: str) -> Command:
    account = ("--kubeconfig", kubeconfig) if kubeconfig else ()
    return Command(id_, ("kubectl", *account, *words, *_OPTIONS), timeout=15, limit=_LARGE)


def _line(event: Event) -> str:
    subject = f"{event.kind} {event.namespace + '/' if event.namespace and event.kind != 'Node' else ''}{event.name}"
    return f"{utc(event.when)} {subject}: {event.reason}: {event.message}"


STEP = Step(
    number=9,
    title=TITLES[9],
    why="If the node belongs to a cluster, the control plane saw it go and come back: when it went NotReady, whether "
    "pods were evicted, and which. Events expire, after an hour by default, so look early.",
    judge=judge,
    probes=probes,
    commands=("kubectl describe node NODE", "kubectl get events -A --sort-by=.lastTimestamp"),
)
