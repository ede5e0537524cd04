"""Changes: shown in full, and judged by what is on disk, not by the exit status. dnf's words are recorded."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from parsers.host.dnf import Trouble, trouble
from parsers.text import split_lines
from rca.changing.plan import Plan, plans
from rca.changing.run import carry_out, judge
from rca.sources.base import DumpState, Where
from rca.sources.node import NodeSource
from rca.steps.base import CrashFacts
from rca.verdict import Badge
from tests.rca.steps.step_facts import RELEASE, armed, check, dump, evidence, facts, said, text

ROCKY = evidence(os_release=text("written/os-release-rocky.txt"))
DEBUGINFO = f"kernel-debuginfo-{RELEASE}"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("nothing-to-do", Trouble.NO_DEBUGINFO),
        ("no-match", Trouble.NO_MATCH),
        ("unknown-repo", Trouble.UNKNOWN_REPOSITORY),
        ("no-mirror", Trouble.UNREACHABLE),
        ("already", Trouble.NOTHING),
        ("installed", None),
    ],
)
def test_what_dnf_says(name: str, kind: Trouble | None) -> None:
    lines = split_lines(text(f"recorded/dnf-{name}.txt"))
    found = trouble(lines)
    assert (found.trouble if found else None) is kind
    assert found is None or lines[found.line - 1].strip()


def test_the_plans_of_a_node_that_lacks_everything() -> None:
    known = facts(
        ROCKY | armed(kexec_crash_loaded="0"), dump(), crash=CrashFacts(), free_bytes={"/usr": 1 << 30}
    )
    arm, crash, debuginfo = plans(known)
    assert arm.shown() == "systemctl enable --now kdump"
    assert crash.shown() == "dnf install -y crash"
    assert debuginfo.shown() == f"dnf --enablerepo=baseos-debuginfo install -y {DEBUGINFO}"
    assert "1.0 GiB are free. That is too little" in debuginfo.cost and all(
        plan.cost for plan in (arm, crash)
    )
    whole = facts(ROCKY | armed(), dump(), crash=CrashFacts("/usr/bin/crash", "/v/vmlinux"))
    assert plans(whole) == () == plans(facts(ROCKY, dump(), where=Where.FOLDER))


def test_scenario_16_dnf_that_did_nothing_is_no_success() -> None:
    (plan,) = plans(facts(ROCKY | armed(), dump(), crash=CrashFacts("/usr/bin/crash")))
    answer = said("change", text("recorded/dnf-nothing-to-do.txt"), status=0)
    verdict = judge(plan, answer, f"No vmlinux of {RELEASE} was found")
    check(verdict, Badge.FAIL, "No vmlinux", "enablerepo=baseos-debuginfo", "exited 0")
    assert verdict.citations[0].text.startswith("Could not find debuginfo package")
    check(judge(plan, said("change", "x", status=1), ""), Badge.PASS, "done", "exited 1")


def test_a_flattened_dump_is_rebuilt_beside_itself() -> None:
    flat = replace(dump(DumpState.FLATTENED), vmcore=Path("/var/crash/a b/vmcore.flat"))
    (plan,) = plans(facts({}, flat, where=Where.FOLDER))
    assert plan.shown() == "makedumpfile -R '/var/crash/a b/vmcore.rebuilt' < '/var/crash/a b/vmcore.flat'"


def plan(code: str, stdin: Path | None = None, missing: str = "") -> Plan:
    return Plan("Do it", (sys.executable, "-u", "-c", code), "Nothing.", lambda _: missing, stdin)


def test_output_comes_line_by_line_and_is_kept(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("given\n")
    heard: list[str] = []
    code = "import sys; print(sys.stdin.read().strip()); print('\\x1b[1mworse', file=sys.stderr); sys.exit(3)"
    done = carry_out(plan(code, tmp_path / "in"), NodeSource(), lambda lines: heard.extend(lines))
    assert heard == list(done.evidence.lines) == ["given", "\\x1b[1mworse"]
    assert done.evidence.exit_status == 3 and done.verdict.badge is Badge.PASS
    check(carry_out(plan("", missing="it is not there"), NodeSource()).verdict, Badge.FAIL, "it is not there")


def test_a_change_can_be_stopped() -> None:
    stop = threading.Event()
    code = "import time; print('begun', flush=True); time.sleep(600)"
    done = carry_out(plan(code, missing="not done"), NodeSource(), lambda _: stop.set(), stop)
    check(done.verdict, Badge.FAIL, "stopped by hand")


def test_a_program_that_is_not_there() -> None:
    lost = Plan("Do it", ("no-such-program",), "", lambda _: "it is not there")
    check(carry_out(lost, NodeSource()).verdict, Badge.FAIL, "cannot be started")
