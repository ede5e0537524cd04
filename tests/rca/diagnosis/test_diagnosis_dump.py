"""What crash adds: agreement, the holder on the other CPU, damaged slabs, a dump of another kernel."""

from __future__ import annotations

import json
import re

from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.model import Confidence
from rca.evidence import Evidence
from rca.training.scenario import SHIPPED
from tests.rca.diagnosis.diagnosis_samples import LOGS, evidence, panic

BT = """PID: 0        TASK: ffffffff82414980  CPU: 1    COMMAND: "swapper/1"
 #0 [ff7050e0400d0c00] machine_kexec at ffffffffa2e6c62f
 #6 [ff7050e0400d0e00] asm_exc_page_fault at ffffffffa3800c02
    [exception RIP: FUNC+8]
    RIP: ffffffffc033d008  RSP: ff7050e0400d0eb0  RFLAGS: 00010246
    RAX: 0000000000000000  RBX: 0000000000000040  RCX: 0000000000000000
    ORIG_RAX: ffffffffffffffff  CS: 0010  SS: 0018
 #7 [ff7050e0400d0eb0] mlx5e_napi_poll at ffffffffc033d06c [mlx5_core]
"""
MOD = """     MODULE       NAME                     BASE           SIZE  OBJECT FILE
ffffffffc0340000  mlx5_core          ffffffffc033d000    16384  (not loaded)  [CONFIG_KALLSYMS]
"""


def test_agreement_is_told_with_the_module_crash_never_names() -> None:
    given = (
        panic("mlx5-napi-null")
        | evidence("bt", BT.replace("FUNC", "mlx5e_poll_rx_cq"))
        | evidence("mod", MOD)
    )
    said = [statement.text for statement in diagnose(given).hypotheses[0].pro]
    assert "crash finds the exception in mlx5e_poll_rx_cq too, which lies in mlx5_core" in said


def test_disagreement_is_a_warning() -> None:
    found = diagnose(panic("mlx5-napi-null") | evidence("bt", BT.replace("FUNC", "nvme_irq")))
    assert any("different faulting functions" in warning for warning in found.warnings)
    assert found.hypotheses[0].contra


HOLDER = """PID: 103      TASK: ff193c610277b0c0  CPU: 1    COMMAND: "other"
 #0 [ff5ed5d0403e7d00] crash_nmi_callback at ffffffff9b25f0f1
 #5 [ff5ed5d0403e7e00] native_queued_spin_lock_slowpath at ffffffff9bbe9aa0
 #6 [ff5ed5d0403e7e40] _raw_spin_lock at ffffffff9bbf8d5a
 #7 [ff5ed5d0403e7e48] acme_take_b at ffffffffc0300111 [acme]
"""


def test_the_other_cpu_of_a_lockup_is_named() -> None:
    found = diagnose(panic("two-spinlocks") | evidence("bt-a", HOLDER))
    assert any("CPU 1 runs other (pid 103) in acme_take_b [acme]" in said.text for said in found.statements)


def test_two_threads_whose_registers_hold_each_other_s_lock_are_a_deadlock() -> None:
    saved = ("log", "bt", "bt-a", "mod", "sys")
    texts = {name: (SHIPPED / "san-node" / "evidence" / f"{name}.txt").read_text() for name in saved}
    given = {name: item for name, text in texts.items() for item in evidence(name, text).values()}
    found = diagnose(given)
    assert found.confidence is Confidence.PROBABLE and found.guilty.module == "qla2xxx"
    first = found.hypotheses[0]
    assert (
        first.claim.startswith("A deadlock inside qla2xxx: ")
        and "qlt_free_session_done on CPU 1" in first.claim
    )
    assert {"bt-a", "log"} <= {cited.evidence for cited in first.pro[0].citations}
    assert not any("another task" in other.claim for other in found.hypotheses)
    lock = re.search(r"RDI: (\w{16})", texts["log"])
    assert lock
    blurred = texts["bt-a"].replace(lock[1], "0" * 16)
    open_still = diagnose(given | evidence("bt-a", blurred))
    assert open_still.confidence is Confidence.POSSIBLE
    assert [other.claim[:10] for other in open_still.hypotheses][1:] == ["A deadlock", "The one th"]


def answer_of_drgn(**changed: object) -> dict[str, Evidence]:
    said = json.loads((LOGS / "hung-task.drgn.json").read_text())
    return evidence("drgn", json.dumps({**said, **changed}, indent=1))


def test_the_owner_of_the_lock_is_named_where_drgn_read_it() -> None:
    given = panic("hung-task") | answer_of_drgn()
    found = diagnose(given)
    assert (found.guilty.function, found.guilty.module) == ("drbd_recv_header", "drbd")
    assert found.confidence is Confidence.PROBABLE
    first = found.hypotheses[0]
    assert "drbd_r_r0:104 owns the lock" in first.claim and "called by drbd_receiver [drbd]" in first.claim
    cited = [cited.text for item in first.pro for cited in item.citations]
    assert '"command": "drbd_r_r0"' in cited and any("drbd_receiver" in text for text in cited)
    assert not any(item.text.startswith("Points to ") for item in found.statements)
    assert diagnose(panic("hung-task")).confidence is Confidence.POSSIBLE


def test_owners_that_wait_for_each_other_are_a_deadlock_and_an_unknown_place_says_less() -> None:
    def task(pid: int, name: str, **more: object) -> dict[str, object]:
        return {"pid": pid, "command": name, **more}

    circle = [
        task(105, "drbd_w_r0", lock=7, owner=task(104, "drbd_r_r0")),
        task(104, "drbd_r_r0", lock=8, owner=task(105, "drbd_w_r0")),
    ]
    both = diagnose(panic("hung-task") | answer_of_drgn(waits=circle))
    assert both.hypotheses[0].claim.endswith("drbd_w_r0:105 -> drbd_r_r0:104 -> drbd_w_r0:105")
    assert both.guilty.function == "drbd_recv_header" and both.confidence is Confidence.PROBABLE
    nowhere = diagnose(panic("hung-task") | answer_of_drgn(owners=[]))
    assert nowhere.confidence is Confidence.POSSIBLE and nowhere.guilty.function == "drbd_adm_reconfigure"
    nobody = diagnose(panic("hung-task") | answer_of_drgn(waits=[{**circle[0], "owner": None}]))
    assert nobody.hypotheses == diagnose(panic("hung-task")).hypotheses


def test_damaged_slabs_support_corruption() -> None:
    slabs = "kmem: kmalloc-64: slab: ffffea0004a7b180 invalid freepointer: 4141414141414141\n"
    found = diagnose(panic("list-corruption") | evidence("kmem-s", slabs))
    assert any("kmem -s finds damage" in statement.text for statement in found.hypotheses[0].pro)


def test_a_dump_of_another_kernel_is_a_warning() -> None:
    system = (
        "      KERNEL: vmlinux\n    DUMPFILE: vmcore\n    NODENAME: n\n     RELEASE: 4.18.0-1.el8.x86_64\n"
    )
    found = diagnose(panic("sysrq") | evidence("sys", system))
    assert any("4.18.0-1.el8.x86_64" in warning for warning in found.warnings)


def test_another_reason_in_the_dump_is_a_warning_a_coarser_one_is_not() -> None:
    def warned(reason: str) -> list[str]:
        system = evidence("sys", f'     RELEASE: 6.1.0-56-cloud-amd64\n       PANIC: "{reason}"\n')
        return [item for item in diagnose(panic("list-corruption") | system).warnings if "reason" in item]

    assert warned(
        "general protection fault, probably for non-canonical address 0x1: 0000 [#1] PREEMPT SMP NOPTI"
    )
    assert not warned("kernel BUG at lib/list_debug.c:56!")
    assert not warned("kernel BUG at lib/foo.c:56!")
    assert not warned("Oops: 0000 [#1] PREEMPT SMP NOPTI")


def test_another_cpu_in_the_dump_is_a_warning() -> None:
    other = BT.replace("FUNC", "mlx5e_poll_rx_cq").replace("CPU: 1", "CPU: 7")
    assert any("CPU 1" in item for item in diagnose(panic("mlx5-napi-null") | evidence("bt", other)).warnings)


DIS = "/usr/src/acme.c: 12\n0xffffffffc033d008 <mlx5e_poll_rx_cq+8>:\tmov    0x30(%rax),%rdi\n"


def test_the_instruction_that_faulted_and_what_its_pointer_held() -> None:
    given = evidence("bt", BT.replace("FUNC", "mlx5e_poll_rx_cq")) | evidence("dis-rl-mlx5e_poll_rx_cq", DIS)
    for found in (diagnose(panic("mlx5-napi-null") | given), diagnose(given)):
        said = next(
            item for item in found.statements if "instruction" in item.text.lower() and "mov" in item.text
        )
        assert said.text.endswith("mov 0x30(%rax),%rdi (acme.c:12): RAX held 0x0, a NULL pointer")
        assert [cited.evidence for cited in said.citations] == ["dis-rl-mlx5e_poll_rx_cq", "bt"]


def test_sym_names_the_module_where_mod_was_not_run() -> None:
    row = "ffffffffc033d000 (t) mlx5e_poll_rx_cq [mlx5_core]\n"
    given = (
        panic("mlx5-napi-null")
        | evidence("bt", BT.replace("FUNC", "mlx5e_poll_rx_cq"))
        | evidence("sym-x", row)
    )
    said = [statement.text for statement in diagnose(given).hypotheses[0].pro]
    assert "crash finds the exception in mlx5e_poll_rx_cq too, which lies in mlx5_core" in said


def test_who_waits_on_the_cpu_and_how_many_tasks_hang() -> None:
    queue = 'CPU 0 RUNQUEUE: ffff8800\n  CURRENT: PID: 5  TASK: ffff88007e4877a0  COMMAND: "spin"\n'
    queue += '     [118] PID: 21   TASK: ffff88007d470860  COMMAND: "a"\n'
    cpu = diagnose(panic("two-spinlocks")).process.cpu
    locked = diagnose(panic("two-spinlocks") | evidence("runq", queue.replace("CPU 0", f"CPU {cpu}")))
    assert any("1 task waited on CPU" in item.text for item in locked.statements)
    hung = diagnose(panic("hung-task") | evidence("ps-S", "  RU: 3\n  UN: 17\n"))
    assert any(item.text == "17 tasks were in uninterruptible sleep" for item in hung.statements)


ASLEEP = """PID: {0}      TASK: ff193c61027000{0:02x}  CPU: 0    COMMAND: "{1}"
 #0 [ff5ed5d040383d00] __schedule at ffffffff9bc18710
 #1 [ff5ed5d040383d80] schedule at ffffffff9bc18720
 #2 [ff5ed5d040383e20] {2} at ffffffff9bc185c5
 #3 [ff5ed5d040383ef8] {3} at ffffffffc047d0bd [drbd]
"""


def test_stacks_of_the_same_module_are_suspects_where_nothing_names_the_owner() -> None:
    stacks = ASLEEP.format(105, "drbd_w_r0", "__mutex_lock", "drbd_adm_reconfigure")
    stacks += ASLEEP.format(104, "drbd_r_r0", "schedule_timeout", "drbd_receiver")
    given = panic("hung-task") | evidence("foreach-UN-bt", stacks)
    found = diagnose(given)
    said = next(item for item in found.statements if "may own the lock" in item.text)
    assert said.text.startswith("drbd_r_r0:104 may own") and "drbd_receiver" in said.text and said.inferred
    assert [str(cited) for cited in said.citations] == ["foreach-UN-bt:6"]
    assert found.confidence is Confidence.POSSIBLE
    known = diagnose(given | answer_of_drgn())
    assert not any("may own the lock" in item.text for item in known.statements)
