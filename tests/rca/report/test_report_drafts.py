"""The drafts of the form, from panics that really happened, and from the runbook's own example."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rca.diagnosis.kinds import KINDS
from rca.diagnosis.model import Confidence, Diagnosis, Guilty
from rca.evidence import Kind
from rca.report.draft import draft
from rca.report.headings import FIELDS, FURTHER
from rca.report.redaction.known import known_names
from rca.report.rendering import Wish, rendered
from rca.report.sentences import Origin
from rca.sources.base import Where
from rca.steps.base import Facts
from rca.verdict import Badge, Verdict
from tests.rca.report.report_samples import (
    CRASHED,
    LAST,
    LOGS,
    NAMES,
    RELEASE,
    SYSTEM,
    facts_from,
    facts_of,
    filled,
    item,
    runbook_example,
    with_dump,
)


@pytest.mark.parametrize("name", NAMES)
def test_every_draft_stands_on_lines_that_exist(name: str) -> None:
    facts = facts_of(name)
    drafts = draft(facts, {})
    assert tuple(drafts)[:9] == FIELDS and set(drafts) <= {*FIELDS, *FURTHER}
    for one in drafts.values():
        for sentence in one.sentences:
            assert sentence.text and "\n" not in sentence.text
            assert sentence.origin is not Origin.AUTHOR
            assert bool(sentence.citations) if sentence.origin is Origin.FACT else bool(sentence.reason)
            for cited in sentence.citations:
                assert facts.evidence[cited.evidence].cite(cited.line) == cited
    assert facts.diagnosis
    assert f"Confidence: {facts.diagnosis.confidence} (" in drafts["Root Cause"].text
    assert drafts["Evidence"].sentences
    assert all(sentence.listed and sentence.citations for sentence in drafts["Evidence"].sentences)
    for field in ("Fix", "Prevention", "Action Items"):
        assert all(s.words.startswith("Proposed: ") for s in drafts[field].sentences)
        assert all(s.origin is Origin.INFERENCE for s in drafts[field].sentences)


@pytest.fixture
def india(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of the runbook's node."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_runbook_s_example_drafts_the_runbook_s_template(india: None) -> None:
    facts, verdicts = runbook_example()
    said = {heading: one.text for heading, one in draft(facts, verdicts).items()}
    assert said["Incident"].startswith("Kernel panic on worker-07")
    assert said["OS"] == "Rocky Linux 8.10"
    assert said["Kernel"] == "4.18.0-553.el8_10.x86_64"
    assert said["Time"].startswith("2025-12-22 09:02:05 UTC (2025-12-22 14:32:05 IST")
    cause = said["Root Cause"].split("\n")
    assert cause[0] == "Kernel panic probably caused by the mlx5_core NIC driver"
    assert cause[1].startswith("NULL pointer dereference during RX polling")
    assert "function mlx5e_napi_poll, module mlx5_core" in cause[1]
    assert "Trigger: received network traffic" in cause
    evidence = said["Evidence"].split("\n")
    assert any(line.startswith("- vmcore backtrace shows mlx5e_napi_poll") for line in evidence)
    assert "- vmcore-dmesg confirms RIP in mlx5e_napi_poll+0x13c/0xc60 of mlx5_core (NIC driver)" in evidence
    assert evidence[-1].startswith("- Crash finds") and evidence[-2].startswith("- Points to")
    impact = said["Impact"].split("\n")
    assert impact[0] == "- Node rebooted"
    assert impact[1].startswith("- Pods evicted: 2 pods")
    assert impact[2].startswith("- 6 minutes downtime")
    assert "- Proposed: upgrade the NIC firmware" in said["Fix"]
    assert "- Proposed: apply the distribution's kernel errata" in said["Fix"]
    assert "- Proposed: enable alerts on node reboots" in said["Prevention"]
    assert "- Proposed: maintain a kernel debuginfo cache" in said["Prevention"]
    assert said["Detection"].startswith("Kubernetes saw the node NotReady at 2025-12-22 09:02:48 UTC")
    assert said["Taint"] == "- Not tainted"
    events = said["Timeline"].split("\n")
    assert len(events) == 6 and events == sorted(events) and all("IST" in line for line in events)


def test_a_cluster_s_answer_without_blanks_still_counts() -> None:
    facts, verdicts = runbook_example()
    compact = json.dumps(json.loads(facts.evidence["k8s-events"].text), separators=(",", ":"))
    told = {**facts.evidence, "k8s-events": item("k8s-events", compact)}
    assert "2 pods" in draft(replace(facts, evidence=told), verdicts)["Impact"].text


def test_downtime_ends_at_the_first_return_or_is_the_longest_possible() -> None:
    facts, verdicts = runbook_example()
    node = facts.evidence["k8s-node"].text.replace("2025-12-22T09:08:11Z", "2025-12-22T14:00:00Z")
    told = {**facts.evidence, "k8s-node": item("k8s-node", node)}
    impact = draft(replace(facts, evidence=told), verdicts)["Impact"].text
    assert "- 298 minutes downtime, until the node was Ready again at the latest" in impact
    events = json.loads(facts.evidence["k8s-events"].text)
    about = {"kind": "Node", "name": "worker-07"}
    ready = {"involvedObject": about, "reason": "NodeReady", "lastTimestamp": "2025-12-22T09:08:11Z"}
    told["k8s-events"] = item("k8s-events", json.dumps({"items": [*events["items"], ready]}))
    drafts = draft(replace(facts, evidence=told), verdicts)
    assert "- 6 minutes downtime, until the node was Ready again" in drafts["Impact"].text
    assert "at the latest" not in drafts["Timeline"].text


def test_evictions_whose_events_may_have_expired_are_unknown() -> None:
    facts, verdicts = runbook_example()
    events = json.loads(facts.evidence["k8s-events"].text)
    kept = [event for event in events["items"] if event["reason"] == "Rebooted"]
    told = {**facts.evidence, "k8s-events": item("k8s-events", json.dumps({"items": kept}))}
    impact = draft(replace(facts, evidence=told), verdicts)["Impact"].text
    assert "- Pods evicted: UNKNOWN" in impact and "No pod evicted" not in impact


def test_what_a_cluster_did_not_tell_is_not_claimed() -> None:
    facts, verdicts = runbook_example()
    without = {id_: one for id_, one in facts.evidence.items() if not id_.startswith("k8s")}
    impact = draft(replace(facts, evidence=without), verdicts)["Impact"].text
    assert "evicted" not in impact and "4 minutes downtime, until the node booted" in impact
    assert "- Downtime UNKNOWN" in draft(replace(facts, evidence={}), verdicts)["Impact"].text


def test_a_real_panic_in_the_runbook_s_manner() -> None:
    drafts = draft(with_dump(facts_of("mlx5-napi-null")), {})
    title = "BUG: unable to handle kernel NULL pointer dereference in mlx5e_poll_rx_cq"
    assert drafts["Incident"].text == f"Kernel panic on worker-07: {title}"
    assert drafts["OS"].text == "Enterprise Linux 8.10 family (from the kernel release)"
    assert drafts["Kernel"].text == RELEASE
    assert drafts["Time"].text == "2025-12-22 09:02:05 UTC (the node's own zone is not known)"
    for word in ("mlx5_core", "mlx5e_poll_rx_cq", "probable", "hypothesis", "offset 0x30", "network traffic"):
        assert word in drafts["Root Cause"].text
    assert "rebooted" not in drafts["Impact"].text and "evicted" not in drafts["Impact"].text
    assert "native_safe_halt" in drafts["Alternatives"].text
    assert "errata do not reach it" in drafts["Fix"].text, "this mlx5_core is not the kernel's own"
    assert "apply the distribution's" not in drafts["Fix"].text
    assert "O (out-of-tree module loaded), E (unsigned module loaded)" in drafts["Taint"].text


def test_a_finder_of_corruption_is_not_called_its_cause() -> None:
    text = draft(facts_of("list-corruption"), {})["Root Cause"].text
    assert "possibly caused by" in text and "Hypothesis: " in text and "confirmed" not in text
    drafts = draft(facts_of("list-corruption"), {})
    assert "shows RIP in __list_del_entry_valid" in drafts["Evidence"].text
    assert "firmware" not in drafts["Fix"].text, "nothing is to be replaced for having found corruption"


def test_a_folder_says_nothing_of_the_system() -> None:
    drafts = draft(facts_of("mlx5-napi-null", os_release=SYSTEM), {})
    assert not drafts["OS"].text
    assert not drafts["Time"].text
    assert drafts["Kernel"].text == "6.1.0-56-cloud-amd64"
    assert drafts["Kernel"].citations


def test_a_node_says_more() -> None:
    facts = with_dump(facts_of("mlx5-napi-null", Where.NODE, os_release=SYSTEM, last=LAST))
    drafts = draft(facts, {})
    assert drafts["OS"].text == "Rocky Linux 8.10"
    assert drafts["OS"].citations
    assert drafts["Time"].text.startswith("2025-12-22 09:02:05 UTC")
    assert drafts["Impact"].sentences[0].words == "Node rebooted"
    assert [str(cited) for cited in drafts["Impact"].sentences[0].citations] == ["last:1"]
    other = replace(facts, evidence={**facts.evidence, "uname-n": item("uname-n", "another\n")})
    assert "rebooted" not in draft(other, {})["Impact"].text


def test_a_report_that_was_survived_is_no_panic() -> None:
    found = facts_of("mlx5-napi-null")
    facts = replace(found, evidence={"journal": replace(found.evidence["vmcore-dmesg"], id="journal")})
    assert draft(facts, {1: Verdict(Badge.WARN, "x")})["Incident"].text.startswith("Kernel report: ")
    assert not draft(facts, {1: Verdict(Badge.WARN, "x")})["Impact"].text
    assert draft(facts, {1: Verdict(Badge.PASS, "x")})["Incident"].text.startswith("Kernel panic: ")


@pytest.mark.parametrize("where", list(Where))
def test_nothing_known_is_unknown(where: Where) -> None:
    assert not any(one.text for one in draft(Facts(where, "test"), {}).values())
    assert not any(one.text for one in draft(Facts(where, "test", diagnosis=Diagnosis()), {}).values())
    for kind in KINDS:
        for confidence in Confidence:
            found = Diagnosis(title="x", kind=kind, confidence=confidence, guilty=Guilty("", "m"))
            text = draft(Facts(where, "test", diagnosis=found), {})["Root Cause"].text
            assert ("hypothesis" in text) == (confidence in (Confidence.PROBABLE, Confidence.POSSIBLE))


def test_extreme_times_do_not_raise() -> None:
    for moment in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime(2025, 1, 1)):
        facts = Facts(
            Where.NODE, "test", {"last": item("last", LAST)}, diagnosis=Diagnosis("x", crash_time=moment)
        )
        assert draft(facts, {})["Time"].text


def test_only_a_dump_that_died_of_the_same_is_a_recurrence() -> None:
    facts = with_dump(facts_of("mlx5-napi-null"))
    assert facts.dump
    one = replace(facts.dump, reason="BUG: unable to handle page fault for address: ffff888100000000")
    assert one.header
    same = replace(
        one,
        directory=one.directory.with_name("y"),
        header=replace(one.header, crash_time=CRASHED - timedelta(days=9)),
        reason=one.reason.replace("ffff8881", "ffff9992"),
    )
    said = draft(replace(facts, dumps=(one, same), dump=one), {})["Recurrence"].text
    assert said.startswith("- Seen in 2 dumps, a recurrence: BUG: unable to handle page fault")
    other = replace(same, reason="Kernel panic - not syncing: sysrq triggered crash")
    said = draft(replace(facts, dumps=(one, other), dump=one), {})["Recurrence"].text
    assert said == "- None seen: 1 other dump known on this machine with another reason"
    assert not draft(replace(facts, dumps=(one,), dump=one), {})["Recurrence"].text


def test_an_earlier_case_that_died_of_the_same_is_a_recurrence_a_copy_of_this_dump_is_none() -> None:
    facts = with_dump(facts_of("hung-task"))
    assert facts.dump and facts.dump.header
    own = replace(facts.dump, reason="INFO: task drbd_w_r0:105 blocked for more than 8 seconds.")
    header = replace(facts.dump.header, node="worker-11", crash_time=CRASHED - timedelta(days=1))
    seen = replace(own, header=header, saved=header.crash_time, reason=own.reason.replace(":105", ":4711"))
    told = draft(replace(facts, dumps=(own,), dump=own, earlier=(seen,)), {})["Recurrence"].text
    assert told.startswith("- Seen in 2 dumps") and "2025-12-21" in told and "on worker-11" in told
    assert known_names(replace(facts, earlier=(seen,)))["worker-11"] == "host", "it is redacted as any other"
    copy = replace(own, directory=own.directory / "copy")
    assert not draft(replace(facts, dumps=(own,), dump=own, earlier=(copy,)), {})["Recurrence"].text


def test_the_node_s_zone_is_told_where_the_dump_s_directory_bears_it() -> None:
    facts = with_dump(facts_of("mlx5-napi-null"))
    assert facts.dump
    named = replace(facts.dump, directory=Path("/var/crash/127.0.0.1-2025-12-22-14:32:09"))
    text = draft(replace(facts, dump=named), {})["Time"].text
    assert (
        text == "2025-12-22 09:02:05 UTC (2025-12-22 14:32:05, UTC+0530 by the name of the dump's directory)"
    )


def test_what_a_person_must_act_on_is_named() -> None:
    facts = with_dump(facts_of("hung-task"))
    assert facts.dump
    dump = replace(facts.dump, vmcore=facts.dump.directory / "vmcore", size=23_177_786)
    said = {heading: one.text for heading, one in draft(replace(facts, dump=dump), {}).items()}
    assert "- Proposed: update the module whose lock is held: drbd" in said["Fix"]
    assert "storage path" not in said["Fix"] + said["Prevention"], "nothing tells of storage"
    assert (
        "panicdesk archive CRASH-DIRECTORY" in said["Prevention"] and "/var/crash" not in said["Prevention"]
    )
    assert "as x/vmcore (23,177,786 bytes)" in said["Detection"]
    assert "- Modules not of this kernel: drbd" in said["Taint"]
    assert "schedule" not in said["Alternatives"] and "Ruled out: __mutex_lock" in said["Alternatives"]
    waits = facts_from(Where.FOLDER, vmcore_dmesg=IN_IO)
    assert "- Proposed: repair the storage path or server" in draft(waits, {})["Fix"].text


IN_IO = """\
[  400.1] INFO: task xfsaild/sda:105 blocked for more than 120 seconds.
[  400.1]       Not tainted 4.18.0-553.el8_10.x86_64 #1
[  400.1] Call Trace:
[  400.1]  __schedule+0x2d1/0x870
[  400.1]  io_schedule+0x12/0x40
[  400.1]  wait_on_page_bit+0x137/0x230
[  400.1] Kernel panic - not syncing: hung_task: blocked tasks
"""


def test_what_the_dump_tells_of_a_lock_comes_before_the_log_s_conclusions() -> None:
    answer = (LOGS / "hung-task.drgn.json").read_text(encoding="utf-8")
    facts = facts_from(Where.FOLDER, vmcore_dmesg=(LOGS / "hung-task.txt").read_text("utf-8"), drgn=answer)
    said = draft(facts, {})
    evidence = said["Evidence"].text.split("\n")
    assert evidence[1].startswith(
        "- drbd_w_r0:105 waits for the lock at 0xffffffffc039e3c0, which drbd_r_r0:104"
    )
    assert evidence[2].startswith(
        "- drbd_r_r0:104 stands in drbd_recv_header [drbd], called by drbd_receiver"
    )
    assert "is where the report found its task, not who is to blame" in said["Root Cause"].text
    assert "its owner" not in said["Open Questions"].text
    assert "- To check: what drbd_recv_header waits for" in said["Open Questions"].text


def test_which_of_two_functions_is_the_incident_s_and_which_is_blamed() -> None:
    cause = draft(facts_of("two-spinlocks"), {})["Root Cause"].text
    assert "qla2x00_do_dpc, by which the incident is named, had called qla2x00_abort_all_cmds" in cause
    assert "by which the incident is named" not in draft(facts_of("mlx5-napi-null"), {})["Root Cause"].text
    assert "firmware" not in draft(facts_of("two-spinlocks"), {})["Fix"].text


def test_the_export_warns_of_what_crash_cannot_be_trusted_with() -> None:
    facts = facts_of("hung-task", sys="       CPUS: 2\n      TASKS: 3\n")
    facts = replace(
        facts, evidence={**facts.evidence, "sys": replace(facts.evidence["sys"], kind=Kind.CRASH)}
    )
    told = rendered(filled(facts), facts, {}, Wish(), None).text
    assert "alone in this crash session: ps and kmem -s, because crash counts 3 tasks on 2 CPUs" in told
    assert "[sys:2 sys:1]" in told and "\nsys:2  TASKS: 3\n" in told


def test_practices_that_are_not_met_are_proposed_with_their_proof() -> None:
    facts = with_dump(facts_of("mlx5-napi-null", Where.NODE, kexec_crash_loaded="0\n", uname_n="worker-07\n"))
    said = {one.words: one for one in draft(facts, {})["Prevention"].sentences}
    arm = said["Proposed: arm kdump and watch that it stays armed"]
    assert [str(cited) for cited in arm.citations] == ["kexec-crash-loaded:1"]
    assert arm.reason == "No capture kernel is loaded now"
    elsewhere = replace(facts, evidence={**facts.evidence, "uname-n": item("uname-n", "laptop\n")})
    assert not any(
        "kdump" in words for words in (one.words for one in draft(elsewhere, {})["Prevention"].sentences)
    )


def test_the_system_of_this_machine_is_not_that_of_another_node_s_dump() -> None:
    facts = with_dump(
        facts_of("mlx5-napi-null", Where.NODE, os_release=SYSTEM, uname_n="laptop\n", last=LAST)
    )
    drafts = draft(facts, {})
    assert "Rocky" not in drafts["OS"].text and "local time" not in drafts["Time"].text
    assert "The node booted" not in drafts["Timeline"].text


def test_the_stack_of_a_bystander_is_no_evidence() -> None:
    bt = 'PID: 102      TASK: ff11  CPU: 1    COMMAND: "java"\n #0 [ff01] vfs_read at ffffffff81000001\n'
    text = draft(facts_of("oom", bt=bt), {})["Evidence"].text
    assert "oom-killer" in text and "vfs_read" not in text and "clear_user_erms" not in text


def test_the_finder_s_backtrace_is_not_offered_for_the_task_that_hung() -> None:
    bt = 'PID: {}       TASK: ff11  CPU: 1    COMMAND: "{}"\n #0 [ff01] drbd_worker at ffffffff81000001 [drbd]\n'
    finder = draft(facts_of("hung-task", bt=bt.format(28, "khungtaskd")), {})["Evidence"].text
    assert "vmcore backtrace" not in finder
    own = draft(facts_of("hung-task", bt=bt.format(105, "drbd_w_r0")), {})["Evidence"].text
    assert "vmcore backtrace shows drbd_worker" in own


@pytest.mark.parametrize(
    ("banner", "said"),
    [
        (
            "6.1.0-56-cloud-amd64 (x@y) (gcc) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)",
            "Debian (from",
        ),
        ("6.8.0-45-generic (buildd@x) (gcc) #45~22.04.1-Ubuntu SMP PREEMPT_DYNAMIC Wed", "Ubuntu (from"),
        ("6.9.1 (me@box) (gcc (Debian 12.2.0)) #1 SMP Fri May 24", ""),
    ],
)
def test_who_built_the_kernel_says_its_banner_alone(banner: str, said: str) -> None:
    release = banner.partition(" ")[0]
    log = f"[    0.0] Linux version {banner}\n[    1.0] BUG: unable to handle page fault for address: ffff\n"
    log += f"[    1.0] CPU: 1 PID: 1 Comm: a Not tainted {release} #1\n"
    facts = facts_from(Where.FOLDER, vmcore_dmesg=log)
    assert draft(facts, {})["OS"].text.startswith(said) and bool(draft(facts, {})["OS"].text) == bool(said)


def test_hardware_names_machine_processors_memory_and_firmware() -> None:
    facts, _ = runbook_example()
    log = facts.evidence["vmcore-dmesg"].text.replace("[86412.101001]", _PROBED + "[86412.101001]", 1)
    system = facts.evidence["sys"].text + "\n        CPUS: 64\n      MEMORY: 255.6 GB\n"
    told = draft(facts_from(Where.FOLDER, vmcore_dmesg=log, sys=system), {})["Hardware"]
    assert told.text == (
        "- Example Server/0ABCDE, BIOS 2.1.0 01/01/2025\n- 64 processors, 255.6 GB of memory\n"
        "- mlx5_core 0000:3b:00.0: firmware version: 16.35.3006"
    )
    assert all(sentence.citations for sentence in told.sentences)


_PROBED = "[    4.100000] mlx5_core 0000:3b:00.0: firmware version: 16.35.3006\n"
