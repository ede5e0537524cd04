"""What reaches another machine, or root's files: URLs, listings by find, pieces by dd, sudo where it was allowed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.opening import OpeningError, open_path
from rca.sources.answers import SUDO, ask, disk_runner, read_by_programs
from rca.sources.base import Command, File, Where
from rca.sources.disk import LOCAL
from rca.sources.dumps import find_dumps
from rca.sources.link import Target, parse_target
from rca.sources.node import NodeSource, clean_environment
from rca.sources.process import Outcome, Processes
from rca.sources.tooldisk import ToolDisk

KDUMP = Path(__file__).parents[2] / "parsers/dumps/kdump-lzo.head"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("ssh://root@worker-07", Target("worker-07", "root")),
        ("ssh://worker-07.example:2222/", Target("worker-07.example", "", 2222)),
        ("ssh://root@[fe80::1%eth0]:22", Target("fe80::1%eth0", "root", 22)),
        ("ssh://-oProxyCommand=id", None),
        ("ssh://root@-x", None),
        ("ssh://-l@host", None),
        ("ssh://host/var/crash", None),
        ("ssh://host:99999", None),
        ("ssh://a b", None),
        ("ssh://", None),
        ("/var/crash", None),
    ],
)
def test_targets(url: str, target: Target | None) -> None:
    assert parse_target(url) == target


@given(st.text(max_size=30))
def test_no_target_is_an_option(text: str) -> None:
    target = parse_target(f"ssh://{text}")
    assert target is None or not target.destination.startswith("-")


def test_a_url_is_opened_as_a_node() -> None:
    opening = open_path(Path("ssh://root@worker-07"))
    assert (opening.where, opening.subject) == (Where.NODE, "ssh://root@worker-07")
    with pytest.raises(OpeningError, match="write ssh://HOST"):
        open_path(Path("ssh://root@worker-07/var/crash"))


def here(command: Command) -> Outcome:
    return Processes().run(command, clean_environment())


def as_nobody(command: Command) -> Outcome:
    argv = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", *command.argv)
    return here(Command(command.id, argv, command.timeout, command.limit))


def crash_directories(root: Path) -> Path:
    """One with a dump, one empty, one whose name is hard to list."""
    for name in (
        "127.0.0.1-2025-12-22-09:02:31",
        "127.0.0.1-2025-12-23-09:02:31",
        "odd \n'name' 2025-12-01-10:00",
    ):
        (root / name).mkdir(parents=True)
    (root / "127.0.0.1-2025-12-22-09:02:31/vmcore").write_bytes(KDUMP.read_bytes())
    (root / "127.0.0.1-2025-12-22-09:02:31/vmcore-dmesg.txt").write_text("[ 1.0] kernel BUG at x.c:1!\n")
    (root / "odd \n'name' 2025-12-01-10:00/vmcore-incomplete").write_bytes(b"")
    os.utime(root / "odd \n'name' 2025-12-01-10:00/vmcore-incomplete", (1, 1))
    return root


def test_programs_tell_of_files_what_the_system_does(tmp_path: Path) -> None:
    root = crash_directories(tmp_path)
    disk = ToolDisk(disk_runner(here))
    assert disk.names(root) == LOCAL.names(root)
    core = root / "127.0.0.1-2025-12-22-09:02:31/vmcore"
    assert disk.status(core).size == LOCAL.status(core).size and not disk.status(core).directory
    assert disk.read(core, 4096, 100) == LOCAL.read(core, 4096, 100)
    assert disk.read(core, 1 << 40, 100) == b""
    for missing in (disk.names, disk.status):
        with pytest.raises(FileNotFoundError):
            missing(root / "none")
    assert find_dumps([root], disk) == find_dumps([root])


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become someone else")
def test_what_may_not_be_seen_is_said_to_be_so(tmp_path: Path) -> None:
    root = crash_directories(tmp_path)
    for parent in (tmp_path, *tmp_path.parents[:-2]):
        parent.chmod(parent.stat().st_mode | 0o055)
    (root / "127.0.0.1-2025-12-22-09:02:31/vmcore").chmod(0o600)
    (root / "127.0.0.1-2025-12-23-09:02:31").chmod(0o700)
    disk = ToolDisk(disk_runner(as_nobody))
    assert LOCAL.names(root) == disk.names(root)
    with pytest.raises(PermissionError):
        disk.names(root / "127.0.0.1-2025-12-23-09:02:31")
    with pytest.raises(PermissionError):
        disk.read(root / "127.0.0.1-2025-12-22-09:02:31/vmcore", 0, 10)
    probe = File("core", (str(root / "127.0.0.1-2025-12-22-09:02:31/vmcore"),))
    assert read_by_programs(probe, "x", as_nobody).problem.startswith("permission denied: reading ")


class Recorder:
    """Answers as a machine on which sudo works, or does not."""

    def __init__(self, sudo: Outcome) -> None:
        self.sudo = sudo
        self.asked: list[Sequence[str]] = []

    def __call__(self, command: Command) -> Outcome:
        self.asked.append(command.argv)
        return self.sudo if command.argv[0] == "sudo" else Outcome(b"plain\n", status=0)


def test_sudo_is_used_only_where_allowed_and_needed() -> None:
    able = Recorder(Outcome(b"as root\n", status=0))
    needs = Command("journal", ("journalctl", "-k"), root=True)
    assert (
        ask(needs, "x", able).text == ask(Command("uname", ("uname",)), "x", able, sudo=True).text == "plain"
    )
    got = ask(needs, "x", able, sudo=True)
    assert (got.text, got.what) == ("as root", "sudo -n -- journalctl -k")
    assert able.asked[-1] == (*SUDO, "journalctl", "-k")
    assert read_by_programs(File("f", ("/f",)), "x", able, sudo=True).text == "as root"


def test_where_sudo_wants_a_password_it_goes_on_without() -> None:
    refused = Recorder(Outcome(b"", b"sudo: a password is required\n", 1))
    got = ask(Command("journal", ("journalctl",), root=True), "x", refused, sudo=True)
    assert (got.text, got.exit_status) == ("plain", 0)


def test_root_needs_no_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not NodeSource(sudo=True)._sudo
