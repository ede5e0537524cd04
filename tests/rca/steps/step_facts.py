"""Facts by hand: evidence from texts, dumps from a few words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from parsers.dumpheader import DumpFormat, DumpHeader
from parsers.text import split_lines
from rca.crash.base import MANDATORY, SessionState, evidence_id
from rca.evidence import Evidence, Kind
from rca.sources.base import NOT_HELD, Dump, DumpState, Where
from rca.steps.base import CrashFacts, Facts
from rca.verdict import Badge, Verdict

HOST = Path(__file__).parent / "host"
RELEASE = "4.18.0-553.el8_10.x86_64"
CRASHED = datetime(2025, 12, 22, 9, 2, 5, tzinfo=UTC)
NOW = datetime(2025, 12, 22, 10, 0, tzinfo=UTC)
OOPS = (
    "[ 9899.500000] BUG: unable to handle kernel NULL pointer dereference at 0000000000000028\n"
    "[ 9899.500020] Oops: 0000 [#1] SMP PTI\n"
    "[ 9899.500030] CPU: 3 PID: 0 Comm: swapper/3 Kdump: loaded Not tainted 4.18.0-553.el8_10.x86_64 #1\n"
    "[ 9899.500040] RIP: 0010:mlx5e_poll_rx_cq+0x5/0x10 [mlx5_core]\n"
    "[ 9899.500050] CR2: 0000000000000028\n"
)


def text(name: str) -> str:
    """A recorded or written text."""
    return (HOST / name).read_text("utf-8")


def said(
    id_: str, what: str = "", problem: str = "", status: int | None = 0, kind: Kind = Kind.COMMAND
) -> Evidence:
    """A piece of evidence with this text."""
    return Evidence(id_, kind, id_, "here", NOW, split_lines(what), exit_status=status, problem=problem)


def evidence(**texts: str | Evidence) -> dict[str, Evidence]:
    """Evidence by id, underscores standing for dashes; a text that begins with ``!`` is a problem."""
    found: dict[str, Evidence] = {}
    for name, value in texts.items():
        id_ = name.replace("_", "-")
        if isinstance(value, Evidence):
            found[id_] = value
        else:
            found[id_] = said(id_, problem=value[1:], status=None) if value[:1] == "!" else said(id_, value)
    return found


def lacking(*ids: str) -> dict[str, Evidence]:
    """Answers of a folder that holds none of these."""
    return {id_: said(id_, problem=f"folder x {NOT_HELD}", status=None) for id_ in ids}


def dump(
    state: DumpState = DumpState.COMPLETE,
    release: str = RELEASE,
    when: datetime = CRASHED,
    reason: str = "",
    problem: str = "",
    dmesg: bool = True,
) -> Dump:
    """A dump that was saved at this time."""
    place = Path(f"/var/crash/127.0.0.1-{when:%Y-%m-%d-%H:%M:%S}")
    readable = state not in (DumpState.LOG_ONLY, DumpState.UNREADABLE)
    header = (
        DumpHeader(DumpFormat.KDUMP, release=release, crash_time=when, dump_level=31) if readable else None
    )
    core = None if state is DumpState.LOG_ONLY else place / "vmcore"
    log = place / "vmcore-dmesg.txt" if dmesg else None
    return Dump(place, state, core, log, None, header, 1 << 30 if core else 0, problem, when, reason)


def facts(
    found: dict[str, Evidence] | None = None,
    *dumps: Dump,
    where: Where = Where.NODE,
    looked: bool = True,
    **more: object,
) -> Facts:
    """Facts in which the first dump is the one analysed."""
    name = "this node" if where is Where.NODE else "folder x"
    return Facts(
        where,
        name,
        found or {},
        dumps if looked else None,
        dumps[0] if dumps else None,
        **more,  # type: ignore[arg-type]
    )


def check(verdict: Verdict, badge: Badge, *words: str) -> None:
    """The badge, and words that the verdict must say somewhere."""
    whole = "\n".join((verdict.summary, verdict.remedy, *verdict.details))
    assert verdict.badge is badge, whole
    for word in words:
        assert word in whole, whole


def armed(**other: str) -> dict[str, Evidence]:
    """A node with kdump armed, or with something else in place."""
    usual = {
        "kdump_status": text("written/kdump-active.txt"),
        "cmdline": "root=/dev/sda1 crashkernel=auto quiet\n",
        "kexec_crash_loaded": "1\n",
        "kexec_crash_size": f"{512 << 20}\n",
        "meminfo": "MemTotal:       131071000 kB\n",
        "kernel_panic": "10\n",
        "kdump_estimate": "!not found: kdumpctl is not installed",
        "journal_boot": "[    0.000000] worker-07 kernel: Linux version 4.18.0-553.el8_10.x86_64\n",
    }
    return evidence(**usual | other)


SYS = (
    "      KERNEL: x\n    DUMPFILE: vmcore  [PARTIAL DUMP]\n        CPUS: 2\n       TASKS: 161\n"
    f"     RELEASE: {RELEASE}\n"
)
OPEN = CrashFacts("/usr/bin/crash", "/v/vmlinux", state=SessionState.READY)


def crash_said(**texts: str) -> dict[str, Evidence]:
    """What crash answered, by id."""
    return {id_: replace(item, kind=Kind.CRASH) for id_, item in evidence(**texts).items()}


def six(**other: str) -> dict[str, Evidence]:
    """All mandatory outputs."""
    usual = {evidence_id(command).replace("-", "_"): "some output\n" for command in MANDATORY} | {"sys": SYS}
    return crash_said(**usual | other)


BOOT = "8e1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"


def cluster(events: list[dict[str, object]], **other: str | Evidence) -> dict[str, Evidence]:
    """A node's answers; its name in the cluster differs from its hostname."""
    ready = {"type": "Ready", "status": "True", "lastTransitionTime": "2025-12-22T09:09:00Z"}
    node = {
        "metadata": {"name": "ip-10-0-0-7"},
        "status": {"nodeInfo": {"bootID": BOOT}, "conditions": [ready], "addresses": []},
    }
    usual: dict[str, str | Evidence] = {
        "kubelet": text("recorded/list-unit-files-kubelet.txt"),
        "kubelet_config": "!not found: x",
        "boot_id": BOOT,
        "machine_id": "m",
        "uname_n": "worker-07",
        "addresses": "10.0.0.7 10.244.1.1 \n",
        "k8s_pods": json.dumps({"items": []}),
        "k8s_lease": json.dumps({"metadata": {}, "spec": {"renewTime": "2025-12-22T09:01:58.000000Z"}}),
        "k8s_node": json.dumps({"items": [node]}, indent=1),
        "k8s_events": json.dumps({"items": events}, indent=1),
    }
    return evidence(**usual | other)


def event(
    reason: str, message: str, when: str, kind: str = "Node", name: str = "ip-10-0-0-7"
) -> dict[str, object]:
    subject = {"kind": kind, "name": name}
    return {
        "metadata": {},
        "involvedObject": subject,
        "reason": reason,
        "message": message,
        "lastTimestamp": when,
    }


BEFORE = event("NodeHasSufficientPID", "an earlier one", "2025-12-22T08:40:00Z")
REBOOTED = event("Rebooted", f"Node ip-10-0-0-7 has been rebooted, boot id: {BOOT}", "2025-12-22T09:08:40Z")
