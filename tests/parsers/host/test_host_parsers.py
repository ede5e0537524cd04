"""The parsers of what programs and files of a node say."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.host import (
    bootlog,
    capturelog,
    dnf,
    fatal,
    journal,
    kdumpctl,
    kubepods,
    kubernetes,
    lastlog,
    systemd,
)
from parsers.host.cmdline import parse_crashkernel, parse_size
from parsers.host.kdumpconf import parse_kdump_conf
from parsers.host.osrelease import parse_os_release
from parsers.text import split_lines

HOST = Path(__file__).parents[2] / "rca/steps/host"
M = 1 << 20
G = 1 << 30


def lines(name: str) -> tuple[str, ...]:
    """A recorded or written text."""
    return split_lines((HOST / name).read_text("utf-8"))


def test_os_release() -> None:
    rocky = parse_os_release(lines("written/os-release-rocky.txt"))
    assert (rocky.id, rocky.version_id, rocky.title, rocky.line) == ("rocky", "8.10", "Rocky Linux 8.10", 3)
    assert rocky.is_el8
    assert not parse_os_release(lines("recorded/os-release-debian.txt")).is_el8
    assert not parse_os_release(['ID="rocky"', 'VERSION_ID="9.4"']).is_el8
    assert not parse_os_release(['ID="rocky"', 'VERSION_ID="80"']).is_el8
    assert parse_os_release(["ID=centos", "VERSION_ID=8"]).is_el8


@pytest.mark.parametrize(
    ("text", "memory", "wanted"),
    [
        ("crashkernel=auto", 128 * G, 512 * M),
        ("crashkernel=auto", 3 * G, 192 * M),
        ("crashkernel=auto", 512 * M, 0),
        ("crashkernel=512M", 8 * G, 512 * M),
        ("crashkernel=512M@16M", 8 * G, 512 * M),
        ("crashkernel=1G,high", 8 * G, 1 * G),
        ("crashkernel=256M,low", 8 * G, 256 * M),
        ("crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M", 8 * G, 256 * M),
        ("crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M", 64 * G, 512 * M),
        ("crashkernel=1G-4G:192M", 8 * G, 0),
    ],
)
def test_crashkernel(text: str, memory: int, wanted: int) -> None:
    (entry,) = parse_crashkernel(f"BOOT_IMAGE=/vmlinuz root=/dev/sda1 {text} quiet")
    assert not entry.problem
    assert entry.wanted(memory) == wanted


@pytest.mark.parametrize(
    "text", ["crashkernel=lots", "crashkernel=1G-:x", "crashkernel=512M@y", "crashkernel="]
)
def test_a_malformed_crashkernel_says_why(text: str) -> None:
    assert parse_crashkernel(text)[0].problem


def test_crashkernel_is_a_whole_word_before_inits_arguments() -> None:
    assert parse_crashkernel("nocrashkernel=1M xcrashkernel=1M quiet -- crashkernel=512M") == ()
    assert [entry.where for entry in parse_crashkernel("crashkernel=1G,high crashkernel=256M,low")] == [
        "high",
        "low",
    ]
    assert parse_size("0x10M") == 16 * M


@pytest.mark.parametrize(
    ("name", "clean"),
    [("unclean", [None, False]), ("clean", [None, True]), ("later", [None, False, False]), ("one", [None])],
)
def test_last(name: str, clean: list[bool | None]) -> None:
    boots = lastlog.parse_last(lines(f"recorded/last-{name}.txt"))
    assert [boot.clean for boot in boots] == clean
    assert boots[0].kernel == "4.18.0-553.el8_10.x86_64"
    assert all(boot.started and boot.started.tzinfo is UTC for boot in boots)


def test_last_without_years_still_tells_the_order() -> None:
    boots = lastlog.parse_last(lines("recorded/last-short.txt"))
    assert [(boot.clean, boot.started) for boot in boots] == [(None, None), (False, None)]


def test_a_shutdown_speaks_for_one_boot_only() -> None:
    clean = lines("recorded/last-clean.txt")
    boots = lastlog.parse_last([*clean[:3], *lines("recorded/last-unclean.txt")[1:2]])
    assert [boot.clean for boot in boots] == [None, True, False]


def test_systemctl_status() -> None:
    active = systemd.parse_status(lines("written/kdump-active.txt"))
    assert (active.active, active.sub, active.enabled, active.line) == ("active", "exited", "enabled", 3)
    unmet = systemd.parse_status(lines("written/kdump-condition.txt"))
    assert (unmet.active, unmet.condition) == (
        "inactive",
        "ConditionKernelCommandLine=crashkernel was not met",
    )
    assert systemd.parse_status(lines("written/kdump-missing.txt")).missing
    none = systemd.parse_status(lines("recorded/systemctl-no-systemd.txt"))
    assert none.no_systemd and not none.found and not none.missing


def test_unit_files() -> None:
    assert systemd.parse_unit_files(lines("recorded/list-unit-files-kubelet.txt")) == (
        ("kubelet.service", "disabled", 1),
    )


def test_kdumpctl() -> None:
    estimate = kdumpctl.parse_kdumpctl(
        [
            "Reserved crashkernel:    192M",
            "Recommended crashkernel: 256M",
            "WARNING: Current crashkernel size is lower than recommended size 256M.",
        ]
    )
    assert estimate == kdumpctl.Estimate(192 * M, 256 * M, True, 3)
    assert kdumpctl.failures(lines("written/kdump-failed.txt")) == (8, 9)
    assert kdumpctl.failures(lines("written/kdump-active.txt")) == ()


def test_the_log_of_the_boot_after_a_crash() -> None:
    assert bootlog.unclean_signs(lines("recorded/journal-after-crash.txt")) == (2, 3)
    assert bootlog.unclean_signs(lines("recorded/journal-quiet.txt")) == ()
    for said in (
        "crashkernel reservation failed - No suitable area found.",
        "Reserving 512MB of memory at 640MB for crashkernel (System RAM: 131071MB)",
        "crashkernel: memory value expected",
    ):
        assert bootlog.reservation(["[    0.0] x kernel: booted", f"[    0.0] x kernel: {said}"]) == 2


def test_a_system_log_that_is_kept_over_reboots() -> None:
    boot = "Dec 22 09:08:05 worker-07 kernel: Linux version 4.18.0-553.el8_10.x86_64"
    other = "Dec 22 09:00:00 worker-07 app[1]: Linux version is old"
    assert bootlog.previous_boot([boot, other, boot, other]) == range(1, 3)
    assert bootlog.previous_boot([other, boot]) == range(1, 2)
    assert bootlog.previous_boot([boot, other]) is bootlog.previous_boot([other]) is None


def test_why_the_capture_kernel_could_not_save() -> None:
    assert capturelog.failures(lines("written/kexec-dmesg-full-disk.txt")) == (4, 5, 6)


def test_kdump_conf() -> None:
    default = parse_kdump_conf(lines("written/kdump.conf-default.txt"))
    assert (default.kind, default.path, default.dump_level) == ("local", "/var/crash", 31)
    nfs = parse_kdump_conf(lines("written/kdump.conf-nfs.txt"))
    assert (nfs.kind, nfs.target, nfs.path, nfs.remote, nfs.target_line) == (
        "nfs",
        "storage-1:/export/dumps",
        "/crash",
        True,
        1,
    )
    ssh = parse_kdump_conf(lines("written/kdump.conf-ssh.txt"))
    assert (ssh.kind, ssh.target, ssh.others) == (
        "ssh",
        "kdump@dumps-1",
        (("sshkey", "/root/.ssh/kdump_id_rsa"),),
    )
    assert parse_kdump_conf(["ext4 UUID=12"]).kind == "fs"
    debian = parse_kdump_conf(["USE_KDUMP=1", 'KDUMP_COREDIR="/srv/crash"', 'MAKEDUMP_ARGS="-c -d 31"'])
    assert (debian.debian, debian.path, debian.dump_level) == (True, "/srv/crash", 31)


def test_journal_notices() -> None:
    def kinds(name: str) -> list[journal.Notice]:
        return [notice for notice, _ in journal.notices(lines(name))]

    assert kinds("recorded/journal-volatile.txt") == [journal.Notice.VOLATILE]
    assert kinds("recorded/journal-no-boot.txt") == [journal.Notice.NO_FILES, journal.Notice.NO_SUCH_BOOT]
    assert kinds("written/journal-oops.txt") == []
    assert journal.notices(["-- No entries --"]) == ((journal.Notice.EMPTY, 1),)
    # A message that only quotes journalctl is no remark of journalctl.
    assert journal.notices(["[1.0] h kernel: x Specifying boot ID or boot offset has no effect"]) == ()


@pytest.mark.parametrize(("name", "number"), [("list-boots-239", 3), ("list-boots-254", 2)])
def test_list_boots(name: str, number: int) -> None:
    boots = journal.parse_boots(lines(f"written/{name}.txt"))
    assert len(boots) == number
    assert boots[-2].first == datetime(2025, 12, 12, 3, 31, tzinfo=UTC)
    found = journal.boot_of(boots, datetime(2025, 12, 22, 9, 2, 5, tzinfo=UTC))
    assert found is not None and found.offset == -1
    assert journal.boot_of(boots, datetime(2020, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "line",
    [
        "[    4.324819] BUG: kernel NULL pointer dereference, address: 0000000000000030",
        "<1>[    4.324819] BUG: unable to handle kernel paging request at ffffffffc02be3c8",
        "[    4.324819][  T102] kernel BUG at lib/list_debug.c:56!",
        "Dec 22 09:02:05 worker-07 kernel: [ 9899.5] general protection fault, probably for non-canonical address",
        "[ 9899.500000] worker-07 kernel: Kernel panic - not syncing: sysrq triggered crash",
        "2025-12-22T09:02:05+0000 worker-07 kernel: Oops: 0000 [#1] SMP PTI",
        "Kernel panic - not syncing: Fatal exception",
    ],
)
def test_fatal_lines(line: str) -> None:
    assert fatal.is_fatal(line)


@pytest.mark.parametrize(
    "line",
    [
        "[ 9876.1] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker/3:1:77]",
        "[    1.0] CPU: 1 PID: 7 Comm: Kernel panic - not syncing Not tainted 4.18.0",
        "[    1.0] systemd[1]: Started Kernel panic - not syncing",
        "Dec 22 09:02:05 host app: BUG: unable to handle kernel paging request",
        "[    1.0] WARNING: CPU: 0 PID: 1 at kernel/panic.c:1",
        "[    0.0] Kernel command line: oops=panic",
    ],
)
def test_lines_that_are_not_fatal(line: str) -> None:
    assert not fatal.is_fatal(line)


def event(
    reason: str, message: str = "", kind: str = "Node", name: str = "worker-07", **more: Any
) -> dict[str, Any]:
    """One event as the API serves it."""
    subject = {"kind": kind, "name": name}
    return {
        "metadata": {"name": "e", "namespace": "default"},
        "involvedObject": subject,
        "reason": reason,
    } | ({"message": message} | more)


def listed(*items: dict[str, Any]) -> list[str]:
    """A list as kubectl prints it, a warning before it."""
    return ["Warning: something", *json.dumps({"kind": "List", "items": list(items)}, indent=4).split("\n")]


def test_events_are_sorted_by_the_time_at_which_they_were_last_seen() -> None:
    events = kubernetes.parse_events(
        listed(
            event("Third", lastTimestamp=None, eventTime="2025-12-22T09:09:00.000000Z"),
            event("Second", lastTimestamp="2025-12-22T09:08:00Z"),
            event(
                "Fourth",
                series={"lastObservedTime": "2025-12-22T09:10:00.5Z"},
                lastTimestamp="2025-12-22T09:00:00Z",
            ),
            event("First", lastTimestamp=None),
        )
    )
    assert [entry.reason for entry in events] == ["First", "Second", "Third", "Fourth"]


def test_evictions_that_were_cancelled_are_none() -> None:
    events = kubernetes.parse_events(
        listed(
            event("TaintManagerEviction", "Marking for deletion Pod ns/p", "Pod", "p"),
            event("TaintManagerEviction", "Cancelling deletion of Pod ns/p", "Pod", "p"),
        )
    )
    assert [kubernetes.evicts(entry) for entry in events] == [True, False]


def test_the_surest_sign_finds_the_node() -> None:
    nodes = (
        kubernetes.Node("a", boot_id="1", machine_id="m", addresses=("10.0.0.1",)),
        kubernetes.Node("worker-07.example", boot_id="2", machine_id="m"),
    )

    def found(**signs: Any) -> tuple[str, str] | None:
        match = kubernetes.find_node(nodes, **signs)
        return (match[0].name, match[1]) if match else None

    assert found(boot_id="2", hostname="a") == ("worker-07.example", "boot ID")
    assert found(boot_id="9", machine_id="m") is None  # cloned machines share it
    assert found(addresses=["10.0.0.1"], hostname="worker-07") == ("a", "address")
    assert found(hostname="Worker-07") == ("worker-07.example", "name")


@pytest.mark.parametrize(
    ("text", "cores"),
    [("1500m", 1.5), ("8", 8.0), ("2k", 2000.0), ("1Ki", 1024.0), ("", None), ("x", None), ("-1", None)],
)
def test_quantities(text: str, cores: float | None) -> None:
    assert kubepods.parse_quantity(text) == cores


def test_what_json_spells_out_is_inert_all_the_same() -> None:
    hostile = "a\x1b]0;x\x07\u202e"
    (node,) = kubernetes.parse_nodes(json.dumps({"items": [{"metadata": {"name": hostile}}]}).split("\n"))
    container = {"resources": {"requests": {f"x/{hostile}": "1"}}}
    pod = {"metadata": {"name": hostile}, "spec": {"containers": [container]}}
    (found,) = kubepods.parse_pods(json.dumps({"items": [pod]}).split("\n"))
    for words in (node.name, found.name, *found.devices):
        assert words.endswith("a\\x1b]0;x\\x07\\u202e")


PARSERS: list[Callable[[list[str]], object]] = [
    parse_os_release,
    lambda text: parse_crashkernel("\n".join(text)),
    lastlog.parse_last,
    systemd.parse_status,
    systemd.parse_unit_files,
    kdumpctl.parse_kdumpctl,
    kdumpctl.failures,
    bootlog.unclean_signs,
    bootlog.reservation,
    bootlog.previous_boot,
    capturelog.failures,
    parse_kdump_conf,
    journal.notices,
    journal.parse_boots,
    fatal.fatal_lines,
    fatal.shuts_down,
    kubernetes.parse_nodes,
    kubernetes.parse_events,
    kubepods.parse_pods,
    kubepods.parse_lease,
    dnf.trouble,
    lastlog.newest_first,
]
SAMPLES = [text for path in sorted(HOST.glob("*/*.txt")) for text in split_lines(path.read_text("utf-8"))]


@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from(SAMPLES)), max_size=12), st.integers(0, 400))
def test_no_text_makes_a_parser_raise(text: list[str], cut: int) -> None:
    for parser in PARSERS:
        parser(text)
        parser([line[:cut] for line in text])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("9999-12-31T23:59:59-14:00"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "items",
                    "metadata",
                    "name",
                    "status",
                    "conditions",
                    "type",
                    "lastTimestamp",
                    "series",
                    "addresses",
                    "count",
                    "spec",
                    "containers",
                    "resources",
                    "requests",
                    "cpu",
                    "securityContext",
                    "capabilities",
                    "add",
                    "containerStatuses",
                    "state",
                    "ownerReferences",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["items", "metadata", "status", "spec"]), JSON, max_size=3))
def test_no_json_makes_a_parser_raise(value: dict[str, Any]) -> None:
    text = json.dumps(value).split("\n")
    kubernetes.parse_nodes(text)
    kubernetes.parse_events(text)
    kubepods.parse_pods(text)
    kubepods.parse_lease(text)
