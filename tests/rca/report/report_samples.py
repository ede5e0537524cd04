"""Facts for the report's tests: a panic that really happened, and the runbook's own example as evidence.

The example's texts were written for these tests after the runbook's template (mlx5e_napi_poll, a NULL pointer, Rocky
Linux 8.10, 22 December 2025 14:32 IST, six minutes); no node printed them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from parsers.dumpheader import DumpFormat, DumpHeader
from parsers.text import to_lines
from rca.diagnosis.diagnose import diagnose
from rca.evidence import Evidence, Kind
from rca.report.draft import draft
from rca.report.form import Form
from rca.sources.base import Dump, DumpState, Where
from rca.steps.base import Facts
from rca.steps.registry import STEPS
from rca.verdict import Verdict

LOGS = Path(__file__).parents[1] / "diagnosis" / "logs"
NAMES = sorted(path.stem for path in LOGS.glob("*.txt"))
NOW = datetime(2025, 12, 22, 10, 0, tzinfo=UTC)
CRASHED = datetime(2025, 12, 22, 9, 2, 5, tzinfo=UTC)
RELEASE = "4.18.0-553.el8_10.x86_64"
LAST = f"reboot   system boot  {RELEASE} Mon Dec 22 09:05:40 2025   still running\n"
SYSTEM = 'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="8.10"\n'
BOOT = "5c1a3f0e-98d7-4a52-8b64-0f6f2f1a7d33"


def item(id_: str, text: str) -> Evidence:
    return Evidence(id_, Kind.FILE, id_, "test", NOW, to_lines(text.encode()))


def facts_of(name: str, where: Where = Where.FOLDER, **more: str) -> Facts:
    log = (LOGS / f"{name}.txt").read_text(encoding="utf-8")
    return facts_from(where, vmcore_dmesg=log, **more)


def facts_from(where: Where, **texts: str) -> Facts:
    given = {id_.replace("_", "-"): item(id_.replace("_", "-"), text) for id_, text in texts.items()}
    return Facts(where, "test", given, diagnosis=diagnose(given))


def with_dump(facts: Facts, node: str = "worker-07") -> Facts:
    header = DumpHeader(DumpFormat.KDUMP, release=RELEASE, node=node, crash_time=CRASHED)
    dump = Dump(Path("/var/crash/x"), DumpState.COMPLETE, header=header)
    return replace(facts, dumps=(dump,), dump=dump)


def filled(facts: Facts, verdicts: dict[int, Verdict] | None = None) -> Form:
    return Form().drafted(
        draft(facts, verdicts or {}), facts.diagnosis.confidence if facts.diagnosis else None
    )


def runbook_example() -> tuple[Facts, dict[int, Verdict]]:
    """The facts of the runbook's example, and how the steps judge them."""
    texts = {
        "vmcore_dmesg": _DMESG,
        "bt": _BT,
        "sys": _SYS,
        "os_release": SYSTEM,
        "last": LAST,
        "uname_n": "worker-07\n",
        "boot_id": f"{BOOT}\n",
        "machine_id": "0123456789abcdef0123456789abcdef\n",
        "kubelet": "kubelet.service enabled enabled\n",
        "kubelet_config": "kind: KubeletConfiguration\n",
        "k8s_node": json.dumps(_NODE, indent=4),
        "k8s_events": json.dumps({"kind": "List", "items": _EVENTS}, indent=4),
    }
    facts = with_dump(facts_from(Where.NODE, **texts))
    return facts, {9: STEPS[9].judge(facts)}


_DMESG = f"""\
[    0.000000] Linux version {RELEASE} (mockbuild@build.example.org) #1 SMP Fri May 24 13:05:10 UTC 2024
[86412.101001] BUG: unable to handle kernel NULL pointer dereference at 0000000000000028
[86412.101013] PGD 0 P4D 0
[86412.101017] Oops: 0000 [#1] SMP NOPTI
[86412.101022] CPU: 3 PID: 0 Comm: swapper/3 Kdump: loaded Not tainted {RELEASE} #1
[86412.101027] Hardware name: Example Server/0ABCDE, BIOS 2.1.0 01/01/2025
[86412.101033] RIP: 0010:mlx5e_napi_poll+0x13c/0xc60 [mlx5_core]
[86412.101060] Code: 48 8b 7f 28
[86412.101066] RSP: 0018:ffff9c1e0018ced8 EFLAGS: 00010246
[86412.101070] RAX: 0000000000000000 RBX: ffff8d2f06a40000 RCX: 0000000000000040
[86412.101084] CR2: 0000000000000028 CR3: 000000010a610001 CR4: 00000000007706e0
[86412.101090] Call Trace:
[86412.101093]  <IRQ>
[86412.101096]  mlx5e_poll_rx_cq+0x5a/0x8e0 [mlx5_core]
[86412.101120]  net_rx_action+0x141/0x3c0
[86412.101126]  __do_softirq+0xd1/0x2c7
[86412.101131]  irq_exit_rcu+0xf3/0x100
[86412.101135]  do_IRQ+0x49/0xd0
[86412.101139]  common_interrupt+0xf/0xf
[86412.101142]  </IRQ>
[86412.101145] Modules linked in: mlx5_core nvme dm_multipath
[86412.101160] CR2: 0000000000000028
"""
_BT = """\
PID: 0        TASK: ffff8d2f01a98000  CPU: 3    COMMAND: "swapper/3"
 #0 [ffff9c1e0018cc60] machine_kexec at ffffffff8ee6d613
 #1 [ffff9c1e0018cd80] oops_end at ffffffff8ee29fbd
 #2 [ffff9c1e0018cda0] no_context at ffffffff8ee7e1a3
 #3 [ffff9c1e0018ce20] page_fault at ffffffff8fa0122e
    [exception RIP: mlx5e_napi_poll+316]
    RIP: ffffffffc04d013c  RSP: ffff9c1e0018ced8  RFLAGS: 00010246
    ORIG_RAX: ffffffffffffffff  CS: 0010  SS: 0018
 #4 [ffff9c1e0018ced8] mlx5e_napi_poll at ffffffffc04d013c [mlx5_core]
 #5 [ffff9c1e0018cf00] mlx5e_poll_rx_cq at ffffffffc04d0f5a [mlx5_core]
 #6 [ffff9c1e0018cf20] net_rx_action at ffffffff8f7d6f01
 #7 [ffff9c1e0018cf80] __do_softirq at ffffffff8fc000d1
"""
_SYS = f"""\
      KERNEL: /usr/lib/debug/lib/modules/{RELEASE}/vmlinux
    DUMPFILE: /var/crash/127.0.0.1-2025-12-22-14:32:05/vmcore  [PARTIAL DUMP]
        DATE: Mon Dec 22 14:32:05 IST 2025
    NODENAME: worker-07
     RELEASE: {RELEASE}
"""
_NODE = {
    "metadata": {"name": "worker-07"},
    "status": {
        "conditions": [
            {
                "lastHeartbeatTime": "2025-12-22T09:30:00Z",
                "lastTransitionTime": "2025-12-22T09:08:11Z",
                "reason": "KubeletReady",
                "status": "True",
                "type": "Ready",
            }
        ],
        "nodeInfo": {"bootID": BOOT},
    },
}


def _event(when: str, reason: str, message: str, pod: str = "") -> dict[str, object]:
    about = {"kind": "Pod" if pod else "Node", "name": pod or "worker-07", "namespace": "payments"}
    return {
        "involvedObject": about,
        "lastTimestamp": f"2025-12-22T{when}Z",
        "message": message,
        "reason": reason,
    }


_EVENTS = [
    _event("09:02:48", "NodeNotReady", "Node worker-07 status is now: NodeNotReady"),
    _event("09:07:49", "TaintManagerEviction", "Marking for deletion Pod payments/ledger-0", "ledger-0"),
    _event("09:07:50", "TaintManagerEviction", "Marking for deletion Pod payments/ledger-1", "ledger-1"),
    _event("09:07:58", "Rebooted", f"Node worker-07 has been rebooted, boot id: {BOOT}"),
]
