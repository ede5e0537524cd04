"""What steps 0 to 3 say, case by case. Numbers are those of the acceptance scenarios."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rca.diagnosis.model import Diagnosis
from rca.evidence import Evidence
from rca.sources.base import Dump, DumpState, Where
from rca.steps import baseline, kdump, located, panicked, quick, tools
from rca.verdict import Badge
from tests.rca.steps.step_facts import (
    CRASHED,
    OOPS,
    RELEASE,
    armed,
    check,
    dump,
    evidence,
    facts,
    lacking,
    said,
    text,
)

NODE, FOLDER = Where.NODE, Where.FOLDER
LATER = CRASHED + timedelta(days=1)


# 0 Baseline


@pytest.mark.parametrize(
    ("system", "running", "crashed", "badge", "words"),
    [
        ("rocky", RELEASE, RELEASE, Badge.PASS, ["Rocky Linux 8.10", RELEASE]),
        # 1: the node runs a newer kernel than the one that crashed
        ("rocky", "4.18.0-553.16.1.el8_10.x86_64", RELEASE, Badge.WARN, [f"Use {RELEASE}", "553.16.1"]),
        ("rocky", RELEASE, "", Badge.WARN, ["not known"]),
        (
            "debian",
            "6.1.0-56-amd64",
            "6.1.0-56-amd64",
            Badge.FAIL,
            ["Debian GNU/Linux 12 is not Enterprise Linux 8"],
        ),
        ("rocky", "4.18.0-553.el8_lustre.x86_64", "4.18.0-553.el8_lustre.x86_64", Badge.PASS, ["Lustre"]),
    ],
)
def test_baseline(system: str, running: str, crashed: str, badge: Badge, words: list[str]) -> None:
    name = "written/os-release-rocky.txt" if system == "rocky" else "recorded/os-release-debian.txt"
    found = evidence(os_release=text(name), uname_r=running + "\n")
    verdict = baseline.judge(facts(found, *([dump(release=crashed)] if crashed else [])))
    check(verdict, badge, *words)
    assert verdict.citations


@pytest.mark.parametrize(
    ("release", "badge"),
    [
        (RELEASE, Badge.PASS),
        ("5.14.0-427.el9_4.x86_64", Badge.FAIL),
        ("6.1.0-56-amd64", Badge.FAIL),
        ("", Badge.WARN),
    ],
)
def test_baseline_of_a_folder_asks_only_the_dump(release: str, badge: Badge) -> None:
    found = lacking("os-release", "uname-r") | evidence(vmcore_dmesg="x")
    check(baseline.judge(facts(found, dump(release=release), where=FOLDER)), badge, "does not hold")


# 1 Panic


def host(journal: str, last: str, boots: str = "recorded/list-boots-none.txt") -> dict[str, Evidence]:
    """A node's answers for step 1."""
    return evidence(
        journal=text(journal),
        last=text(f"recorded/last-{last}.txt"),
        list_boots=text(boots),
        journal_boot="[    0.000000] worker-07 kernel: Linux version 4.18.0-553.el8_10.x86_64\n",
        messages="!not found: /var/log/messages",
    )


@pytest.mark.parametrize(
    ("journal", "last", "badge", "words"),
    [
        # 9: a volatile journal, rc 0
        ("recorded/journal-volatile.txt", "one", Badge.WARN, ["No evidence here", "volatile"]),
        ("recorded/journal-no-boot.txt", "one", Badge.WARN, ["does not hold the previous boot"]),
        # 10: two boots with no shutdown between
        ("recorded/journal-no-boot.txt", "unclean", Badge.WARN, ["unclean", "power loss"]),
        ("recorded/journal-volatile.txt", "unclean", Badge.WARN, ["unclean", "volatile", "exited 0"]),
        ("recorded/journal-no-boot.txt", "clean", Badge.FAIL, ["Not a panic"]),
        ("written/journal-oops.txt", "unclean", Badge.PASS, ["unable to handle kernel NULL pointer"]),
        ("written/journal-oops.txt", "clean", Badge.WARN, ["shut down in order"]),
        # A soft lockup alone is no panic on this kernel.
        ("written/journal-lockup-only.txt", "unclean", Badge.WARN, ["unclean"]),
    ],
)
def test_panic_without_a_dump(journal: str, last: str, badge: Badge, words: list[str]) -> None:
    verdict = panicked.judge(facts(host(journal, last)))
    check(verdict, badge, *words)
    assert verdict.citations


def test_a_volatile_journal_that_shows_the_running_boot_proves_nothing() -> None:
    volatile = text("recorded/journal-volatile.txt") + text("written/journal-oops.txt")
    found = host("written/journal-oops.txt", "one") | {"journal": said("journal", volatile)}
    check(panicked.judge(facts(found)), Badge.WARN, "No evidence here")


def test_scenario_03_an_oops_that_kdump_caught_needs_no_panic_line() -> None:
    found = host("recorded/journal-no-boot.txt", "unclean") | evidence(vmcore_dmesg=OOPS)
    verdict = panicked.judge(facts(found, dump()))
    check(verdict, Badge.PASS, "NULL pointer dereference", "needs none", "2025-12-22 09:02:05Z")
    assert [citation.line for citation in verdict.citations] == [1, 4]
    check(quick.judge(facts(found, dump())), Badge.PASS, "NULL pointer", "no “Kernel panic” line is right")


def test_with_a_panic_line_nothing_is_explained_away() -> None:
    log = OOPS + "[ 9899.6] Kernel panic - not syncing: Fatal exception\n"
    found = host("recorded/journal-no-boot.txt", "unclean") | evidence(vmcore_dmesg=log)
    verdict = panicked.judge(facts(found, dump()))
    assert "needs none" not in " ".join(verdict.details)
    assert [citation.line for citation in verdict.citations] == [1, 4, 6]


def test_a_dump_alone_proves_it_and_no_text_is_needed() -> None:
    found = host("recorded/journal-no-boot.txt", "unclean")
    check(panicked.judge(facts(found, dump(dmesg=False))), Badge.PASS, "only a crash makes it do")
    forbidden = dump(DumpState.UNREADABLE, problem="permission denied: reading x needs root", dmesg=False)
    check(panicked.judge(facts(found, forbidden)), Badge.WARN, "ended unclean", "nothing could be read")
    empty = replace(dump(DumpState.INCOMPLETE, problem="the file is empty", dmesg=False), header=None)
    check(panicked.judge(facts(found, empty)), Badge.WARN, "ended unclean", "the file is empty")
    assert (
        kdump.judge(
            facts(lacking(*(probe.id for probe in kdump.probes(facts()))), empty, where=Where.FOLDER)
        ).badge
        is Badge.NA
    )


def of_node(one: Dump, node: str) -> Dump:
    assert one.header
    return replace(one, header=replace(one.header, node=node))


def test_a_dump_of_another_node_is_said_to_be_that_and_this_machine_is_not_taken_for_it() -> None:
    other = of_node(dump(), "worker-07")
    found = conf() | armed(uname_n="laptop", os_release=text("written/os-release-rocky.txt"), uname_r=RELEASE)
    check(located.judge(facts(found, other)), Badge.WARN, "another node, worker-07", "laptop was asked")
    check(kdump.judge(facts(found, other)), Badge.PASS, "Armed at crash time", "laptop was asked")
    whole = baseline.judge(facts(found, other))
    check(whole, Badge.PASS, f"The crashed kernel is {RELEASE}", "laptop was asked")
    assert "runs again" not in whole.summary
    same = facts(found | armed(uname_n="WORKER-07.example.org"), other)
    check(located.judge(same), Badge.PASS)
    check(located.judge(facts(conf(), other)), Badge.PASS)


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (Diagnosis(kernel_release="4.18.0-372.el8.x86_64"), "the log is of kernel 4.18.0-372.el8.x86_64"),
        (
            Diagnosis(crash_time=CRASHED + timedelta(hours=2, minutes=7)),
            "the log's crash was at 2025-12-22 11:09:05Z",
        ),
        (Diagnosis(node="worker-09"), "the log is of node worker-09"),
    ],
)
def test_a_log_and_a_dump_of_two_crashes_are_not_told_as_one(log: Diagnosis, words: str) -> None:
    whole = of_node(dump(), "worker-07")
    found = evidence(vmcore_dmesg=OOPS, last=text("recorded/last-unclean.txt"))
    differs = facts(found, whole, where=Where.FOLDER, diagnosis=log)
    check(panicked.judge(differs), Badge.WARN, "do not agree", words)


def test_a_saved_log_that_ends_otherwise_than_the_dump_s_own_is_of_another_crash() -> None:
    last = text("recorded/last-unclean.txt")
    found = evidence(vmcore_dmesg=OOPS, log=OOPS.replace("[ 9899.", "[   77."), last=last)
    mixed = facts(found, dump(), where=Where.FOLDER)
    check(panicked.judge(mixed), Badge.WARN, "do not agree")
    check(quick.judge(mixed), Badge.WARN, "beside a dump of another crash")
    same = evidence(vmcore_dmesg=OOPS, log=OOPS, last=last)
    check(panicked.judge(facts(same, dump(), where=Where.FOLDER)), Badge.PASS)


def test_a_log_in_local_time_is_of_the_same_crash() -> None:
    local = Diagnosis(title="x", crash_time=CRASHED + timedelta(hours=5, minutes=30, seconds=40))
    found = evidence(vmcore_dmesg=OOPS, last=text("recorded/last-unclean.txt"))
    check(panicked.judge(facts(found, dump(), where=Where.FOLDER, diagnosis=local)), Badge.PASS)


def test_a_dump_of_an_earlier_crash_does_not_speak_for_the_last_one() -> None:
    found = host("recorded/journal-no-boot.txt", "later") | evidence(vmcore_dmesg=OOPS)
    check(panicked.judge(facts(found, dump())), Badge.WARN, "not the last crash")
    newer = dump(when=LATER)
    check(panicked.judge(facts(found, dump(), newer)), Badge.PASS)


def test_the_journal_is_asked_for_the_boot_that_crashed() -> None:
    boots = evidence(list_boots=text("written/list-boots-239.txt"))
    assert "journal" not in [probe.id for probe in panicked.probes(facts(boots, looked=False))]
    argv = panicked.journal(facts(boots, dump())).argv
    assert argv[:4] == ("journalctl", "-b", "-1", "-k")
    older = CRASHED.replace(month=12, day=5)
    assert panicked.journal(facts(boots, dump(when=older))).argv[2] == "-2"
    assert panicked.journal(facts({}, dump())).argv[2] == "-1"


def test_panic_of_a_folder() -> None:
    found = lacking("list-boots", "last", "journal", "journal-boot", "messages")
    check(panicked.judge(facts(found | evidence(vmcore_dmesg=OOPS), dump(), where=FOLDER)), Badge.PASS)
    nothing = evidence(vmcore_dmesg="[ 1.0] usb 1-1: new device\n")
    log = dump(DumpState.LOG_ONLY)
    check(panicked.judge(facts(found | nothing, log, where=FOLDER)), Badge.WARN, "no panic and no oops")


# 2 kdump


@pytest.mark.parametrize(
    ("other", "badge", "words"),
    [
        ({}, Badge.PASS, ["512 MiB", "active (exited)", "does not tell how it stood"]),  # 13
        ({"cmdline": "crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M"}, Badge.PASS, []),  # 13
        ({"kexec_crash_size": f"{256 << 20}"}, Badge.WARN, ["only 256 MiB", "means 512 MiB"]),  # 13
        (
            {"kexec_crash_size": f"{64 << 20}", "cmdline": "crashkernel=1G-4G:192M,4G-:512M"},
            Badge.WARN,
            ["only 64 MiB reserved", "crashkernel=1G-4G:192M,4G-:512M means 512 MiB"],
        ),
        ({"kexec_crash_size": f"{64 << 20}", "cmdline": "crashkernel=256M"}, Badge.WARN, ["means 256 MiB"]),
        ({"kexec_crash_size": f"{64 << 20}", "cmdline": "crashkernel=512M crashkernel=64M"}, Badge.PASS, []),
        (
            {"kexec_crash_size": f"{64 << 20}", "cmdline": "crashkernel=64M,high crashkernel=72M,low"},
            Badge.PASS,
            [],
        ),
        ({"kexec_crash_size": f"{160 << 20}", "cmdline": "crashkernel=160M"}, Badge.PASS, ["160 MiB"]),
        # 12: active (exited), and yet nothing loaded
        ({"kexec_crash_loaded": "0"}, Badge.FAIL, ["no capture kernel is loaded"]),
        ({"kexec_crash_loaded": "0", "kexec_crash_size": "0"}, Badge.FAIL, ["reserved nothing"]),
        ({"kexec_crash_loaded": "0", "kexec_crash_size": "0", "cmdline": "quiet"}, Badge.FAIL, ["grubby"]),
        ({"kexec_crash_loaded": "0", "cmdline": "crashkernel=many"}, Badge.FAIL, ["malformed"]),
        (
            {
                "kexec_crash_loaded": "0",
                "kdump_status": text("written/kdump-condition.txt"),
                "cmdline": "quiet",
            },
            Badge.FAIL,
            ["ConditionKernelCommandLine=crashkernel was not met"],
        ),
        ({"kdump_status": text("written/kdump-condition.txt")}, Badge.WARN, ["service is inactive"]),
        (
            {"kdump_status": text("written/kdump-active.txt").replace("; enabled;", "; disabled;")},
            Badge.WARN,
            ["enabled"],
        ),
        ({"kdump_status": text("recorded/systemctl-no-systemd.txt")}, Badge.WARN, ["service was not seen"]),
        (
            {"kexec_crash_loaded": "!not found: x", "kexec_crash_size": "!not found: x"},
            Badge.WARN,
            ["cannot be seen"],
        ),
        ({"kdump_status": "!timed out after 10 s"}, Badge.WARN, ["timed out after 10 s"]),
    ],
)
def test_kdump(other: dict[str, str], badge: Badge, words: list[str]) -> None:
    check(kdump.judge(facts(armed(**other))), badge, *words)


def test_scenario_11_kdump_off_now_although_a_dump_exists() -> None:
    found = armed(
        kdump_status=text("written/kdump-condition.txt"), kexec_crash_loaded="0", kexec_crash_size="0"
    )
    verdict = kdump.judge(facts(found | evidence(vmcore_dmesg=OOPS), dump()))
    check(verdict, Badge.FAIL, "The dump itself proves that kdump was armed when the node crashed")


def test_debians_service_is_asked_when_there_is_no_kdump_service() -> None:
    found = armed(kdump_status=text("written/kdump-missing.txt"))
    assert "kdump-tools-status" in [probe.id for probe in kdump.probes(facts(found))]
    check(kdump.judge(facts(found)), Badge.RUN, "kdump-tools")


def test_kdump_of_a_folder_is_judged_for_crash_time() -> None:
    found = lacking(*(probe.id for probe in kdump.probes(facts())))
    log = dump(DumpState.LOG_ONLY)
    check(
        kdump.judge(facts(found | evidence(vmcore_dmesg=OOPS), log, where=FOLDER)),
        Badge.PASS,
        "Kdump: loaded",
        "now",
    )
    silent = evidence(vmcore_dmesg="[ 1.0] x\n")
    check(kdump.judge(facts(found | silent, log, where=FOLDER)), Badge.NA)
    unloaded = Diagnosis(title="x", kdump_loaded=False)
    check(kdump.judge(facts(found | silent, log, where=FOLDER, diagnosis=unloaded)), Badge.WARN, "Not armed")


# 3 Dumps


def conf(name: str = "default") -> dict[str, Evidence]:
    """A node's kdump.conf."""
    return evidence(kdump_conf=text(f"written/kdump.conf-{name}.txt"))


def test_scenario_02_three_dumps_one_incomplete() -> None:
    same = "BUG: unable to handle kernel NULL pointer dereference at 00000000000000"
    dumps = (
        dump(reason=f"{same}28"),
        dump(when=CRASHED - timedelta(days=9), reason=f"{same}30"),
        dump(DumpState.INCOMPLETE, when=CRASHED - timedelta(days=3)),
    )
    verdict = located.judge(facts(conf(), *dumps))
    check(verdict, Badge.PASS, "Complete dump", "of 3", "Seen in 2 dumps, a recurrence")
    assert sum(line.startswith("/var/crash/127.0.0.1-") for line in verdict.details) == 3
    newest = replace(dumps[2], saved=LATER)
    check(located.judge(facts(conf(), dumps[0], newest)), Badge.WARN, "A newer crash", "incomplete")


def test_an_older_dump_is_compared_with_the_newest_crash_and_not_with_a_bad_copy() -> None:
    older, between, newest = (dump(when=CRASHED + timedelta(minutes=n)) for n in range(3))
    copy = replace(between, directory=between.directory / "cut", state=DumpState.INCOMPLETE)
    told = located.judge(facts(conf(), older, between, copy, newest))
    check(told, Badge.PASS, f"Complete dump {older.vmcore}", f"A newer crash lies in {newest.directory}")
    beside = located.judge(facts(conf(), older, copy, between))
    check(beside, Badge.PASS, f"A newer crash lies in {between.directory}")
    check(located.judge(facts(conf(), older, copy)), Badge.WARN, "left only this: incomplete")
    assert "newer" not in located.judge(facts(conf(), between, copy, older)).summary


@pytest.mark.parametrize(
    ("state", "problem", "words"),
    [
        (DumpState.INCOMPLETE, "", ["--zero_excluded", "crash --log"]),  # 15
        (DumpState.FLATTENED, "", ["makedumpfile -R"]),
        (DumpState.SAVING, "", ["no longer grows"]),
        (DumpState.LOG_ONLY, "", ["Only a log"]),
    ],
)
def test_dumps_of_less_use(state: DumpState, problem: str, words: list[str]) -> None:
    check(located.judge(facts(conf(), dump(state, problem=problem))), Badge.WARN, *words)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        # 18: the permission that lacks is named
        ("permission denied: reading /var/crash/x needs root", ["needs root", "a user who may read it"]),
        ("/x/vmcore is not a vmcore: it bears no known signature", ["no known signature"]),
    ],
)
def test_a_dump_that_cannot_be_read_is_none(problem: str, words: list[str]) -> None:
    unreadable = facts(conf(), dump(DumpState.UNREADABLE, problem=problem))
    check(located.judge(unreadable), Badge.FAIL, *words)
    check(tools.judge(unreadable), Badge.NA, "step 3")
    beside = facts(conf(), dump(DumpState.UNREADABLE, problem=problem), dump())
    check(located.judge(beside), Badge.FAIL, *words[:1])


@pytest.mark.parametrize(
    ("name", "badge", "words"),
    [
        ("default", Badge.FAIL, ["No dump in /var/crash"]),
        ("nfs", Badge.WARN, ["not on this node", "nfs", "storage-1:/export/dumps"]),  # 14
        ("ssh", Badge.WARN, ["not on this node", "kdump@dumps-1", "/srv/crash"]),  # 14
    ],
)
def test_no_dump(name: str, badge: Badge, words: list[str]) -> None:
    check(located.judge(facts(conf(name))), badge, *words)


def test_an_empty_folder() -> None:
    check(located.judge(facts(lacking("kdump-conf"), where=FOLDER)), Badge.FAIL, "neither a dump nor a log")


def test_what_cannot_be_cited_by_line_names_its_source() -> None:
    folder = lacking("os-release", "uname-r", *(probe.id for probe in kdump.probes(facts())))
    found = folder | conf() | evidence(vmcore_dmesg=OOPS)
    known = facts(found, dump(release="6.1.0-56-amd64"), where=FOLDER)
    for step in (baseline, located, kdump):
        assert any("dump header of /var/crash/" in line for line in step.judge(known).details), step
    logged = facts(found, dump(), where=FOLDER)
    assert [str(cited) for cited in baseline.judge(logged).citations] == ["vmcore-dmesg:3"]
    bare = facts(armed(cmdline="quiet\n", kexec_crash_loaded="0\n"), dump())
    assert "cmdline:1" in [str(cited) for cited in kdump.judge(bare).citations]
