"""What steps 4 to 8 and 10 say, case by case. Numbers are those of the acceptance scenarios."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rca.crash.base import SessionState
from rca.diagnosis.model import Confidence, Diagnosis, Guilty, Hypothesis
from rca.evidence import Citation, Kind
from rca.sources.base import DumpState, Where
from rca.steps import mandatory, quick, session, tools
from rca.steps.base import CrashFacts
from rca.steps.packages import debuginfo_package
from rca.steps.registry import STEPS
from rca.verdict import Badge
from tests.rca.steps.step_facts import (
    CRASHED,
    OOPS,
    OPEN,
    RELEASE,
    SYS,
    check,
    crash_said,
    dump,
    evidence,
    facts,
    said,
    six,
    text,
)

NODE, FOLDER = Where.NODE, Where.FOLDER
LATER = CRASHED + timedelta(days=1)


# 4 Tools


@pytest.mark.parametrize(
    ("crash", "badge", "words"),
    [
        (CrashFacts("/usr/bin/crash", "/v/vmlinux"), Badge.PASS, ["/v/vmlinux"]),
        (
            CrashFacts("/usr/bin/crash", None, "none of 7 places has it", ("/usr/lib/debug/x",)),
            Badge.WARN,
            [
                f"dnf --enablerepo=baseos-debuginfo install kernel-debuginfo-{RELEASE}",
                "5.0 GiB",
                "Nothing to do",  # 16
                "/usr/lib/debug/x",
                "too little",
            ],
        ),
        (CrashFacts(None, "/v/vmlinux"), Badge.FAIL, ["crash program is not installed", "dnf install crash"]),
        (
            CrashFacts(None, "/v/vmlinux", state=SessionState.READY, stand_in="/usr/bin/drgn-crash"),
            Badge.WARN,
            ["not installed", "/usr/bin/drgn-crash serves the pane", "dnf install crash"],
        ),
        (CrashFacts(None, None, "not found"), Badge.FAIL, ["Neither crash nor"]),
        # 17: found, but of another build
        (
            CrashFacts("/usr/bin/crash", "/v/vmlinux", "its build id differs"),
            Badge.WARN,
            ["will not do", "differs"],
        ),
        (
            CrashFacts("/usr/bin/crash", "/bin/ls", "/bin/ls names no Linux version.", ("/bin/ls",)),
            Badge.FAIL,
            ["that was given", "names no Linux version"],
        ),
        (
            CrashFacts("/usr/bin/crash", "/x", "/x is not there.", ("/x",), vmlinux_fitting="/v/vmlinux"),
            Badge.FAIL,
            ["/x is not there", "Leave --vmlinux out: /v/vmlinux fits"],
        ),
        (CrashFacts(), Badge.RUN, []),
    ],
)
def test_tools(crash: CrashFacts, badge: Badge, words: list[str]) -> None:
    found = evidence(os_release=text("written/os-release-rocky.txt"))
    check(tools.judge(facts(found, dump(), crash=crash, free_bytes={"/usr": 1 << 30})), badge, *words)


def test_advice_on_packages_is_of_the_kernel_s_own_family() -> None:
    lacking = CrashFacts("/usr/bin/crash", None, "not found")
    debian = tools.judge(facts({}, dump(release="6.1.0-56-amd64"), crash=lacking))
    whole = " ".join((debian.remedy, *debian.details))
    assert "apt-get install" in whole and "dpkg-deb" in whole
    assert "dnf" not in whole and "rpm2cpio" not in whole
    check(tools.judge(facts({}, dump(), crash=lacking)), Badge.WARN, "dnf", "rpm2cpio")


def test_a_fitting_vmlinux_is_used_before_anything_is_installed() -> None:
    given = CrashFacts("/usr/bin/crash", "/x", "/x is not there.", ("/x",), vmlinux_fitting="/v/vmlinux")
    verdict = tools.judge(facts({}, dump(), crash=given))
    assert "install" not in " ".join((verdict.remedy, *verdict.details))


def test_commands_that_cannot_be_run_do_not_wait_for_ever() -> None:
    known = facts({}, dump(), crash=CrashFacts("/usr/bin/crash", "/x", "/x is not there.", ("/x",)))
    check(mandatory.judge(known), Badge.WARN, "crash was not started", "/x is not there")


def test_tools_without_anything_to_open() -> None:
    check(tools.judge(facts({}, dump(DumpState.LOG_ONLY))), Badge.NA)


@pytest.mark.parametrize(
    ("release", "system", "command"),
    [
        (RELEASE, "rocky", f"dnf --enablerepo=baseos-debuginfo install kernel-debuginfo-{RELEASE}"),
        (
            f"{RELEASE}+debug",
            "",
            f"dnf --enablerepo=baseos-debuginfo install kernel-debug-debuginfo-{RELEASE}",
        ),
        (
            RELEASE,
            "rhel",
            f"dnf --enablerepo=rhel-8-for-x86_64-baseos-debug-rpms install kernel-debuginfo-{RELEASE}",
        ),
        ("6.1.0-56-cloud-amd64", "", "apt-get install linux-image-6.1.0-56-cloud-amd64-dbg"),
        ("5.15.0-91-generic", "", "apt-get install linux-image-5.15.0-91-generic-dbgsym"),
    ],
)
def test_debuginfo_package(release: str, system: str, command: str) -> None:
    package = debuginfo_package(release, system)
    assert package is not None and package.command == command


@pytest.mark.parametrize("release", ["", "4.18; rm -rf /.el8", "-x.el8", "4.18.el8 x", "6.9-custom"])
def test_no_package_for_a_release_that_is_none(release: str) -> None:
    assert debuginfo_package(release) is None


# 5 and 6 Session


@pytest.mark.parametrize(
    ("crash", "found", "badge", "words"),
    [
        (replace(OPEN, state=SessionState.STARTING), {}, Badge.RUN, []),
        (OPEN, {}, Badge.RUN, ["sys"]),
        (OPEN, {"sys": SYS}, Badge.PASS, [RELEASE]),
        (OPEN, {"sys": SYS.replace("553", "477")}, Badge.FAIL, ["the dump is of"]),
        # 17: crash only warns
        (
            OPEN,
            {"sys": SYS, "crash": "WARNING: kernel version inconsistency between vmlinux and dumpfile"},
            Badge.FAIL,
            ["different builds"],
        ),
        (OPEN, {"sys": SYS.replace("[PARTIAL", "[INCOMPLETE]  [PARTIAL")}, Badge.WARN, ["incomplete"]),
        (
            OPEN,
            {"sys": SYS, "crash": "WARNING: active task ff11 on cpu 1 not found in PID hash"},
            Badge.WARN,
            ["not trustworthy"],
        ),
        (OPEN, {"sys": SYS.replace("161", "3")}, Badge.WARN, ["counts 3 tasks on 2 CPUs"]),
        (
            replace(OPEN, state=SessionState.DEAD, message="vmlinux and vmcore do not match!"),
            {},
            Badge.FAIL,
            ["do not match"],
        ),
        (CrashFacts(), {}, Badge.WAIT, ["step 4"]),
        (CrashFacts("/usr/bin/crash", None), {}, Badge.WARN, ["not started", "no vmlinux", "step 4"]),
        (CrashFacts(None, "/v/vmlinux"), {}, Badge.WARN, ["the crash program is not installed"]),
        (CrashFacts("/usr/bin/crash", "/bin/ls", "it is no vmlinux."), {}, Badge.WARN, ["it is no vmlinux"]),
    ],
)
def test_session(crash: CrashFacts, found: dict[str, str], badge: Badge, words: list[str]) -> None:
    check(session.judge(facts(crash_said(**found), dump(), crash=crash)), badge, *words)


def test_a_release_that_was_compared_with_nothing_is_not_passed() -> None:
    check(session.judge(facts(crash_said(sys=SYS), dump(release=""), crash=OPEN)), Badge.WARN, "is not known")


def test_what_was_compared_of_a_vmlinux_is_told_as_it_was() -> None:
    found = CrashFacts("/usr/bin/crash", "/v/vmlinux")
    check(
        tools.judge(facts({}, dump(), crash=found)),
        Badge.PASS,
        "Compared: the release (the dump names no build)",
    )
    named = dump()
    assert named.header
    named = replace(named, header=replace(named.header, version="#1 SMP"))
    check(tools.judge(facts({}, named, crash=found)), Badge.PASS, "Compared: the build")


def test_a_session_on_a_cut_dump_is_doubted() -> None:
    verdict = session.judge(facts(crash_said(sys=SYS), dump(DumpState.INCOMPLETE), crash=OPEN))
    check(verdict, Badge.WARN, "incomplete")


@pytest.mark.parametrize(
    ("other", "badge", "words"),
    [
        ({}, Badge.PASS, ["6/6"]),
        ({"bt_a": "bt: seek error: kernel virtual address: ffff"}, Badge.WARN, ["bt -a", "seek error"]),
        ({"mod": ""}, Badge.WARN, ["mod: it printed nothing"]),
        ({"kmem_s": "!interrupted"}, Badge.WARN, ["kmem -s: interrupted"]),
        (
            {"kmem_s": "kmem: kmalloc-64: slab: ffea00 invalid freepointer: 6b6b"},
            Badge.PASS,
            ["is a finding"],
        ),
        ({"log": "[ 1.0] mod: read error in a driver"}, Badge.PASS, []),
        (
            {"sys": SYS, "crash": "WARNING: active task ff11 on cpu 1 not found in PID hash"},
            Badge.WARN,
            ["kmem -s are not trustworthy"],
        ),
    ],
)
def test_mandatory(other: dict[str, str], badge: Badge, words: list[str]) -> None:
    check(STEPS[6].judge(facts(six(**other), dump(), crash=OPEN)), badge, *words)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (
            {"bt": "#0 x\nWARNING: possibly bogus exception frame"},
            ["bt and bt -a are not", "log, mod, kmem -i"],
        ),
        ({"crash": "WARNING: panic task not found"}, ["bt is not trustworthy", "which task panicked"]),
        (
            {"sys": SYS.replace("[PARTIAL", "[INCOMPLETE]  [PARTIAL")},
            ["the dump is incomplete", "log stands"],
        ),
        ({"kmem_i": "x\nWARNING: kernels compiled by different gcc versions"}, ["different compilers"]),
        ({"crash": "crash: invalid structure member offset: task_struct_state"}, ["crash is older"]),
        (
            {"kmem_s": "kmem: page excluded: kernel virtual address: ff  type: x"},
            ["makedumpfile left this page out"],
        ),
    ],
)
def test_what_leans_on_a_doubt_is_no_greener_than_warn(other: dict[str, str], words: list[str]) -> None:
    check(STEPS[6].judge(facts(six(**other), dump(), crash=OPEN)), Badge.WARN, *words)
    if "kmem_s" not in other:
        check(session.judge(facts(six(**other), dump(), crash=OPEN)), Badge.WARN)


def test_what_crash_was_told_to_leave_aside_is_no_proof() -> None:
    found = six()
    found["crash"] = replace(
        said("crash", ""), kind=Kind.CRASH, what="crash -s --no_kmem_cache vmlinux vmcore"
    )
    check(STEPS[6].judge(facts(found, dump(), crash=OPEN)), Badge.WARN, "kmem -s is not trustworthy")


def test_the_kernels_own_words_are_no_doubt() -> None:
    log = "[ 1.0] x: possibly bogus exception frame\nWARNING: panic task not found"
    check(STEPS[6].judge(facts(six(log=log), dump(), crash=OPEN)), Badge.PASS)


def test_mandatory_counts() -> None:
    found = six()
    del found["kmem-i"], found["kmem-s"]
    running = replace(OPEN, state=SessionState.BUSY, running="kmem -i")
    check(STEPS[6].judge(facts(found, dump(), crash=running)), Badge.RUN, "4/6", "kmem -i")
    dead = replace(OPEN, state=SessionState.DEAD)
    check(STEPS[6].judge(facts(found, dump(), crash=dead)), Badge.WARN, "missing: kmem -i, kmem -s")
    check(STEPS[6].judge(facts({}, dump(), crash=OPEN)), Badge.RUN, "0/6")
    check(STEPS[6].judge(facts({}, dump())), Badge.WAIT)
    check(STEPS[6].judge(facts(six(), dump())), Badge.PASS)  # a saved case: the session is over


# 7, 8 and 10


@pytest.mark.parametrize(
    ("confidence", "badge"),
    [
        (Confidence.CONFIRMED, Badge.PASS),
        (Confidence.PROBABLE, Badge.PASS),
        (Confidence.POSSIBLE, Badge.WARN),
        (Confidence.UNKNOWN, Badge.WARN),
    ],
)
def test_cause(confidence: Confidence, badge: Badge) -> None:
    guilty = Guilty("f", "mlx5_core")
    cited = (Citation("log", 1, "x"),)
    claim = Hypothesis("NULL read in mlx5_core", guilty, confidence)
    known = Diagnosis(title="t", guilty=guilty, confidence=confidence, hypotheses=(claim,), citations=cited)
    verdict = STEPS[7].judge(facts({}, diagnosis=known))
    check(verdict, badge, "Unknown" if confidence is Confidence.UNKNOWN else "NULL read in mlx5_core")
    assert verdict.citations == cited
    uncited = replace(known, citations=())
    assert STEPS[7].judge(facts({}, diagnosis=uncited)).badge is Badge.WARN


def test_cause_waits_for_a_log() -> None:
    check(STEPS[7].judge(facts()), Badge.WAIT)
    check(STEPS[7].judge(facts({}, diagnosis=Diagnosis())), Badge.WARN, "there is no kernel log to read")
    denied = evidence(vmcore_dmesg="!permission denied: reading x needs root")
    check(STEPS[7].judge(facts(denied, diagnosis=Diagnosis())), Badge.WARN, "no kernel log", "needs root")
    quiet = evidence(vmcore_dmesg="all is well")
    check(STEPS[7].judge(facts(quiet, diagnosis=Diagnosis())), Badge.WARN, "the log holds no crash")


def test_cause_is_not_unknown_while_the_log_is_read() -> None:
    reading = facts({}, dump(), diagnosis=Diagnosis())
    check(STEPS[7].judge(reading), Badge.RUN, "Collecting: /var/crash/", "vmcore-dmesg.txt")
    check(STEPS[7].judge(replace(reading, diagnosis=Diagnosis(title="x"))), Badge.WARN)


def test_quick_reads_from_thirty_lines_before_the_first_fatal_one() -> None:
    noise = "".join(f"[ {n}.0] line\n" for n in range(50))
    lockup = "[ 60.0] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [x:1]\n"
    log = noise + lockup + OOPS + noise
    found = evidence(vmcore_dmesg=log)
    verdict = quick.judge(facts(found, dump()))
    check(verdict, Badge.PASS, "NULL pointer", "Read lines 22 to 106")
    assert verdict.citations[0].line == 52  # 22: the lockup before it is context
    assert quick.excerpt(found["vmcore-dmesg"]).start == 22


def test_quick_without_a_log() -> None:
    check(quick.judge(facts({}, dump(dmesg=False))), Badge.WARN, "crash --log /var/crash/")
    check(quick.judge(facts(crash_said(log=OOPS), dump(dmesg=False))), Badge.PASS, "of log")
    check(
        quick.judge(facts(evidence(vmcore_dmesg="!permission denied: x"), dump())),
        Badge.WARN,
        "permission denied",
    )
    check(quick.judge(facts({}, looked=True)), Badge.NA)
    check(quick.judge(facts(evidence(vmcore_dmesg="[ 1.0] a\n"), dump())), Badge.WARN, "no fatal line")


def test_scenario_15_the_capture_kernels_log_is_read_when_saving_failed() -> None:
    whole = replace(dump(), kexec_dmesg=Path("/var/crash/x/kexec-dmesg.log"))
    assert [probe.id for probe in quick.probes(facts({}, whole))] == ["vmcore-dmesg"]
    cut = replace(whole, state=DumpState.INCOMPLETE)
    assert [probe.id for probe in quick.probes(facts({}, cut))] == ["vmcore-dmesg", "kexec-dmesg"]


def test_report() -> None:
    lacking = facts({}, filled=7, unfilled=("OS", "Fix"), stated=Confidence.POSSIBLE)
    check(STEPS[10].judge(lacking), Badge.WAIT, "7/9", "missing: OS, Fix", "confidence possible")
    check(STEPS[10].judge(facts({}, filled=9)), Badge.WAIT, "the confidence is not stated")
    whole = facts({}, looked=True, filled=9, stated=Confidence.PROBABLE)
    check(STEPS[10].judge(whole), Badge.PASS, "9/9", "confidence probable")
    drafted = replace(whole, unknown=("Impact: Downtime UNKNOWN", "Root Cause: Trigger: UNKNOWN"))
    told = STEPS[10].judge(drafted)
    check(told, Badge.WARN, "9/9", "2 drafted lines still UNKNOWN, in Impact, Root Cause")
    assert told.details[:2] == drafted.unknown


@pytest.mark.parametrize(
    ("crash", "badge"),
    [
        (CrashFacts(), Badge.RUN),
        (replace(OPEN, state=SessionState.STARTING), Badge.RUN),
        (replace(OPEN, state=SessionState.BUSY, running="bt -a"), Badge.RUN),
        (replace(OPEN, state=SessionState.DEAD, message="it ended"), Badge.PASS),
        (CrashFacts("/usr/bin/crash", None, "not found"), Badge.PASS),
    ],
)
def test_the_report_is_not_whole_while_crash_still_speaks(crash: CrashFacts, badge: Badge) -> None:
    known = facts({}, dump(), crash=crash, filled=9, stated=Confidence.PROBABLE)
    check(STEPS[10].judge(known), badge, "9/9")


def test_the_six_do_not_wait_for_a_session_that_has_ended() -> None:
    dead = replace(OPEN, state=SessionState.DEAD, message="it is truncated.")
    check(mandatory.judge(facts({}, dump(), crash=dead)), Badge.WARN, "it is truncated")
