"""The rules of blame: victims, watchdogs, hardware, people; and what is never said."""

# ruff: noqa: E501 - lines of a kernel log are as long as they are

from __future__ import annotations

from dataclasses import replace

from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.model import Confidence, Guilty
from rca.diagnosis.waiting import only_waits
from tests.rca.diagnosis.diagnosis_samples import evidence, log

CPU = "CPU: 2 PID: 77 Comm: worker Kdump: loaded Not tainted 4.18.0-553.el8_10.x86_64 #1\n"


def oops(
    rip: str,
    *frames: str,
    head: str = "BUG: unable to handle kernel NULL pointer dereference at 0000000000000010",
) -> str:
    trace = "".join(f" {frame}\n" for frame in frames)
    return f"{head}\nOops: 0000 [#1] SMP PTI\n{CPU}RIP: 0010:{rip}\nCall Trace:\n{trace}"


def test_modules_linked_in_are_no_cause() -> None:
    text = oops("do_iter+0x1/0x9", "vfs_thing+0x2/0x9") + "Modules linked in: mlx5_core(OE) nvidia(POE)\n"
    found = diagnose(log(text))
    assert found.guilty == Guilty("do_iter", "")
    assert found.modules_out_of_tree == ("mlx5_core", "nvidia")


def test_unreliable_frames_are_never_cited_as_cause() -> None:
    found = diagnose(log(oops("memcpy_erms+0x6/0x10", "? evil_fn+0x1/0x2 [evil]", "good_fn+0x3/0x4 [good]")))
    assert found.guilty == Guilty("good_fn", "good")
    assert "evil_fn" not in found.trace


def test_a_helper_that_faults_blames_its_caller_only_possibly() -> None:
    found = diagnose(log(oops("strncmp+0x11/0x50", "acme_get+0x3/0x4 [acme]")))
    assert (found.guilty.module, found.confidence) == ("acme", Confidence.POSSIBLE)
    assert found.rip is not None
    assert found.rip.function == "strncmp"


def test_a_service_module_gives_way_to_its_user() -> None:
    found = diagnose(log(oops("virtio_check+0x2/0x9 [virtio]", "acme_geo+0x3/0x4 [acme_blk]")))
    assert found.guilty == Guilty("acme_geo", "acme_blk")


def test_poison_makes_even_a_module_s_own_fault_only_possible() -> None:
    head = (
        "general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] SMP PTI"
    )
    found = diagnose(log(oops("acme_del+0x3/0x4 [acme]", "acme_work+0x3/0x4 [acme]", head=head)))
    assert found.confidence is Confidence.POSSIBLE
    assert "LIST_POISON1" in found.mechanism


def test_a_panic_line_after_an_oops_is_not_the_title() -> None:
    text = (
        oops("acme_do+0x3/0x4 [acme]", "acme_work+0x3/0x4 [acme]") + "---[ end trace 12 ]---\n" + "x\n" * 40
    )
    found = diagnose(log(text + "Kernel panic - not syncing: Fatal exception in interrupt\n"))
    assert found.title.endswith("NULL pointer dereference in acme_do")


def test_what_the_panic_line_follows_from_is_concluded_and_not_read() -> None:
    text = oops("acme_do+0x3/0x4 [acme]", "acme_work+0x3/0x4 [acme]")
    found = diagnose(log(text + "Kernel panic - not syncing: Fatal exception\n"))
    said = next(item for item in found.statements if "panic line is the consequence" in item.text)
    assert said.inferred and said.citations


def test_a_lone_soft_lockup_before_an_oops_is_context() -> None:
    lockup = (
        "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]\n"
        + CPU
        + "RIP: 0010:x+0x1/0x2\nCall Trace:\n y+0x1/0x2\n"
    )
    found = diagnose(log(lockup + oops("acme_do+0x3/0x4 [acme]", "acme_work+0x3/0x4 [acme]")))
    assert found.kind == "null-deref"
    assert any("soft-lockup" in statement.text for statement in found.statements)


def test_a_late_hang_with_taint_d_points_back_to_the_first_oops() -> None:
    first = oops("acme_do+0x3/0x4 [acme]", "acme_work+0x3/0x4 [acme]") + "---[ end trace 12 ]---\n"
    late = "INFO: task jbd2/sda1-8:300 blocked for more than 120 seconds.\n"
    late += CPU.replace("Not tainted", "Tainted: G      D") + "Call Trace:\n io_schedule+0x1/0x2\n"
    found = diagnose(log(first + late + "Kernel panic - not syncing: hung_task: blocked tasks\n"))
    assert found.kind == "null-deref"


def test_a_hung_task_is_the_blocked_one_not_khungtaskd() -> None:
    text = "INFO: task acme/0:9:300 blocked for more than 120 seconds.\nCall Trace:\n __schedule+0x1/0x2\n schedule+0x1/0x2\n"
    text += " wait_for_completion+0x1/0x2\n acme_exit+0x1/0x2 [acme]\n"
    text += "Kernel panic - not syncing: hung_task: blocked tasks\n" + CPU.replace("worker", "khungtaskd")
    found = diagnose(log(text))
    assert (found.process.comm, found.process.pid) == ("acme/0:9", 300)
    assert found.guilty == Guilty("acme_exit", "acme")
    assert found.confidence is Confidence.POSSIBLE


def test_who_is_seen_to_wait_is_told_from_who_did_it() -> None:
    hung = "INFO: task acme:300 blocked for more than 120 seconds.\nCall Trace:\n __schedule+0x1/0x2\n"
    hung += " __mutex_lock+0x39d/0x720\n acme_get+0x3/0x4 [acme]\n"
    assert only_waits(diagnose(log(hung)))
    lockup = "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]\n" + CPU
    calls = "Call Trace:\n acme_poll+0x1/0x2 [acme]\n acme_work+0x1/0x2 [acme]\n"
    at_a_lock = "RIP: 0010:native_queued_spin_lock_slowpath+0x1/0x2\n"
    assert only_waits(diagnose(log(lockup + at_a_lock + calls)))
    assert not only_waits(diagnose(log(f"{lockup}RIP: 0010:acme_loop+0x1/0x2 [acme]\n{calls}")))
    assert not only_waits(diagnose(log(oops("acme_do+0x3/0x4 [acme]", "acme_work+0x3/0x4 [acme]"))))
    owner = replace(diagnose(log(hung)), guilty=Guilty("acme_hold", "acme"))
    assert not only_waits(owner), "who owns the lock stands in another task"


HUNG = "INFO: task jbd2/sdb-8:300 blocked for more than 120 seconds.\nCall Trace:\n __schedule+0x1/0x2\n{wait}+0x1/0x2\n"
HUNG += " jbd2_journal_commit_transaction+0x1/0x2 [jbd2]\n kjournald2+0x1/0x2 [jbd2]\n"


def test_a_disk_s_driver_that_complained_is_the_suspect_not_the_file_system_that_waits() -> None:
    said = "lpfc 0000:61:00.2: 0:(0):0713 SCSI layer issued Device Reset (1, 0)\nother: fine\n"
    found = diagnose(log(said + HUNG.format(wait=" bit_wait_io")))
    assert (found.guilty, found.confidence) == (Guilty("", "lpfc"), Confidence.POSSIBLE)
    assert any(cited.line == 1 for cited in found.citations)
    assert "lpfc" in found.hypotheses[0].claim


def test_a_task_that_waits_for_no_disk_and_a_driver_without_trouble_blame_no_disk() -> None:
    said = "lpfc 0000:61:00.2: 0:(0):0713 SCSI layer issued Device Reset (1, 0)\n"
    lock = "INFO: task a:3 blocked for more than 120 seconds.\nCall Trace:\n schedule+0x1/0x2\n acme_do+0x1/0x2 [acme]\n"
    assert diagnose(log(said + lock)).guilty.module == "acme"
    quiet = diagnose(log("lpfc 0000:61:00.2: link up\n" + HUNG.format(wait=" bit_wait_io")))
    assert quiet.guilty.module == "jbd2"


def test_the_owner_of_the_lock_that_the_kernel_names_is_told() -> None:
    said = "INFO: task a:3 is blocked on a mutex likely owned by task acme_work:77.\n"
    lock = (
        "INFO: task a:3 blocked for more than 120 seconds.\n"
        + said
        + "Call Trace:\n schedule+0x1/0x2\n acme_do+0x1/0x2\n"
    )
    told = next(item for item in diagnose(log(lock)).statements if "held by" in item.text)
    assert (told.text, told.citations[0].line) == ("The lock is held by acme_work:77: look at that task", 2)


def test_the_other_cpus_that_an_nmi_asked_are_told_but_for_idle_ones() -> None:
    text = (
        "NMI watchdog: Watchdog detected hard LOCKUP on cpu 2\n"
        + CPU
        + "RIP: 0010:native_queued_spin_lock_slowpath+0x1/0x2\n"
    )
    text += "Call Trace:\n _raw_spin_lock+0x1/0x2\n acme_take_a+0x1/0x2 [acme]\nSending NMI from CPU 2 to CPUs 0-1:\n"
    text += "NMI backtrace for cpu 0\nRIP: 0010:acme_hold+0x1/0x2 [acme]\nCall Trace:\n acme_work+0x1/0x2 [acme]\n"
    text += "NMI backtrace for cpu 1\nRIP: 0010:native_safe_halt+0xe/0x10\nCall Trace:\n default_idle+0x1/0x2\n do_idle+0x1/0x2\n"
    found = diagnose(log(text))
    assert found.guilty == Guilty("acme_take_a", "acme")
    told = [item for item in found.statements if "may hold" in item.text]
    assert [item.text for item in told] == ["CPU 0 was in acme_hold [acme]: it may hold what is waited for"]
    assert not any("innocent" in item.text for item in found.statements)


def test_calls_are_counted_from_the_first_frame_that_tells_not_from_who_prints_the_report() -> None:
    text = (
        "BUG: scheduling while atomic: kworker/1:1/9/0x00000002\n"
        + CPU
        + "Call Trace:\n dump_stack+0x1/0x2\n"
    )
    text += (
        " __schedule_bug+0x1/0x2\n __schedule+0x1/0x2\n schedule+0x1/0x2\n schedule_hrtimeout_range+0x1/0x2\n"
    )
    found = diagnose(log(text + " usleep_range+0x1/0x2\n acme_read_phy+0x1/0x2 [acme]\n"))
    assert (found.guilty.module, found.confidence) == ("acme", Confidence.POSSIBLE)


def test_the_detector_s_frames_and_entry_code_are_never_to_blame() -> None:
    text = (
        "NMI watchdog: Watchdog detected hard LOCKUP on cpu 2\n"
        + CPU
        + "Call Trace:\n <NMI>\n dump_stack+0x1/0x2\n"
    )
    text += (
        " watchdog_overflow_callback+0x1/0x2\n __perf_event_overflow+0x1/0x2\n intel_pmu_handle_irq+0x1/0x2\n"
    )
    text += " perf_event_nmi_handler+0x1/0x2\n nmi_handle+0x1/0x2\n end_repeat_nmi+0x1/0x2\n <EOE>\n acme_poll+0x1/0x2 [acme]\n"
    assert diagnose(log(text)).guilty == Guilty("acme_poll", "acme")
    entry = (
        "WARNING: at arch/x86/acme.c:1 x()\n"
        + CPU
        + "Call Trace:\n dump_stack+0x1/0x2\n entry_SYSCALL_64_fastpath+0x1/0x2\n"
    )
    assert diagnose(log(entry)).guilty == Guilty()


def test_code_that_is_compiled_in_is_named_after_the_module_that_it_is_elsewhere() -> None:
    found = diagnose(log(oops("md_do_sync+0x1/0x2", "md_thread+0x1/0x2", "kthread+0x1/0x2")))
    assert found.guilty == Guilty("md_do_sync", "md_mod")
    assert found.confidence is Confidence.POSSIBLE
    assert any("compiled into this kernel" in statement.text for statement in found.statements)


def test_a_timer_that_outlived_its_workqueue_is_its_owner_s() -> None:
    frames = (
        "queue_work_on+0x1/0x2",
        "acme_send+0x1/0x2 [acme]",
        "lib_timeout+0x1/0x2 [acmelib]",
        "call_timer_fn+0x1/0x2",
    )
    found = diagnose(log(oops("__queue_work+0x32/0x3c0", *frames)))
    assert found.guilty == Guilty("lib_timeout", "acmelib")
    assert found.confidence is not Confidence.PROBABLE


def test_a_tracepoint_in_a_module_and_a_fault_on_behalf_of_another_are_only_possible() -> None:
    recorded = diagnose(log(oops("trace_event_raw_event_acme+0x1/0x2 [acme]", "acme_do+0x1/0x2 [acme]")))
    assert recorded.confidence is Confidence.POSSIBLE
    behalf = diagnose(log(oops("acme_get+0x1/0x2 [acme]", "other_do+0x1/0x2 [other]")))
    assert (behalf.guilty.module, behalf.confidence) == ("acme", Confidence.POSSIBLE)


def test_the_instruction_pointer_is_that_of_the_death_even_where_an_earlier_report_explains_it() -> None:
    slab = "BUG acme-8 (Not tainted): Objects remaining in acme-8 on __kmem_cache_shutdown()\n" + CPU
    slab += "Call Trace:\n dump_stack+0x1/0x2\n acme_exit+0x1/0x2 [acme]\n"
    text = slab + oops("mempool_free+0x52/0x80", "bio_put+0x1/0x2").replace("Not tainted", "Tainted: G    B ")
    found = diagnose(log(text))
    assert (found.kind, found.rip.function if found.rip else "") == ("slab-corruption", "mempool_free")


MCE = "mce: [Hardware Error]: CPU 3: Machine Check Exception: 5 Bank 7: be00000000800400\n"


def test_a_machine_check_with_its_bank_is_hardware_for_sure() -> None:
    found = diagnose(log(MCE + "Kernel panic - not syncing: Fatal machine check\n"))
    assert (found.kind, found.confidence, found.guilty) == ("mce", Confidence.CONFIRMED, Guilty())
    assert found.subsystem == "hardware"
    assert not any("kernel" in fix for fix in found.fixes)


SYSRQ = "sysrq: SysRq : Trigger a crash\nKernel panic - not syncing: sysrq triggered crash\n" + CPU
BT = """PID: 77      TASK: ffff8f1a4a7b1c00  CPU: 2    COMMAND: "worker"
 #0 [ffffb5d0c0e7bc00] machine_kexec at ffffffff8106c62f
 #1 [ffffb5d0c0e7bc50] __crash_kexec at ffffffff811646b7
 #2 [ffffb5d0c0e7bd10] panic at ffffffff819cd06e
 #3 [ffffb5d0c0e7bd90] sysrq_handle_crash at ffffffff81600001
"""


def test_sysrq_blames_no_driver_and_is_confirmed_by_bt() -> None:
    alone = diagnose(log(SYSRQ))
    assert (alone.kind, alone.confidence, alone.guilty) == ("sysrq", Confidence.PROBABLE, Guilty())
    both = diagnose(log(SYSRQ) | evidence("bt", BT))
    assert both.confidence is Confidence.CONFIRMED


def test_an_old_sysrq_crash_by_null_pointer_is_still_sysrq() -> None:
    head = (
        "SysRq : Trigger a crash\nBUG: unable to handle kernel NULL pointer dereference at           (null)"
    )
    found = diagnose(log(oops("sysrq_handle_crash+0x16/0x20", "__handle_sysrq+0x1/0x2", head=head)))
    assert (found.kind, found.guilty) == ("sysrq", Guilty())


def test_no_log_and_no_crash_are_said() -> None:
    assert diagnose({}).warnings == ("no kernel log among the evidence",)
    quiet = diagnose(log("Linux version 4.18.0-553.el8_10.x86_64 (x)\nall is well\n"))
    assert (quiet.title, quiet.kind, quiet.confidence) == ("", "unknown", Confidence.UNKNOWN)
    assert quiet.kernel_release == "4.18.0-553.el8_10.x86_64"


def test_a_cut_report_says_so_and_claims_little() -> None:
    found = diagnose(log("BUG: unable to handle kernel paging request at ffffc90001234000\n"))
    assert found.confidence is Confidence.UNKNOWN
    assert found.title.endswith("in corrupted")
    assert any("no call trace" in warning for warning in found.warnings)


def test_an_earlier_line_explains_and_its_signature_joins() -> None:
    before = "pcieport 0000:3a:00.0: pciehp: Slot(2): Link Down\n"
    found = diagnose(log(before + oops("acme_do+0x3/0x4 [acme]", "acme_work+0x3/0x4 [acme]")))
    assert "reseat the device; update its driver" in found.fixes


def test_words_without_a_trace_own_the_warning_below_them() -> None:
    text = "BUG: Dentry ffff900011112222{i=7,n=log}  still in use (1) [unmount of ext4 dm-0]\n"
    text += (
        "WARNING: CPU: 2 PID: 77 at fs/dcache.c:1500 umount_check+0x40/0x90\n"
        + CPU
        + "RIP: 0010:umount_check+0x40/0x90\n"
    )
    assert diagnose(log(text)).title == "BUG: Dentry still in use in unmount"
