"""Where evidence comes from: this machine, a folder, a recording."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rca.encoding import plain
from rca.evidence import Evidence, Kind
from rca.sources import process
from rca.sources.base import Command, Dump, DumpState, File, Source, Where, not_held
from rca.sources.dumps import find_dumps, in_order, lone_file
from rca.sources.folder import FolderSource
from rca.sources.node import NodeSource, clean_environment
from rca.sources.recording import RecordingSource
from rca.sources.saved import dump_from_json

HEADS = Path(__file__).parents[2] / "parsers/dumps"
KDUMP = HEADS / "kdump-lzo.head"
OOPS = "[    4.324819] BUG: kernel NULL pointer dereference, address: 0000000000000030\n"


def python(id_: str, code: str, timeout: float = 20, limit: int = 1 << 20) -> Command:
    """A command that does what the code says."""
    return Command(id_, (sys.executable, "-c", code), timeout, limit)


def crash_directory(root: Path, name: str, **files: bytes) -> Path:
    """A kdump directory with some files; ``_`` stands for a dot and ``__`` for a dash."""
    place = root / name
    place.mkdir(parents=True)
    for file, data in files.items():
        (place / file.replace("__", "-").replace("_", ".")).write_bytes(data)
    return place


@pytest.fixture
def node() -> NodeSource:
    return NodeSource()


def test_all_sources_are_sources(tmp_path: Path, node: NodeSource) -> None:
    sources: list[Source] = [node, FolderSource(tmp_path), RecordingSource({})]
    assert [source.where for source in sources] == [Where.NODE, Where.FOLDER, Where.RECORDING]


def test_a_command_is_run_in_a_clean_environment(node: NodeSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_DEBUG_SECRET", "x")
    got = node.collect(
        python("env", "import os,sys; print(sorted(os.environ)); print(repr(sys.stdin.read()))")
    )
    assert got.ok and got.exit_status == 0 and got.kind is Kind.COMMAND
    assert "LD_DEBUG_SECRET" not in got.lines[0] and "'LC_ALL'" in got.lines[0]
    assert got.lines[1] == "''"
    assert clean_environment()["LC_ALL"] == "C" and clean_environment()["TZ"] == "UTC"


def test_stderr_comes_after_stdout_and_the_status_is_kept(node: NodeSource) -> None:
    got = node.collect(
        python("e", "import sys; sys.stderr.write('warned'); sys.stdout.write('said'); sys.exit(3)")
    )
    assert (got.lines, got.exit_status, got.problem) == (("said", "warned"), 3, "")


def test_nothing_is_given_to_a_shell(node: NodeSource) -> None:
    got = node.collect(Command("echo", ("echo", "$HOME; id | cat > x")))
    assert got.lines == ("$HOME; id | cat > x",)


def test_a_program_that_hangs_is_killed_with_its_children(node: NodeSource) -> None:
    code = "import os,time; pid = os.fork(); print(os.getpid() if pid else os.getpid(), flush=True); time.sleep(600)"
    got = node.collect(python("hang", code, timeout=1.5))
    assert got.problem == "timed out after 1.5 s" and got.exit_status is None
    assert len(got.lines) == 2
    for pid in got.lines:
        assert _ends(int(pid))


def test_a_program_that_cannot_be_killed_costs_its_own_answer_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """What sudo started belongs to root."""
    monkeypatch.setattr(process, "_kill", lambda _: None)
    running = process.Processes()
    outcome = running.run(python("x", "import time; time.sleep(30)", timeout=0.5), clean_environment())
    assert (outcome.problem, outcome.status) == ("timed out after 0.5 s", None)


def test_a_program_reads_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"dump")
    for given, read in ((tmp_path / "x", b"dump"), (Path(os.devnull), b"")):
        with given.open("rb") as file:
            outcome = process.Processes().run(Command("cat", ("cat",)), clean_environment(), file)
        assert (outcome.output, outcome.status) == (read, 0)


def test_a_child_that_keeps_the_pipe_open_does_not_hold_the_answer_back(node: NodeSource) -> None:
    code = "import os,time\nif os.fork() == 0:\n    time.sleep(600)\nprint(os.getpid(), flush=True)"
    got = node.collect(python("orphan", code, timeout=60))
    assert got.ok and got.exit_status == 0 and len(got.lines) == 1


def test_output_without_end_is_cut(node: NodeSource) -> None:
    got = node.collect(python("yes", "while True: print('y' * 99)", limit=5000))
    assert got.problem == "output cut at 5000 bytes" and got.truncated
    assert len(got.text) <= 5000


def test_a_program_that_is_not_there(node: NodeSource) -> None:
    got = node.collect(Command("x", ("no-such-program-here", "a")))
    assert got.problem == "not found: no-such-program-here is not installed"
    assert got.what == "no-such-program-here a" and got.exit_status is None


def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("no header line")
    (tmp_path / "tool").chmod(0o755)
    got = NodeSource(path=str(tmp_path)).collect(Command("x", ("tool",)))
    assert got.problem.startswith("tool could not start:") or got.problem.startswith(str(tmp_path))


def test_close_ends_what_runs_and_refuses_what_comes(node: NodeSource) -> None:
    answers: list[Evidence] = []
    thread = threading.Thread(
        target=lambda: answers.append(
            node.collect(python("long", "import time; time.sleep(600)", timeout=600))
        )
    )
    thread.start()
    while not node._processes._running:
        pass
    node.close()
    thread.join(60)
    assert not thread.is_alive() and len(answers) == 1
    assert node.collect(Command("x", ("true",))).problem.startswith("interrupted")


def test_files(tmp_path: Path, node: NodeSource) -> None:
    (tmp_path / "b").write_bytes(b"one\r\n\x1b[31mtwo\xff\n")
    got = node.collect(File("f", (str(tmp_path / "a"), str(tmp_path / "b"))))
    assert got.ok and got.kind is Kind.FILE and got.what == str(tmp_path / "b")
    assert got.lines == ("one", "\\x1b[31mtwo\ufffd")
    missing = node.collect(File("f", (str(tmp_path / "a"),)))
    assert missing.problem == f"not found: {tmp_path / 'a'}"
    cut = node.collect(File("f", (str(tmp_path / "b"),), limit=3))
    assert (cut.lines, cut.problem, cut.truncated) == (("one",), "output cut at 3 bytes", True)


def test_what_is_no_regular_file_is_not_read(tmp_path: Path, node: NodeSource) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert "not a regular file" in node.collect(File("f", (str(tmp_path / "fifo"),))).problem
    assert node.collect(File("f", (str(tmp_path),))).problem
    assert node.collect(File("f", ("/tmp/a\0b",))).problem


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become someone else")
def test_another_user_is_told_which_permission_lacks(tmp_path: Path) -> None:
    place = crash_directory(tmp_path, "127.0.0.1-2025-12-22-09:02:31", vmcore=KDUMP.read_bytes())
    (place / "vmcore").chmod(0o600)
    for parent in (tmp_path, *tmp_path.parents[:-2]):
        parent.chmod(parent.stat().st_mode | 0o055)
    as_root = find_dumps([tmp_path])[0]
    said = as_nobody(lambda: f"{(dump := find_dumps([tmp_path])[0]).state}: {dump.problem}")
    assert as_root.state is not DumpState.UNREADABLE
    assert said == f"unreadable: permission denied: reading {place / 'vmcore'} needs root"
    place.chmod(0o700)
    said = as_nobody(lambda: find_dumps([tmp_path])[0].problem)
    assert said == f"permission denied: listing {place} needs root"


def as_nobody(work: Callable[[], str]) -> str:
    """Do something in a child process that has no rights, and return what it says."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def test_dumps_newest_complete_first(tmp_path: Path) -> None:
    data = KDUMP.read_bytes()
    log = OOPS.encode()
    crash_directory(tmp_path, "127.0.0.1-2025-12-01-10:00:00", vmcore__dmesg_txt=log)
    crash_directory(tmp_path, "127.0.0.1-2025-12-03-10:00:00", vmcore=data, vmcore__dmesg_txt=log)
    crash_directory(
        tmp_path, "127.0.0.1-2025-12-04-10:00:00", vmcore_flat=(HEADS / "flattened.head").read_bytes()
    )
    crash_directory(tmp_path, "127.0.0.1-2025-12-05-10:00:00", vmcore__incomplete=b"")
    crash_directory(tmp_path, "127.0.0.1-2025-12-06-10:00:00")
    crash_directory(tmp_path, "lost+found")
    os.utime(tmp_path / "127.0.0.1-2025-12-05-10:00:00/vmcore-incomplete", (1, 1))
    found = FolderSource(tmp_path).dumps(None)
    assert [dump.state for dump in found] == [
        DumpState.FLATTENED,
        DumpState.INCOMPLETE,
        DumpState.INCOMPLETE,
        DumpState.UNREADABLE,
        DumpState.LOG_ONLY,
    ]
    cut = next(dump for dump in found if dump.dmesg and dump.vmcore)
    assert cut.problem.startswith(f"cut short: {len(data)} of at least ")
    assert cut.reason == "BUG: kernel NULL pointer dereference, address: 0000000000000030"
    assert cut.header is not None and cut.header.node == "worker-07"
    assert found[-1].saved == datetime(2025, 12, 1, 10, tzinfo=UTC)
    assert [dump.zoneless for dump in found] == [dump.header is None for dump in found]
    kept = [dump_from_json(plain(dump)) for dump in found]
    assert [dump and dump.zoneless for dump in kept] == [dump.zoneless for dump in found]


def test_a_flattened_dump_that_was_cut(tmp_path: Path) -> None:
    whole = (HEADS / "flattened.head").read_bytes()
    place = crash_directory(tmp_path, "d", vmcore_flat=whole[:8300])
    (dump,) = find_dumps([place])
    assert dump.state is DumpState.INCOMPLETE and "mark at the end" in dump.problem
    (place / "vmcore.flat").write_bytes(whole)
    assert find_dumps([place])[0].state is DumpState.FLATTENED


def test_debians_names(tmp_path: Path) -> None:
    place = crash_directory(tmp_path, "202512220902")
    (place / "dump.202512220902").write_bytes(KDUMP.read_bytes())
    (place / "dmesg.202512220902").write_text(OOPS)
    (dump,) = FolderSource(tmp_path).dumps(None)
    assert dump.vmcore == place / "dump.202512220902" and dump.dmesg == place / "dmesg.202512220902"


def test_a_dump_that_is_being_written(tmp_path: Path) -> None:
    place = crash_directory(tmp_path, "127.0.0.1-2025-12-05-10:00:00", vmcore__incomplete=KDUMP.read_bytes())
    assert find_dumps([place])[0].state is DumpState.SAVING


def test_a_folder_is_looked_into_anew_each_time(tmp_path: Path) -> None:
    source = FolderSource(tmp_path)
    assert source.dumps(None) == ()
    crash_directory(tmp_path, "127.0.0.1-2025-12-05-10:00:00", vmcore__dmesg_txt=OOPS.encode())
    assert len(source.dumps(None)) == 1


def test_dumps_two_levels_down_are_found_where_a_folder_holds_none(tmp_path: Path) -> None:
    for way in ("bug-on", "oom"):
        place = tmp_path / way / f"127.0.0.1-2026-01-0{len(way) - 2}-10:00:00"
        place.mkdir(parents=True)
        (place / "vmcore-dmesg.txt").write_text("[ 1.0] x\n")
    (tmp_path / "oom" / "127.0.0.1-2026-02-01-10:00:00").mkdir()
    (tmp_path / "README.txt").write_text("x\n")
    found = FolderSource(tmp_path).dumps(None)
    assert [dump.directory.parent.name for dump in found] == ["bug-on", "oom"]
    assert [dump.state for dump in found] == [DumpState.LOG_ONLY] * 2
    assert len(FolderSource(tmp_path / "oom").dumps(None)) == 2, "what lies nearer is found as ever"


def test_a_vmcore_given_by_name_takes_the_log_beside_it(tmp_path: Path) -> None:
    place = crash_directory(tmp_path, "d", vmcore=KDUMP.read_bytes(), vmcore__dmesg_txt=OOPS.encode())
    (dump,) = lone_file(place / "vmcore")
    assert (dump.vmcore, dump.dmesg) == (place / "vmcore", place / "vmcore-dmesg.txt")
    other = tmp_path / "core.7"
    other.write_bytes(KDUMP.read_bytes())
    assert lone_file(other)[0].vmcore == other


def test_a_saved_log_given_by_name_is_its_crash_directory(tmp_path: Path) -> None:
    place = crash_directory(tmp_path, "d", vmcore=KDUMP.read_bytes(), vmcore__dmesg_txt=OOPS.encode())
    assert lone_file(place / "vmcore-dmesg.txt") == lone_file(place / "vmcore")
    (place / "vmcore").unlink()
    assert lone_file(place / "vmcore-dmesg.txt")[0].state is DumpState.LOG_ONLY


def test_any_kernel_log_is_a_dump_of_a_kind(tmp_path: Path) -> None:
    log = tmp_path / "console.txt"
    log.write_text(OOPS)
    source = FolderSource(log)
    (dump,) = source.dumps(None)
    assert (dump.state, dump.dmesg, dump.reason[:4]) == (DumpState.LOG_ONLY, log, "BUG:")
    assert source.collect(File("vmcore-dmesg", (str(log),))).lines == (OOPS.strip(),)


@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b"GIF89a\0\0"])
def test_bytes_that_are_no_dump(tmp_path: Path, data: bytes) -> None:
    place = crash_directory(tmp_path, "d", vmcore=data)
    (dump,) = find_dumps([place])
    assert dump.problem and dump.state in (DumpState.UNREADABLE, DumpState.INCOMPLETE)


def test_nothing_there(tmp_path: Path) -> None:
    assert find_dumps([tmp_path, tmp_path / "none"]) == ()
    (dump,) = FolderSource(tmp_path / "none").dumps(None)
    assert dump.problem == f"not found: {tmp_path / 'none'}"


def test_a_folder_never_answers_for_this_machine(tmp_path: Path) -> None:
    place = crash_directory(tmp_path, "127.0.0.1-2025-12-22-09:02:31", vmcore__dmesg_txt=OOPS.encode())
    (place / "escape").symlink_to("/etc/os-release")
    for root in (tmp_path, place, place / "vmcore-dmesg.txt", Path("/"), Path("/etc")):
        source = FolderSource(root)
        for path in ("/etc/os-release", "/proc/cmdline", "/escape", f"{tmp_path}/../../../etc/os-release"):
            got = source.collect(File("x", (path,)))
            assert not_held(got) and not got.lines, (root, path)
        assert not_held(source.collect(Command("uname-r", ("uname", "-r"))))
        assert source.which("crash") is None and source.free_bytes("/usr") is None
        assert not source.exists("/etc/os-release")


def test_a_copied_root_answers_for_itself(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('ID="rocky"\n')
    crash_directory(tmp_path, "var/crash/127.0.0.1-2025-12-22-09:02:31", vmcore__dmesg_txt=OOPS.encode())
    source = FolderSource(tmp_path)
    assert source.collect(File("os-release", ("/etc/os-release",))).lines == ('ID="rocky"',)
    assert len(source.dumps(None)) == 1


def test_a_recording_answers_by_id() -> None:
    kept = Evidence(
        "uname-r", Kind.COMMAND, "uname -r", "worker-07", datetime(2025, 12, 22, tzinfo=UTC), ("4.18.0",)
    )
    source = RecordingSource({"uname-r": kept})
    assert source.collect(Command("uname-r", ("uname", "-r"))) is kept
    assert not_held(source.collect(File("os-release", ("/etc/os-release",))))


def test_dumps_on_another_mounted_file_system(tmp_path: Path, node: NodeSource) -> None:
    conf = Evidence("kdump-conf", Kind.FILE, "/etc/kdump.conf", "", datetime.now(UTC), (f"path {tmp_path}",))
    crash_directory(tmp_path, "127.0.0.1-2025-12-22-09:02:31", vmcore__dmesg_txt=OOPS.encode())
    assert [dump.directory.parent for dump in node.dumps(conf)][-1] == tmp_path


def _ends(pid: int) -> bool:
    """Whether a process that was sent a kill is gone soon; the kernel takes its time under load."""
    for _ in range(6000):
        if not _runs(pid):
            return True
        time.sleep(0.01)
    return False


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")


def test_the_order_of_dumps() -> None:
    def made(state: DumpState, day: int) -> Dump:
        return Dump(Path("/x"), state, saved=datetime(2025, 12, day, tzinfo=UTC))

    old, new = made(DumpState.COMPLETE, 1), made(DumpState.COMPLETE, 2)
    cut, log = made(DumpState.INCOMPLETE, 9), made(DumpState.LOG_ONLY, 10)
    assert in_order([log, cut, old, new]) == (new, old, cut, log)
