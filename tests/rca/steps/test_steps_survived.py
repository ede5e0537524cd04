"""What looks like a panic and is none: a dump of a running guest, an oops that the kernel outlived."""

from __future__ import annotations

from dataclasses import replace

from rca.sources.base import DumpState, Where
from rca.steps import kdump, panicked, quick
from rca.verdict import Badge
from tests.rca.steps.step_facts import OOPS, check, dump, evidence, facts, lacking, text

NODE = ("list-boots", "last", "journal", "journal-boot", "messages")


def test_a_dump_that_does_not_tell_when_its_kernel_died_proves_no_death() -> None:
    """What `virsh dump` makes of a running guest: QEMU 7.2 writes neither CRASHTIME nor a time of its own."""
    of_guest = dump(dmesg=False)
    assert of_guest.header
    of_guest = replace(of_guest, header=replace(of_guest.header, crash_time=None))
    asked = kdump.probes(facts())
    nothing = lacking(*NODE, *(probe.id for probe in asked))
    folder = facts(nothing, of_guest, where=Where.FOLDER)
    check(panicked.judge(folder), Badge.WARN, "No evidence of a panic", "of a running guest, too")
    check(kdump.judge(folder), Badge.NA)


SURVIVED = OOPS + "[96299.000000] eth0: link is up\n"


def test_an_oops_that_the_kernel_outlived_is_no_death() -> None:
    nothing = lacking(*NODE)
    log = facts(nothing | evidence(vmcore_dmesg=SURVIVED), dump(DumpState.LOG_ONLY), where=Where.FOLDER)
    check(panicked.judge(log), Badge.WARN, "goes on for 24 hours", "did not die of that")
    check(quick.judge(log), Badge.WARN, "goes on for 24 hours")
    died = "[96300.000000] Kernel panic - not syncing: hung_task: blocked tasks\n"
    log = replace(log, evidence=nothing | evidence(vmcore_dmesg=SURVIVED + died))
    check(panicked.judge(log), Badge.PASS)
    with_core = facts(evidence(vmcore_dmesg=SURVIVED, last=""), dump())
    check(panicked.judge(with_core), Badge.PASS)


def test_a_journal_that_goes_on_after_an_oops_does_not_end_in_it() -> None:
    longer = text("recorded/journal-oops.txt") + "[884765.600000] worker-07 kernel: eth0: link is up\n"
    found = evidence(
        journal=longer,
        last=text("recorded/last-unclean.txt"),
        list_boots=text("recorded/list-boots-none.txt"),
        journal_boot="",
        messages="!not found: /var/log/messages",
    )
    check(panicked.judge(facts(found)), Badge.WARN, "went on for 15 minutes", "how it ended is not told")
