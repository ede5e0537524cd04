"""The parsers of what programs and files of a node say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from parsers.host import (
    bootlog,
    capturelog,
    fatal,
    journal,
    kdumpctl,
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
    assert not none.found and not none.missing


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
    assert estimate == kdumpctl.Estimate(256 * M, True, 3)
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
    assert (debian.path, debian.dump_level) == ("/srv/crash", 31)


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
