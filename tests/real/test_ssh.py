"""A node over ssh, on a real sshd: commands, files, dumps, crash, and what happens when the line breaks."""

from __future__ import annotations

import getpass
import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from rca import lab
from rca.archive import ArchiveError, SshDepot, archive, remove
from rca.audit import broken_at, read_audit
from rca.case import Case, new_subject
from rca.changing.plan import plans
from rca.changing.run import carry_out
from rca.crash.base import SessionState
from rca.crash.transcript import Block, Transcript
from rca.evidence import Evidence, Kind
from rca.investigation import Investigation
from rca.opening import Opening
from rca.sessions import begin_live, look_for_crash
from rca.sources.base import Command, DumpState, File, Where
from rca.sources.dumps import find_dumps, lone_file
from rca.sources.link import Target
from rca.sources.runs import Ran, Runs
from rca.sources.ssh import SshSource
from rca.steps.base import Facts
from rca.verdict import Badge
from tests.rca.desk import until
from tests.real.sshd import Sshd, sshd
from tests.real.test_rebuild import flattened

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def source(server: Sshd, *, sudo: bool = False, runs: Runs | None = None) -> SshSource:
    target = Target("127.0.0.1", getpass.getuser(), server.port)
    return SshSource(target, sudo=sudo, options=server.options, runs=runs)


@pytest.fixture
def node(server: Sshd) -> Iterator[SshSource]:
    asked = source(server)
    yield asked
    asked.close()


@pytest.mark.parametrize(
    "words", ["$HOME; id | cat > x", 'it\'s "quoted"', "a\\b `id`", "*", "two\nlines", "", "-n"]
)
def test_no_word_means_anything_to_the_remote_shell(node: SshSource, words: str) -> None:
    got = node.collect(Command("printf", ("printf", "%s|", words)))
    assert got.text == f"{words}|" and got.exit_status == 0 and got.ok


def test_commands_answer_as_they_do_here(node: SshSource) -> None:
    told = node.collect(Command("e", ("sh", "-c", "echo warned >&2; echo said; exit 3")))
    assert (told.lines, told.exit_status, told.problem) == (("said", "warned"), 3, "")
    assert (
        node.collect(Command("x", ("no-such-program",))).problem
        == "not found: no-such-program is not installed"
    )
    assert "LC_ALL=C" in node.collect(Command("env", ("env",))).lines
    cut = node.collect(Command("yes", ("yes",), limit=5000))
    assert cut.truncated and len(cut.text) <= 5000
    assert node.which("sh") in ("/usr/bin/sh", "/bin/sh") and node.which("no-such-program") is None
    assert node.exists("/etc/passwd") and not node.exists("/no/such/file")
    assert (node.free_bytes("/usr/no/such") or 0) > 0


def test_a_command_that_hangs_ends_on_the_node_too(node: SshSource, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    argv = ("sh", "-c", 'echo $$ > "$0"; exec sleep 600', str(pid))
    got = node.collect(Command("hang", argv, timeout=1))
    assert got.problem == "timed out after 1 s"
    deadline = time.monotonic() + 30
    while Path(f"/proc/{pid.read_text().strip()}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_files(node: SshSource, tmp_path: Path) -> None:
    (tmp_path / "a b").write_bytes(b"one\r\n\x1b[31mtwo\n")
    got = node.collect(File("f", (str(tmp_path / "none"), str(tmp_path / "a b"))))
    assert (got.lines, got.kind, got.what) == (("one", "\\x1b[31mtwo"), Kind.FILE, str(tmp_path / "a b"))
    assert node.collect(File("f", (str(tmp_path / "none"),))).problem.startswith("not found: ")
    cut = node.collect(File("f", (str(tmp_path / "a b"),), limit=3))
    assert (cut.lines, cut.truncated) == (("one",), True)
    tail = node.collect(File("f", (str(tmp_path / "a b"),), limit=4, tail=True))
    assert (tail.lines, tail.problem) == (("two",), "")
    assert "directory" in node.collect(File("f", (str(tmp_path),))).problem
    assert node.collect(File("cmdline", ("/proc/cmdline",))).lines


def test_many_commands_share_one_connection(server: Sshd) -> None:
    before = server.logins()
    asked = source(server)
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda n: asked.collect(Command(f"c{n}", ("echo", str(n)))).text, range(40)))
    asked.close()
    assert answers == [str(n) for n in range(40)]
    assert server.logins() == before + 1


def test_what_a_login_shell_prints_by_itself_is_no_answer(tmp_path: Path) -> None:
    loud = tmp_path / "loud"
    loud.write_text('#!/bin/sh\necho Welcome\necho "stty: no tty" >&2\nexec sh -c "$SSH_ORIGINAL_COMMAND"\n')
    loud.chmod(0o755)
    with sshd(tmp_path, f"ForceCommand {loud}") as server:
        node = source(server)
        said = [node.collect(Command("say", argv, limit=13)) for argv in (("echo", "x"), ("cat", "/none"))]
        assert [found.text for found in said] == ["x", "cat: /none: N"]
        assert [found.truncated for found in said] == [False, True]
        assert node._real("/proc/../proc") == "/proc"
        node.close()


def test_a_connection_that_broke_is_opened_anew(node: SshSource) -> None:
    assert node.collect(Command("one", ("echo", "1"))).text == "1"
    broken = node.link._master
    assert broken
    broken.kill()
    broken.wait()
    assert node.collect(Command("two", ("echo", "2"))).text == "2"


def test_every_program_that_ran_beside_a_probe_is_told_of(server: Sshd, tmp_path: Path) -> None:
    (tmp_path / "127.0.0.1-2025-12-22-09:02:31").mkdir()
    (tmp_path / "127.0.0.1-2025-12-22-09:02:31" / "vmcore").write_bytes(b"KDUMP   ")
    runs, told = Runs(), list[Ran]()
    asked = source(server, runs=runs)
    asked.collect(Command("probe", ("echo", "evidence tells of this")))
    asked.collect(File("conf", ("/etc/no-such-file", "/etc/passwd")))
    asked.dumps(asked.collect(File("kdump-conf", (str(tmp_path / "none"),))))
    disk = asked.disk()
    disk.read(next(iter(tmp_path.glob("*/vmcore"))), 0, 8)
    asked.which("crash")
    asked.exists("/etc/passwd")
    asked.free_bytes("/usr")
    asked.close()
    runs.listen(told.append)
    programs = [one.what.split()[0] for one in told]
    assert programs[0] == "ssh" and told[0].where == "this machine" and "echo" not in programs
    assert set(programs) == {"ssh", "head", "cat", "find", "dd", "test", "df"}
    read = next(one for one in told if one.what.startswith("dd ") and str(tmp_path) in one.what)
    assert (read.size, read.status, read.where) == (8, 0, asked.name)
    assert read.sha256 == hashlib.sha256(b"KDUMP   ").hexdigest()
    assert [one.status for one in told if one.what.endswith("no-such-file")] == [1]


def test_a_case_over_ssh_audits_what_ran_on_the_node(
    server: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path))
    runs = Runs()
    desk = Investigation(Opening(source(server, runs=runs), Where.NODE, "node", runs=runs))
    desk.start()
    until(lambda: desk.directory is not None and desk.facts.dumps is not None)
    desk.close()
    assert desk.directory
    entries = [entry.data for entry in read_audit(desk.directory)]
    assert {"ssh", "find", "cat", "head"} <= {str(entry["what"]).split()[0] for entry in entries}
    assert all(entry["user"] and entry["where"] and entry["when"] and "sha256" in entry for entry in entries)
    assert broken_at(desk.directory) == 0


def test_a_flattened_dump_is_rebuilt_on_the_node(
    panics: dict[str, lab.Panic], server: Sshd, tmp_path: Path
) -> None:
    flattened(panics["sysrq"].vmcore, tmp_path)
    asked = source(server)
    (flat,) = find_dumps([tmp_path], asked.disk())
    assert flat.state is DumpState.FLATTENED
    (plan,) = (plan for plan in plans(Facts(Where.NODE, "x", dumps=(flat,), dump=flat)) if plan.stdin)
    assert "passes through this machine" in plan.cost
    done = carry_out(plan, asked)
    assert done.verdict.badge is Badge.PASS, (done.verdict, done.evidence.text)
    assert done.evidence.what.startswith("cat -- ") and done.evidence.exit_status == 0
    (made,) = lone_file(tmp_path / "vmcore.rebuilt")
    assert made.state is DumpState.COMPLETE
    (tmp_path / "vmcore.rebuilt").unlink()
    lost = replace(plan, stdin=tmp_path / "none")
    assert carry_out(lost, asked).verdict.badge is Badge.FAIL
    asked.close()


def test_nothing_is_left_after_close(server: Sshd) -> None:
    asked = source(server)
    hung: list[Evidence] = []
    thread = threading.Thread(target=lambda: hung.append(asked.collect(Command("s", ("sleep", "600"), 600))))
    thread.start()
    while not asked.link._processes._running:
        time.sleep(0.01)
    directory, master = asked.link._directory, asked.link._master
    asked.close()
    thread.join(30)
    assert not thread.is_alive() and hung[0].problem
    assert directory and not directory.exists() and master and master.poll() is not None


def test_why_there_is_no_connection_is_said_in_a_sentence(server: Sshd, tmp_path: Path) -> None:
    user = getpass.getuser()
    unknown = tmp_path / "config"
    unknown.write_text((server.place / "ssh_config").read_text().replace("known_hosts", "no_hosts"))
    strange = SshSource(Target("127.0.0.1", user, server.port), options=("-F", str(unknown)))
    nobody = SshSource(Target("127.0.0.1", "nobody-here", server.port), options=server.options)
    deaf = SshSource(Target("127.0.0.1", user, 1), options=server.options)
    for asked, words in ((strange, "host key"), (nobody, "login is refused"), (deaf, "refuses connections")):
        got = asked.collect(Command("uname-r", ("uname", "-r")))
        assert words in got.problem and not got.lines
        (dump,) = asked.dumps(None)
        assert words in dump.problem
        asked.close()


class Ear:
    """Keeps what a crash session says."""

    def __init__(self) -> None:
        self.said: dict[str, Evidence] = {}
        self.state = threading.Condition()
        self.last = SessionState.STARTING

    def session_changed(self, state: SessionState, message: str) -> None:
        with self.state:
            self.last = state
            self.state.notify_all()

    def output_arrived(self, lines: int) -> None:
        pass

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        self.said[evidence.id] = evidence

    def until(self, state: SessionState) -> None:
        with self.state:
            assert self.state.wait_for(lambda: self.last in (state, SessionState.DEAD), 240)
        assert self.last is state


def running(vmcore: Path) -> bool:
    """Whether a crash has this dump open; the server is this machine."""
    said = subprocess.run(
        ["ps", "-ww", "-eo", "comm=,args="], capture_output=True, text=True, check=True
    ).stdout
    return any(line.startswith("crash ") and str(vmcore) in line for line in said.splitlines())


def test_dumps_and_crash_on_the_node(panics: dict[str, lab.Panic], server: Sshd, tmp_path: Path) -> None:
    died = panics["mlx5-napi-null"]
    asked = source(server)
    conf = Evidence(
        "kdump-conf", Kind.FILE, "x", "", new_subject("", "", "").created, (f"path {died.directory}",)
    )
    ours = find_dumps([died.directory])[0]
    dump = next(dump for dump in asked.dumps(conf) if dump.directory == died.directory)
    assert dump == ours
    crash = look_for_crash(dump, None, asked)
    assert crash.vmlinux and Path(crash.vmlinux).samefile(died.vmlinux) and not crash.vmlinux_problem
    case = Case.create(tmp_path / "case", new_subject("node", "", asked.name))
    ear = Ear()
    facts = Facts(Where.NODE, asked.name, dumps=(dump,), dump=dump, crash=crash)
    session = begin_live(facts, case, Transcript(), ear, asked)
    assert session is not None
    session.start()
    try:
        ear.until(SessionState.READY)
        for command in ("sys", "bt", "log"):
            assert session.submit(command) == ""
            ear.until(SessionState.READY)
            while command not in ear.said:
                time.sleep(0.05)
        assert any(died.release in line for line in ear.said["sys"].lines)
        assert any("mlx5e_poll_rx_cq" in line for line in ear.said["bt"].lines)
        assert len(ear.said["log"].lines) > 100 and not any("\x1b" in line for line in ear.said["bt"].lines)
        assert running(died.vmcore)
        broken = asked.link._master
        assert broken
        broken.kill()  # 32: the line breaks in mid-session
        ear.until(SessionState.DEAD)
        deadline = time.monotonic() + 30
        while running(died.vmcore):
            assert time.monotonic() < deadline, "crash is left behind on the node"
            time.sleep(0.1)
    finally:
        session.close()
        asked.close()


def test_a_dump_is_archived_over_ssh(server: Sshd, node: SshSource, tmp_path: Path) -> None:
    crash, depot = tmp_path / "it's a crash", tmp_path / "depot"
    (crash / "deep").mkdir(parents=True)
    depot.mkdir()
    (crash / "vmcore").write_bytes(os.urandom(3 << 20))
    (crash / "deep/odd name\\").write_text("x")
    there = SshDepot(node.link, PurePosixPath(depot))
    done = archive([("dump", crash)], there, "worker-07", tmp_path)
    assert done.place == f"{node.link.target}{depot}/worker-07"
    assert (depot / "worker-07/dump/vmcore").read_bytes() == (crash / "vmcore").read_bytes()
    assert (depot / "worker-07/SHA256SUMS").exists()
    with pytest.raises(ArchiveError):
        archive([("dump", crash)], there, "worker-07", tmp_path)
    remove(done, crash)
    assert not crash.exists()
