"""The doctor's judgement: which answer means what, and what mends it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rca.crash.locate import Located
from rca.doctor.judge import Check, Terminal, judge_machine, judge_terminal, lacking
from rca.doctor.machine import PROGRAMS, Machine
from rca.verdict import Badge, Verdict

WELL = Machine(
    system="rocky",
    title="Rocky Linux 8.10",
    release="4.18.0-553.el8_10.x86_64",
    crash=Located("/usr/bin/crash"),
    vmlinux=Located("/usr/lib/debug/lib/modules/4.18.0-553.el8_10.x86_64/vmlinux"),
    kdump=Verdict(Badge.PASS, "armed"),
    dumps=2,
    programs={name: f"/usr/bin/{name}" for name in PROGRAMS},
    kubeconfig="/root/.kube/config",
    root=True,
    state=Path("/var/lib/cases"),
    writable=True,
)
BARE = Machine(
    system="rocky",
    release=WELL.release,
    crash=Located(None, "crash is not installed."),
    vmlinux=Located(None, "No vmlinux was found."),
    kdump=Verdict(Badge.FAIL, "not armed", remedy="kdumpctl start"),
    lab_lacks=("qemu-system-x86_64 (package qemu-system-x86)", "gcc (package gcc)"),
)
SCREEN = Terminal(True, "xterm-256color", "256", 120, 36, "utf-8", "tmux")


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_where_all_is_there_nothing_is_to_be_mended() -> None:
    checks = (*judge_machine(WELL), *judge_terminal(SCREEN))
    assert {check.badge for check in checks} == {Badge.PASS}
    assert not [check for check in checks if check.remedy] and not lacking(checks)


def test_where_nothing_is_there_each_lack_has_what_mends_it() -> None:
    checks = judge_machine(BARE)
    assert all(check.remedy for check in checks if check.badge is not Badge.PASS)
    assert [check.name for check in lacking(checks)] == ["kdump", "crash"]
    found = by_name(checks)
    assert found["crash"].remedy == "dnf install crash"
    assert found["debuginfo"].remedy.endswith("install kernel-debuginfo-4.18.0-553.el8_10.x86_64")
    assert found["kdump"].remedy == "kdumpctl start" and "demo" in found["dumps"].remedy


@pytest.mark.parametrize(
    ("system", "remedy"),
    [
        ("debian", "apt-get install python3-drgn"),
        ("almalinux", "dnf install drgn"),
        ("arch", "Install drgn by its maker's instructions"),
    ],
)
def test_the_command_is_the_systems_own(system: str, remedy: str) -> None:
    assert by_name(judge_machine(replace(BARE, system=system)))["drgn"].remedy == remedy


def test_a_running_kernel_without_package_gets_no_invented_one() -> None:
    assert "--vmlinux" in by_name(judge_machine(replace(BARE, release="6.18.44-own")))["debuginfo"].remedy


def test_kubectl_without_a_kubeconfig_says_so() -> None:
    assert by_name(judge_machine(replace(WELL, kubeconfig="")))["kubectl"].badge is Badge.WARN


def test_a_service_that_does_not_answer_is_no_verdict() -> None:
    hung = replace(WELL, kdump=Verdict(Badge.RUN, "Collecting: systemctl"))
    assert by_name(judge_machine(hung))["kdump"].badge is Badge.WARN


@pytest.mark.parametrize(
    ("changed", "name", "words"),
    [
        ({"tty": False}, "terminal", "ssh -t"),
        ({"term": "dumb"}, "terminal", "TERM=xterm-256color"),
        ({"columns": 59}, "size", "Enlarge"),
        ({"lines": 15, "columns": 60}, "size", "80 columns"),
        ({"encoding": "latin-1"}, "encoding", "LC_ALL=C.UTF-8"),
        ({"clipboard": ""}, "clipboard", "Y prints"),
    ],
)
def test_what_a_terminal_lacks_is_named(changed: dict[str, object], name: str, words: str) -> None:
    found = by_name(judge_terminal(replace(SCREEN, **changed)))  # type: ignore[arg-type]
    assert found[name].badge is Badge.WARN and words in found[name].remedy
    assert [check.name for check in found.values() if check.badge is not Badge.PASS] == [name]


def test_the_lab_says_what_it_lacks_and_by_which_file_debian_has_it() -> None:
    found = by_name(judge_machine(replace(BARE, system="debian")))["lab"]
    assert found.badge is Badge.NA and "qemu-system-x86_64" in found.summary and "1 more" in found.summary
    script = found.remedy.partition("$(sh ")[2].rstrip(")")
    assert (Path(__file__).parents[3] / script).is_file()
    assert "Debian" in by_name(judge_machine(BARE))["lab"].remedy
