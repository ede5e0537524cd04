"""The acceptance scenarios of the runbook's steps 0 to 5 and 8, by number, on what the real programs print.

Texts under host/recorded came out of the real programs (see its README), those under host/written only exist on
Enterprise Linux 8 and follow the sources named there. Scenarios of step 9 are in test_scenarios_kubernetes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rca.crash.base import SessionState
from rca.diagnosis.diagnose import diagnose
from rca.evidence import Evidence
from rca.sources.base import Dump, DumpState
from rca.steps import baseline, kdump, located, panicked, quick, session, tools
from rca.steps.base import CrashFacts, Facts
from rca.verdict import Badge
from tests.rca.steps.step_facts import (
    CRASHED,
    OOPS,
    OPEN,
    RELEASE,
    SYS,
    armed,
    check,
    crash_said,
    dump,
    evidence,
    facts,
    text,
)

LOGS = Path(__file__).parents[1] / "diagnosis" / "logs"
NEWER = "4.18.0-553.16.1.el8_10.x86_64"


def node(**other: str | Evidence) -> dict[str, Evidence]:
    """A node that crashed, came back, and kept nothing but what is given."""
    usual: dict[str, str | Evidence] = {
        "list_boots": text("recorded/list-boots-252.txt"),
        "journal": text("recorded/journal-quiet.txt"),
        "journal_boot": "[    0.000001] worker-07 kernel: Linux version 4.18.0-553.el8_10.x86_64\n",
        "messages": "!not found: /var/log/messages, /var/log/kern.log",
        "last": text("recorded/last-unclean.txt"),
        "os_release": text("written/os-release-rocky.txt"),
        "uname_r": RELEASE,
    }
    return evidence(**usual | other)


def diagnosed(found: dict[str, Evidence], *dumps: Dump) -> Facts:
    """Facts with the diagnosis that their logs give."""
    return facts(found, *dumps, diagnosis=diagnose(found))


def test_scenario_01_the_node_came_back_with_a_newer_kernel() -> None:
    known = facts(node(uname_r=NEWER), dump(), crash=CrashFacts("/usr/bin/crash", None, "none found"))
    check(baseline.judge(known), Badge.WARN, f"now runs {NEWER}, but {RELEASE} crashed")
    verdict = tools.judge(known)
    check(verdict, Badge.WARN, f"install kernel-debuginfo-{RELEASE}")
    assert NEWER not in verdict.summary + verdict.remedy


def test_scenario_02_three_dumps_and_one_of_them_cut() -> None:
    reason = "BUG: unable to handle kernel NULL pointer dereference at 0000000000000028"
    old, cut = timedelta(days=9), timedelta(days=3)
    dumps = (
        dump(reason=reason),
        dump(when=CRASHED - old, reason=reason),
        dump(DumpState.INCOMPLETE, when=CRASHED - cut),
    )
    check(located.judge(facts(evidence(kdump_conf=""), *dumps)), Badge.PASS, "of 3", "a recurrence")


def test_scenario_03_an_oops_without_the_words_kernel_panic() -> None:
    known = diagnosed(node(vmcore_dmesg=OOPS), dump())
    check(panicked.judge(known), Badge.PASS, "NULL pointer", "has no line “Kernel panic")
    check(quick.judge(known), Badge.PASS, "no “Kernel panic” line is right")


def test_scenario_04_a_crash_by_sysrq() -> None:
    found = node(vmcore_dmesg=(LOGS / "sysrq.txt").read_text("utf-8"))
    known = diagnosed(found, dump(release="6.1.0-56-cloud-amd64"))
    check(panicked.judge(known), Badge.PASS, "sysrq triggered crash")
    check(quick.judge(known), Badge.PASS, "sysrq")
    assert known.diagnosis and known.diagnosis.guilty.module == ""


@pytest.mark.parametrize(
    ("said", "badge", "words"),
    [
        # 9: exit status 0, and nothing on stdout
        ({"journal": text("recorded/journal-volatile.txt"), "last": ""}, Badge.WARN, ["No evidence here"]),
        # 10
        ({}, Badge.WARN, ["ended unclean", "power loss"]),
        ({"journal": text("recorded/journal-oops.txt")}, Badge.PASS, ["journal ends in a crash"]),
        (
            {
                "journal": text("recorded/journal-volatile.txt"),
                "messages": text("written/messages-crash.txt"),
            },
            Badge.PASS,
            ["NULL pointer dereference"],
        ),
        # wtmp is gone; what the next boot had to repair still tells
        (
            {"last": "", "journal_boot": text("recorded/journal-after-crash.txt")},
            Badge.WARN,
            ["ended unclean"],
        ),
        ({"last": text("recorded/last-clean.txt")}, Badge.FAIL, ["Not a panic"]),
        ({"journal": text("written/journal-lockup-only.txt")}, Badge.WARN, ["ended unclean"]),
    ],
)
def test_scenario_09_and_scenario_10_a_node_without_a_dump(
    said: dict[str, str], badge: Badge, words: list[str]
) -> None:
    verdict = panicked.judge(facts(node(**said)))
    check(verdict, badge, *words)
    assert verdict.citations


def test_the_messages_of_other_boots_say_nothing_of_the_last() -> None:
    later = text("written/messages-crash.txt") + (
        "Dec 23 10:00:00 worker-07 systemd[1]: Reached target Shutdown.\n"
        "Dec 23 10:01:00 worker-07 kernel: Linux version 4.18.0-553.el8_10.x86_64\n"
    )
    check(panicked.judge(facts(node(messages=later))), Badge.WARN, "no panic text was found")


def test_messages_that_go_on_after_an_oops_do_not_end_in_it() -> None:
    lines = text("written/messages-crash.txt").splitlines(keepends=True)
    later = "".join((*lines[:3], "Dec 22 09:07:05 worker-07 kernel: eth0: link is up\n", *lines[3:]))
    gone = {"journal": text("recorded/journal-volatile.txt"), "last": ""}
    check(panicked.judge(facts(node(messages=later, **gone))), Badge.WARN, "went on for 5 minutes")


@pytest.mark.parametrize(
    "ending",
    [
        'rsyslogd[1021]: [origin software="rsyslogd"] exiting on signal 15.',
        "systemd[1]: Reached target Shutdown.",
    ],
)
def test_an_oops_that_the_node_survived_is_no_panic(ending: str) -> None:
    lines = text("written/messages-crash.txt").splitlines(keepends=True)
    survived = "".join((*lines[:3], f"Dec 22 09:07:00 worker-07 {ending}\n", *lines[3:]))
    gone = {"journal": text("recorded/journal-volatile.txt"), "last": ""}
    check(panicked.judge(facts(node(messages=survived, **gone))), Badge.WARN, "shut down in order afterwards")


def test_scenario_11_kdump_is_off_now_and_yet_there_is_a_dump() -> None:
    off = armed(
        kdump_status=text("written/kdump-condition.txt"),
        cmdline="root=/dev/sda1 quiet",
        kexec_crash_loaded="0",
        kexec_crash_size="0",
        kernel_panic="0",
    )
    known = diagnosed(node() | off | evidence(vmcore_dmesg=OOPS, kdump_conf=""), dump())
    verdict = kdump.judge(known)
    check(verdict, Badge.FAIL, "was not met", "The dump itself proves", "hangs until somebody resets it")
    assert [step.judge(known).badge for step in (panicked, located, quick)] == [Badge.PASS] * 3


@pytest.mark.parametrize(
    ("now", "badge", "words"),
    [
        ({"kexec_crash_loaded": "0"}, Badge.FAIL, ["active (exited), yet no capture kernel"]),  # 12
        ({}, Badge.PASS, ["512 MiB reserved"]),  # 13: crashkernel=auto on 125 GiB
        ({"cmdline": "crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M"}, Badge.PASS, ["512 MiB"]),  # 13
        ({"cmdline": "crashkernel=512M,high crashkernel=256M,low"}, Badge.PASS, ["512 MiB"]),
        ({"cmdline": "crashkernel=512M@64M"}, Badge.PASS, ["512 MiB"]),
        (
            {"kdump_estimate": text("written/kdump-estimate-small.txt")},
            Badge.WARN,
            ["256 MiB are recommended"],
        ),
        (
            {
                "kdump_status": text("written/kdump-failed.txt"),
                "kexec_crash_loaded": "0",
                "kexec_crash_size": "0",
                "journal_boot": "[    0.0] x kernel: crashkernel reservation failed - No suitable area found.\n",
            },
            Badge.FAIL,
            ["yet the kernel reserved nothing"],
        ),
    ],
)
def test_scenario_12_and_scenario_13_is_kdump_armed(
    now: dict[str, str], badge: Badge, words: list[str]
) -> None:
    check(kdump.judge(facts(armed(**now))), badge, *words)


def test_the_lines_that_tell_why_kdump_failed_are_cited() -> None:
    failed = armed(
        kdump_status=text("written/kdump-failed.txt"),
        kexec_crash_loaded="0",
        kexec_crash_size="0",
        journal_boot="[    0.0] x kernel: crashkernel reservation failed - No suitable area found.\n",
    )
    cited = [citation.text for citation in kdump.judge(facts(failed)).citations]
    assert any("No memory reserved for crash kernel" in line for line in cited)
    assert any("No suitable area found" in line for line in cited)


@pytest.mark.parametrize(("conf", "place"), [("nfs", "storage-1:/export/dumps"), ("ssh", "kdump@dumps-1")])
def test_scenario_14_dumps_that_are_saved_elsewhere(conf: str, place: str) -> None:
    found = evidence(kdump_conf=text(f"written/kdump.conf-{conf}.txt"))
    check(located.judge(facts(found)), Badge.WARN, "not on this node", place)


def test_scenario_15_only_an_incomplete_dump() -> None:
    cut = replace(dump(DumpState.INCOMPLETE), kexec_dmesg=Path("/var/crash/x/kexec-dmesg.log"))
    found = evidence(kdump_conf="", kexec_dmesg=text("written/kexec-dmesg-full-disk.txt"), vmcore_dmesg=OOPS)
    verdict = located.judge(facts(found, cut))
    check(verdict, Badge.WARN, "--zero_excluded", "then crash --log")
    assert any("No space left on device" in citation.text for citation in verdict.citations)
    assert "kexec-dmesg" in [probe.id for probe in quick.probes(facts(found, cut))]


def test_scenario_17_a_vmlinux_of_another_build() -> None:
    other = CrashFacts("/usr/bin/crash", "/v/vmlinux", "/v/vmlinux was built for another kernel")
    check(tools.judge(facts(node(), dump(), crash=other)), Badge.WARN, "will not do")
    dead = replace(OPEN, state=SessionState.DEAD, message="vmlinux and vmcore do not match!")
    check(session.judge(facts({}, dump(), crash=dead)), Badge.FAIL, "do not match")
    warned = crash_said(sys=SYS, crash="WARNING: kernel version inconsistency between vmlinux and dumpfile")
    check(session.judge(facts(warned, dump(), crash=OPEN)), Badge.FAIL, "different builds")


def test_scenario_18_a_user_without_rights_is_told_which_are_missing() -> None:
    denied = "permission denied: reading /var/crash/127.0.0.1-2025-12-22-09:02:05/vmcore needs root"
    found = node(vmcore_dmesg=f"!{denied}", kdump_conf="!permission denied: reading /etc/kdump.conf")
    known = facts(found | armed(), dump(DumpState.UNREADABLE, problem=denied))
    check(panicked.judge(known), Badge.WARN, "nothing could be read", denied)
    check(located.judge(known), Badge.FAIL, denied[1:])
    check(session.judge(known), Badge.WARN, denied)
    check(quick.judge(known), Badge.WARN, "permission denied")


def test_scenario_22_soft_lockups_before_a_fatal_event_are_context() -> None:
    lockup = "[ 9000.0] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker/3:1:77]\n"
    known = diagnosed(node(vmcore_dmesg=lockup + OOPS), dump())
    verdict = quick.judge(known)
    check(verdict, Badge.PASS)
    assert "NULL pointer dereference" in verdict.citations[0].text
    alone = diagnosed(node(vmcore_dmesg=lockup), dump(DumpState.LOG_ONLY))
    check(quick.judge(alone), Badge.WARN, "no fatal line")


def test_scenario_27_the_time_is_the_dumps_own_and_in_utc() -> None:
    """The directory bears the capture kernel's local time; steps speak of the header's."""
    place = Path("/var/crash/127.0.0.1-2025-12-22-14:32:31")  # IST, 26 s later
    known = facts(node(vmcore_dmesg=OOPS, kdump_conf=""), replace(dump(), directory=place))
    check(panicked.judge(known), Badge.PASS, "at 2025-12-22 09:02:05Z")
    assert any("crashed 2025-12-22 09:02:05Z" in line for line in located.judge(known).details)
