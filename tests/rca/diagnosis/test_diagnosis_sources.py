"""What is said stands on the lines that it cites: a sentence never leans on a line that says something else."""

# ruff: noqa: E501 - lines of a kernel log are as long as they are

from __future__ import annotations

from dataclasses import replace

import pytest

from rca.case import Case
from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.model import Diagnosis, Statement
from rca.diagnosis.sources import best_log, reads
from rca.diagnosis.subsystems import subsystem
from rca.training.scenario import SHIPPED
from tests.rca.diagnosis.diagnosis_samples import evidence, log, panic
from tests.rca.diagnosis.test_diagnosis_rules import CPU, oops

DEATH = oops("acme_do+0x1/0x2 [acme]", "acme_work+0x1/0x2 [acme]")


def said(found: Diagnosis, beginning: str) -> Statement:
    return next(item for item in found.statements if item.text.startswith(beginning))


def cited(statement: Statement) -> str:
    return "\n".join(citation.text for citation in statement.citations)


def test_a_hung_task_s_context_cites_its_own_heading_and_names_the_finder_apart() -> None:
    context = said(diagnose(panic("hung-task")), "Context: ")
    assert context.text == "Context: process drbd_w_r0 (pid 105), asleep; khungtaskd reported it on CPU 1"
    assert "drbd_w_r0:105" in context.citations[0].text
    assert "Comm: khungtaskd" in context.citations[1].text


def test_a_softirq_is_cited_by_its_frames_and_a_work_item_by_its_own_line() -> None:
    softirq = said(diagnose(panic("mlx5-napi-null")), "Context: softirq (NET_RX)")
    assert "net_rx_action" in softirq.citations[0].text
    work = oops("acme_flush+0x1/0x2 [acme]", "acme_work+0x1/0x2 [acme]", "process_one_work+0x1/0x2")
    work = work.replace("RIP:", "Workqueue: acme acme_work [acme]\nRIP:")
    item = said(diagnose(log(work)), "Context: work item acme_work")
    assert item.citations[0].text == "Workqueue: acme acme_work [acme]"


def test_an_interrupt_is_seen_even_where_no_frame_of_its_stack_is_proven() -> None:
    context = said(diagnose(panic("unloaded-timer")), "Context: ")
    assert context.text == "Context: interrupt on CPU 0, interrupting swapper/0"
    assert "<IRQ>" in context.citations[0].text


def test_that_a_module_was_unloaded_last_cites_the_line_that_says_so() -> None:
    found = diagnose(panic("unloaded-timer"))
    assert "[last unloaded: ipmi_si" in cited(said(found, "Points to "))
    assert any("[last unloaded: ipmi_si" in citation.text for citation in found.citations)
    assert not any("caller's module" in fix for fix in found.fixes)
    assert any("module that was unloaded" in fix for fix in found.fixes)


def test_who_allocated_a_damaged_object_is_named_as_that_and_the_finder_beside_it() -> None:
    found = diagnose(panic("slab-redzone"))
    assert "allocated" in said(found, "Points to ena_fw_reset_device").text
    finder = said(found, "The damage was found in ena_free_tx_bufs")
    assert "ena_free_tx_bufs" in cited(finder)
    assert (
        found.mechanism
        == "the slab allocator found an object damaged: Right Redzone overwritten, first byte 0x41 instead of 0xcc"
    )
    assert "First byte 0x41" in cited(said(found, "Mechanism: "))


def test_a_setting_is_only_advised_where_the_log_names_that_setting() -> None:
    taint = diagnose(panic("slab-redzone"))
    assert any("panic_on_taint" in fix for fix in taint.fixes)
    assert not any("panic_on_warn" in fix for fix in taint.fixes)
    warn = diagnose(panic("panic-on-warn"))
    assert any("panic_on_warn=0" in fix for fix in warn.fixes)


CGROUP = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/kubepods,task=java,pid=9,uid=0\n"


def test_a_cgroup_s_limit_is_only_advised_where_a_cgroup_ran_out() -> None:
    assert not any("cgroup" in fix for fix in diagnose(panic("oom")).fixes)
    text = "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n" + CPU
    text += "Call Trace:\n dump_stack+0x1/0x2\n dump_header+0x1/0x2\n"
    tasks = "[  77]     0    77     1000      100   100       0             0 java\n" * 90
    assert any("cgroup's limit" in fix for fix in diagnose(log(text + tasks + CGROUP)).fixes)


def test_the_instruction_pointer_of_a_bystander_is_no_evidence() -> None:
    found = diagnose(panic("oom"))
    assert not any("clear_user_erms" in statement.text for statement in found.statements)
    assert not any("clear_user_erms" in citation.text for citation in found.citations)


@pytest.mark.parametrize(
    ("code", "claim"),
    [
        ("0x00007f00", "Process 1 exited with status 127 (a shell's word for: command not found)"),
        ("0x00000100", "Process 1 exited with status 1"),
        ("0x0000000b", "Process 1 was killed by signal 11 (SIGSEGV)"),
        ("0x0000008b", "Process 1 was killed by signal 11 (SIGSEGV)"),
        ("0x00000000", "Process 1 exited with status 0"),
    ],
)
def test_the_exit_code_of_process_1_is_decoded_and_its_reason_stays_open(code: str, claim: str) -> None:
    found = diagnose(log(f"Kernel panic - not syncing: Attempted to kill init! exitcode={code}\n{CPU}"))
    assert found.hypotheses[0].claim == claim
    assert claim[10:] in found.mechanism
    assert [str(item.confidence) for item in found.hypotheses] == ["probable", "possible"]


def test_subsystems_are_called_what_they_are() -> None:
    assert subsystem("drbd_worker", "drbd") == "replicated block device (drbd)"
    assert subsystem("taprio_set_budget", "sch_taprio") == "network traffic control (sch_taprio)"


def test_a_saved_log_whose_end_the_dump_s_own_log_lacks_is_of_another_crash() -> None:
    saved = "".join(f"[   10.{number:06}] {line}\n" for number, line in enumerate(DEATH.splitlines()))
    other = saved.replace("[   10.", "[   99.")
    mixed = diagnose({**log(saved), **evidence("log", other)})
    assert any("not of one crash" in warning for warning in mixed.warnings)
    assert mixed.hypotheses[0].contra[0].citations[0].evidence == "vmcore-dmesg"
    one = diagnose({**log(saved), **evidence("log", "[    0.1] earlier\n" + saved)})
    assert not any("not of one crash" in warning for warning in one.warnings)
    bare = diagnose({**log(saved), **evidence("log", DEATH)})
    assert not any("not of one crash" in warning for warning in bare.warnings)


def test_a_call_of_null_states_the_instruction_pointer_and_advises_each_thing_once() -> None:
    found = diagnose(panic("null-function"))
    assert "RIP: 0010:0x0" in cited(said(found, "The instruction pointer is 0x0"))
    assert sum("update" in fix for fix in found.fixes) == 1


LOCKED = """\
PID: 102      TASK: ff11000000000001  CPU: 0    COMMAND: "acme_dpc"
 #0 [ff01] native_queued_spin_lock_slowpath at ffffffff81000001
 #1 [ff02] _raw_spin_lock at ffffffff81000002
 #2 [ff03] acme_abort at ffffffffc0000003 [acme]

PID: 103      TASK: ff11000000000002  CPU: 1    COMMAND: "acme_sess"
 #0 [ff01] native_queued_spin_lock_slowpath at ffffffff81000001
 #1 [ff02] _raw_spin_lock at ffffffff81000002
 #2 [ff03] acme_free at ffffffffc0000004 [acme]
"""
LOCKUP = f"""\
watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [acme_dpc:102]
{CPU}RIP: 0010:native_queued_spin_lock_slowpath+0x1/0x2
Call Trace:
 _raw_spin_lock+0x1/0x2
 acme_abort+0x1/0x2 [acme]
"""


def test_two_threads_of_one_module_at_two_locks_are_a_deadlock_only_as_a_hypothesis() -> None:
    found = diagnose({**log(LOCKUP), **evidence("bt-a", LOCKED)})
    locked = next(item for item in found.hypotheses if item.claim.startswith("A deadlock inside acme"))
    assert str(locked.confidence) == "possible"
    assert "acme_abort on CPU 0" in locked.pro[0].text and "acme_free on CPU 1" in locked.pro[0].text
    assert [citation.line for citation in locked.pro[0].citations] == [2, 4, 7, 9]
    foreign = LOCKED.replace("acme_free at ffffffffc0000004 [acme]", "other_free at ffffffffc0000004 [other]")
    alone = diagnose({**log(LOCKUP), **evidence("bt-a", foreign)})
    assert not any("deadlock" in item.claim for item in alone.hypotheses)


MODULES = """\
     MODULE       NAME       BASE           SIZE  OBJECT FILE
ffffffffc0002000  acme  ffffffffc0000000  16384  (not loaded)  [CONFIG_KALLSYMS]
"""


def test_whose_the_neighbour_of_a_damaged_list_is_gets_told() -> None:
    head = "list_del corruption. prev->next should be ff1918b7efd04468, but was {}. (prev=ff1918b7efd04b68)\n"
    body = (
        "------------[ cut here ]------------\nkernel BUG at lib/list_debug.c:53!\n"
        + DEATH.partition("\n")[2]
    )
    module = diagnose({**log(head.format("ffffffffc0000050") + body), **evidence("mod", MODULES)})
    told = said(module, "The neighbour 0xffffffffc0000050 lies in module acme")
    assert [str(item) for item in told.citations] == ["vmcore-dmesg:1", "mod:2"]
    poisoned = diagnose(log(head.format("dead000000000122") + body))
    assert "LIST_POISON2" in said(poisoned, "The neighbour 0xdead000000000122").text


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.iterdir()))
def test_nothing_that_it_does_not_read_changes_a_diagnosis(name: str) -> None:
    told = Case.load(SHIPPED / name).evidence
    assert diagnose({id_: item for id_, item in told.items() if reads(id_)}) == diagnose(told)


@pytest.mark.parametrize(
    "id_", ["vmcore-dmesg", "bt-a", "runq", "ps-S", "dis-lr-ffffffffc0a8113c", "sym-acme_do"]
)
def test_what_a_finding_comes_from_is_read(id_: str) -> None:
    assert reads(id_)


def test_what_a_program_said_instead_of_a_log_is_none() -> None:
    (failed,) = evidence("crash-log", "vmcore: no VMCOREINFO data\nvmcore: file too small!\n").values()
    assert best_log({"crash-log": replace(failed, exit_status=1)}) is None
    assert best_log({"crash-log": failed}) == failed
    cut = replace(failed, lines=failed.lines * 2, exit_status=1)
    assert best_log({"crash-log": cut}) == cut
