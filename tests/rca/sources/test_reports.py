"""Evidence that somebody else gathered: a sosreport, an archive, a bundle of our own."""

from __future__ import annotations

import io
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.text import split_lines
from rca.collect import collect, save_bundle
from rca.evidence import Evidence
from rca.opening import OpeningError, open_path
from rca.reading import Reading, Unreadable, readings
from rca.sources.archive import ArchiveSource, unpack
from rca.sources.base import Command, Dump, DumpState, Source, Where, not_held
from rca.sources.folder import FolderSource
from rca.sources.recording import RecordingSource
from rca.steps import baseline, kdump, kubernetes, panicked
from rca.steps.base import Facts
from rca.verdict import Badge
from tests.rca.desk import investigation
from tests.rca.steps.step_facts import OOPS, RELEASE, armed, check, dump, evidence, text

STATUS = (
    "● worker-07\n    State: degraded\n\n"
    f"{text('written/kdump-active.txt')}\n"
    "● kubelet.service - Kubernetes Kubelet\n   Active: active (running) since Mon 2025-12-22 14:38:21 IST\n"
)
CRASH = "var/crash/127.0.0.1-2025-12-22-14:32:31"
REPORT = {
    "etc/redhat-release": "Rocky Linux release 8.10 (Green Obsidian)\n",
    "usr/lib/os-release": text("written/os-release-rocky.txt"),
    "etc/kdump.conf": text("written/kdump.conf-default.txt"),
    "proc/cmdline": "root=/dev/sda1 crashkernel=auto\n",
    "proc/meminfo": "MemTotal:       131071000 kB\n",
    "sys/kernel/kexec_crash_loaded": "1\n",
    "sys/kernel/kexec_crash_size": f"{512 << 20}\n",
    f"{CRASH}/vmcore-dmesg.txt": OOPS,
    "sos_commands/kernel/uname_-a": f"Linux worker-07 {RELEASE} #1 SMP Fri May 24 13:05:10 UTC 2024 x86_64 GNU/Linux\n",
    "sos_commands/login/last_-F_reboot": text("recorded/last-unclean.txt"),
    "sos_commands/login/last_-F_shutdown": "\nwtmp begins Fri Dec 12 03:31:00 2025\n",
    "sos_commands/systemd/systemctl_status_--all": STATUS,
    "sos_commands/systemd/systemctl_list-unit-files": "crond.service enabled\nkubelet.service enabled\n",
    "sos_commands/logs/journalctl_--no-pager_--boot_-1": text("recorded/journal-oops.txt"),
    "sos_commands/process/ps_aux": "USER PID\n",
}
"""What sos 4 writes on such a node, as far as anything here asks for it."""


def unpacked(root: Path) -> Path:
    for name, words in REPORT.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(words)
    (root / "etc/os-release").symlink_to("../usr/lib/os-release")
    return root


@pytest.fixture(params=["directory", "tar.xz"])
def report(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Source]:
    root = unpacked(tmp_path / "sosreport-worker-07-2025-12-22-abcdefg")
    if request.param == "tar.xz":
        packed = tmp_path / f"{root.name}.tar.xz"
        with tarfile.open(packed, "w:xz") as archive:
            archive.add(root, root.name)
        root = packed
    source = open_path(root).source
    yield source
    source.close()


def test_a_sosreport_answers_for_the_node(report: Source) -> None:
    assert not_held(report.collect(Command("ps", ("ps", "aux"))))
    assert report.which("crash") is None and report.free_bytes("/usr") is None
    assert report.exists("/etc/kdump.conf") and not report.exists("/etc/passwd")
    known = collect(report)
    assert known.where is Where.FOLDER and known.dump and known.dump.state is DumpState.LOG_ONLY
    check(
        baseline.judge(known), Badge.WARN, "Rocky Linux 8.10"
    )  # no header: which kernel crashed is the log's word
    check(kdump.judge(known), Badge.PASS, "512 MiB reserved, active (exited)")
    check(panicked.judge(known), Badge.PASS, "NULL pointer dereference")
    assert known.evidence["uname-r"].text == RELEASE and known.evidence["uname-n"].text == "worker-07"
    assert known.evidence["kubelet"].lines == ("kubelet.service enabled",)
    assert known.evidence["uname-r"].what == "uname -r, from sos_commands/kernel/uname_-a"
    assert not_held(known.evidence["boot-id"])
    assert known.evidence["os-release"].what.endswith("/etc/os-release") and "unpacked" not in str(
        known.evidence
    )


def test_a_member_that_sos_left_empty_names_no_unit_that_is_not_there(tmp_path: Path) -> None:
    root = unpacked(tmp_path / "sosreport")
    for name in ("systemctl_status_--all", "systemctl_list-unit-files"):
        (root / "sos_commands/systemd" / name).write_text("")
    known = collect(open_path(root).source)
    for id_ in ("kdump-status", "kubelet"):
        assert not known.evidence[id_].lines and known.evidence[id_].problem.endswith("is empty")
    check(kdump.judge(known), Badge.WARN, "service was not seen")
    check(kubernetes.judge(known), Badge.NA, "is not known", "is empty")


def test_reboots_and_shutdowns_are_put_in_order(tmp_path: Path) -> None:
    root = unpacked(tmp_path / "sosreport")
    clean = split_lines(text("recorded/last-clean.txt"))
    (root / "sos_commands/login/last_-F_reboot").write_text("\n".join((clean[0], clean[2])))
    (root / "sos_commands/login/last_-F_shutdown").write_text(clean[1])
    assert open_path(root).source.collect(panicked.LAST).lines == clean[:3]
    # Older reports leave the years out: then the order is not known, and nothing may be concluded from it.
    (root / "sos_commands/login/last_-F_reboot").rename(root / "sos_commands/login/last_reboot")
    (root / "sos_commands/login/last_reboot").write_text(text("recorded/last-short.txt"))
    assert open_path(root).source.collect(panicked.LAST).lines == ()


def test_what_was_unpacked_is_private_and_goes_away(tmp_path: Path, state: Path) -> None:
    packed = tmp_path / "sosreport.tar"
    with tarfile.open(packed, "w") as archive:
        archive.add(unpacked(tmp_path / "s"), "s")
    source = open_path(packed).source
    assert isinstance(source, ArchiveSource) and not state.exists()
    source.dumps(None)
    inside = [path for path in state.rglob("*") if not path.is_symlink()]
    assert inside and {stat.S_IMODE(path.stat().st_mode) for path in inside} == {0o700, 0o600}
    assert not any(path.name == "ps_aux" for path in inside)
    source.close()
    assert list(state.iterdir()) == []


def packed(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.uid = kind, link, 0o4777, 12
    return info


def test_an_archive_writes_nothing_outside(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "x.tar.gz",
        (member("../escape"), b"x"),
        (member("top/../../escape"), b"x"),
        (member("/etc/escape"), b"x"),
        (member("top/out", tarfile.SYMTYPE, "../.."), b""),
        (member("top/out/escape"), b"x"),
        (member("top/abs", tarfile.SYMTYPE, "/etc"), b""),
        (member("top/hard", tarfile.LNKTYPE, "/etc/passwd"), b""),
        (member("top/fifo", tarfile.FIFOTYPE), b""),
        (member("top/vmcore-dmesg.txt"), OOPS.encode()),
    )
    into = tmp_path / "deep" / "in"
    into.mkdir(parents=True)
    assert unpack(path, into) == ""
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*escape*")) == ["deep/in/out/escape"]
    assert stat.S_IMODE((into / "vmcore-dmesg.txt").stat().st_mode) == 0o600
    assert not (into / "abs").is_symlink() and not (into / "hard").exists() and not (into / "fifo").exists()


def test_links_that_lead_outside_only_together_are_not_followed(tmp_path: Path) -> None:
    """The first stays inside for as long as the second is not there; together they climb out."""
    (tmp_path / "secret").write_text("secret")
    path = packed(
        tmp_path / "hostile.tar.gz",
        (member("top/d/e/a", tarfile.SYMTYPE, "b/../../.."), b""),
        (member("top/d/e/b", tarfile.SYMTYPE, "../.."), b""),
        (member("top/d/e/a/escape"), b"x"),
        (member("top/d/e/a/folder/escape"), b"x"),
        (member("top/d/e/log", tarfile.SYMTYPE, "b/../../../secret"), b""),
        (member("top/loop", tarfile.SYMTYPE, "loop"), b""),
        (member("top/vmcore-dmesg.txt"), OOPS.encode()),
    )
    into = tmp_path / "1" / "2" / "in"
    into.mkdir(parents=True)
    assert unpack(path, into) == ""
    assert [
        p for p in tmp_path.rglob("*") if not p.resolve().is_relative_to(into) and "escape" in p.name
    ] == []
    assert not (into / "d/e/log").exists() and (into / "vmcore-dmesg.txt").is_file()
    assert [p for p in into.rglob("*") if not p.resolve().is_relative_to(into)] == []


def test_a_crash_directory_in_an_archive(tmp_path: Path) -> None:
    for name in ("127.0.0.1-2025-12-22-09:02:31/vmcore-dmesg.txt", "./vmcore-dmesg.txt"):
        path = packed(tmp_path / "crash.tar.gz", (member(name), OOPS.encode()))
        (reading,) = readings(path)
        assert isinstance(reading, Reading) and reading.evidence["vmcore-dmesg"].text == OOPS.strip()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.integers(0, 1200), st.binary(max_size=8))
def test_a_damaged_archive_is_said_to_be_one(tmp_path: Path, cut: int, junk: bytes) -> None:
    whole = packed(
        tmp_path / "x.tar.gz", *((member(f"top/{n}/vmcore-dmesg.txt"), OOPS.encode()) for n in range(9))
    )
    data = whole.read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(data[: min(cut, len(data) - 9)] + junk)
    for found in readings(tmp_path / "cut.tar.gz"):
        assert isinstance(found, Reading) or found.error


def test_an_archive_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.tar.xz").write_bytes(b"not xz")
    with pytest.raises(OpeningError, match="damaged or no archive"):
        open_path(tmp_path / "x.tar.xz")
    (found,) = readings(tmp_path / "x.tar.xz")
    assert isinstance(found, Unreadable) and "damaged" in found.error


class Node(RecordingSource):
    """A node that answers from a recording, and is asked as a node."""

    where = Where.NODE


def node() -> Node:
    kept: dict[str, Evidence] = evidence(
        os_release=text("written/os-release-rocky.txt"), uname_r=RELEASE, vmcore_dmesg=OOPS, kdump_conf=""
    )
    return Node(kept | armed(), (dump(), dump(DumpState.INCOMPLETE)))


@pytest.mark.parametrize("name", ["bundle", "bundle.tar.gz"])
def test_a_bundle_opens_as_the_node_was(tmp_path: Path, name: str) -> None:
    known = collect(node())
    out = tmp_path / name
    save_bundle(known, out)
    assert stat.S_IMODE(out.stat().st_mode) == (0o700 if out.is_dir() else 0o600)
    opening = open_path(out)
    assert opening.where is Where.NODE
    assert opening.source.dumps(None) == known.dumps
    with investigation(out) as desk:
        judged = {n: desk.verdicts[n].badge for n in (0, 1, 2, 3, 4, 8)}
        assert judged == {
            0: Badge.PASS,
            1: Badge.PASS,
            2: Badge.PASS,
            3: Badge.PASS,
            4: Badge.FAIL,
            8: Badge.PASS,
        }
        assert "holds evidence, not the vmcore" in desk.verdicts[4].summary
    with pytest.raises(FileExistsError):
        save_bundle(known, out)


def test_collecting_follows_what_the_answers_lead_to(tmp_path: Path) -> None:
    known: Facts = collect(FolderSource(tmp_path))
    assert not_held(known.evidence["kdump-status"]) and known.dumps == ()
    assert isinstance(known.dump, Dump | None)
    assert {"journal", "messages"} <= set(known.evidence)
