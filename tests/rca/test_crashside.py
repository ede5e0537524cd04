"""A whole case on a stand-in crash: safe mode, the bare terminal, the ladder's last rungs, drgn beside it."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from rca.audit import read_audit
from rca.case import Case
from rca.changes import Change, NewsCame, SafeSwitched
from rca.crash.bare import LEAVE, hand_over
from rca.crash.base import MANDATORY, SessionState
from rca.opening import DEMO
from rca.steps.base import CrashFacts
from rca.verdict import Badge
from tests.parsers.elf_files import make_elf, symbol_tables
from tests.rca.crash.seat import Seat
from tests.rca.desk import investigation, until
from tests.rca.diagnosis.diagnosis_samples import LOGS
from tests.rca.live import LOG, on_a_dump, program

FAILS = "print('crash: it went wrong'); sys.exit(1)"
ENDS_UNLESS_LOG = "'--log' in sys.argv and (print('[ 1.0] a log out of the dump'), sys.exit(0)); sys.exit(1)"


def nowhere() -> AbstractContextManager[None]:
    return nullcontext()


def found(tmp_path: Path, body: str = "", drgn: str = "") -> CrashFacts:
    return CrashFacts(program(tmp_path, body), "/v/vmlinux", drgn=drgn)


def noted(directory: Path | None) -> list[tuple[str, str]]:
    assert directory
    return [(entry.data["what"], entry.data["problem"]) for entry in read_audit(directory)]


def test_safe_mode_is_the_cases_own_and_every_unsafe_command_is_audited_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[Change] = []
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path), changes) as desk:
        assert desk.facts.safe and "shell" in desk.run_crash("!id")
        assert desk.set_safe(False) == ""
        until(lambda: not desk.facts.safe)
        assert desk.run_crash("!id") == ""
        until(lambda: "id" in desk.facts.evidence)
        assert SafeSwitched(False) in changes and desk.history[-1] == "!id"
        audit = noted(desk.directory)
        assert [what for what, _ in audit].count("!id") == 3
        refused, unsafe, ran = (remark for what, remark in audit if what == "!id")
        assert refused.startswith("refused: `!`") and unsafe.startswith("unsafe: `!`") and ran == ""
        assert ("safe mode off", "switched by a person for this case") in audit
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path)) as desk:
        assert not desk.facts.safe, "a case is reopened as it was left"
        desk.set_safe(True)
        until(lambda: desk.facts.safe)
        assert "shell" in desk.run_crash("!id")


def test_a_recording_has_nothing_to_switch_or_attach() -> None:
    with investigation(DEMO) as desk:
        assert "recording" in desk.set_safe(False) and desk.facts.safe
        assert "recording" in desk.hand_over(nowhere)


def test_why_the_bare_terminal_cannot_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path)) as desk:
        assert "Safe mode is on" in desk.hand_over(nowhere)
        desk.run_crash("sleep")
        until(lambda: desk.facts.crash.state is SessionState.BUSY)
        assert "not at its prompt: sleep" in desk.hand_over(nowhere)
        desk.run_crash("quit")
        desk.interrupt()
        desk.run_crash("quit")
        until(lambda: desk.facts.crash.state is SessionState.DEAD)
        assert "crash has ended" in desk.hand_over(nowhere)
    with on_a_dump(tmp_path, monkeypatch, CrashFacts(None, "/v/vmlinux")) as desk:
        assert "No crash session is open" in desk.hand_over(nowhere)


def test_what_is_typed_in_the_bare_terminal_is_audited_as_it_is_sent_and_outlives_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seat: Seat
) -> None:
    """A copy of the state directory, taken meanwhile, is what a kill would leave."""
    monkeypatch.setattr(
        "rca.crash.bare.hand_over",
        lambda session, heard: hand_over(session, seat.terminal, seat.terminal, heard),
    )
    state = tmp_path / "state"
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path)) as desk:
        desk.set_safe(False)
        until(lambda: not desk.facts.safe)
        thread = threading.Thread(target=desk.hand_over, args=(nowhere,))
        thread.start()
        seat.until(b"crash> ")
        seat.types(b"say one\r")
        seat.until(b"\none")
        until(lambda: ("say one", "typed in the bare terminal") in noted(desk.directory))
        seat.types(b"!idd\x7f\r")
        until(
            lambda: any(what == "!id" and why.startswith("unsafe, in") for what, why in noted(desk.directory))
        )
        seat.until(b"crash> ")
        shutil.copytree(state, tmp_path / "killed")
        seat.types(b"say two\r" + LEAVE)
        thread.join(30)
        until(lambda: "bare-terminal" in desk.facts.evidence)
        assert ("say two", "typed in the bare terminal") in noted(desk.directory)
        whole = desk.facts.evidence["bare-terminal"]
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path)) as desk:
        assert desk.facts.evidence["bare-terminal"] == whole
    shutil.rmtree(state)
    shutil.copytree(tmp_path / "killed", state)
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path)) as desk:
        kept = desk.facts.evidence["bare-terminal"]
        assert kept.lines[:3] == ("say one", "one", "crash> !id")
        assert "crash.raw" in kept.lines[-1]
        assert "crash> bare terminal" in desk.transcript.lines and "one" in desk.transcript.lines


def test_the_log_out_of_the_dump_is_shown_when_no_session_comes_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[Change] = []
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path, ENDS_UNLESS_LOG), changes) as desk:
        assert desk.facts.evidence["crash-log"].lines == ("[ 1.0] a log out of the dump",)
        assert desk.transcript.lines[-1] == "[ 1.0] a log out of the dump"
        assert desk.facts.crash.shows == desk.transcript.blocks[-1].command == "crash --log"
        assert [way.partition(":")[0] for way in desk.facts.crash.tried] == [
            "crash",
            "crash --zero_excluded",
            "crash --no_kmem_cache",
            "crash --no_modules",
            "crash --minimal",
        ]
        told = desk.verdicts[5]
        assert told.badge is Badge.FAIL and "The pane shows crash --log." in told.details
    news = [change.sentence for change in changes if isinstance(change, NewsCame)]
    assert sum("Next: crash --" in sentence for sentence in news) == 5
    assert "The pane shows crash --log: 1 lines." in news[-1]


def test_a_start_that_hangs_is_given_up_for_the_next_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "import time; '--no_kmem_cache' in sys.argv or time.sleep(99)"
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path, body), rests=False) as desk:
        for option in ("--zero_excluded", "--no_kmem_cache"):
            until(lambda: desk.facts.crash.state is SessionState.STARTING)
            before = len(desk.transcript.blocks)
            desk.restart_crash()
            until(lambda count=before: len(desk.transcript.blocks) > count)  # type: ignore[misc]
            assert option in desk.transcript.lines[desk.transcript.blocks[-1].start - 1]
        until(lambda: desk.facts.crash.state is SessionState.READY)
        assert [way.split(":")[0] for way in desk.facts.crash.tried] == ["crash", "crash --zero_excluded"]
        assert "given up by a person" in desk.facts.crash.tried[0]


def test_the_saved_log_is_the_last_rung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path, FAILS)) as desk:
        assert desk.facts.crash.tried[-1] == "crash --log: crash: it went wrong"
        assert desk.facts.crash.shows == "vmcore-dmesg.txt" and desk.transcript.lines[-1] == LOG.strip()


def test_without_crash_the_saved_log_is_shown_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_a_dump(tmp_path, monkeypatch, CrashFacts(None, "/v/vmlinux")) as desk:
        desk.rerun(4)
        desk.wait(30)
        assert desk.transcript.lines.count(LOG.strip()) == 1
        assert desk.facts.crash.shows == "vmcore-dmesg.txt"


def test_without_any_log_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_a_dump(tmp_path, monkeypatch, CrashFacts(None, "/v/vmlinux"), log="") as desk:
        assert desk.facts.crash.shows == "" and desk.facts.crash.tried[-1].startswith("vmcore-dmesg.txt: ")


def test_the_memory_of_a_running_kernel_is_never_opened(tmp_path: Path) -> None:
    changes: list[Change] = []
    folder = tmp_path / "127.0.0.1-2026-01-01-10:00:00"
    folder.mkdir()
    (folder / "vmcore").symlink_to("/proc/self/mem")
    with investigation(folder, changes) as desk:
        assert desk.set_safe(False) == ""
        desk.restart_crash()
        desk.wait(30)
        assert "memory of a running kernel" in desk.facts.crash.message
        assert not desk.running_session and desk.transcript.blocks == []
    assert not any("slipped" in str(change) for change in changes)


def waits(file: str) -> str:
    return f"import glob, time\nwhile not glob.glob({file!r}):\n    time.sleep(0.01)"


def drgn(tmp_path: Path, body: str) -> str:
    answer = {"release": "x", "panic": "BUG: bad", "tasks": 61, "sleeping": [], "waits": [], "failed": {}}
    path = tmp_path / "drgn"
    path.write_text(f"#!{sys.executable}\n{body}\nprint({json.dumps(answer, indent=1)!r})\n")
    path.chmod(0o755)
    return str(path)


def test_drgn_answers_before_crash_is_ready_and_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[Change] = []
    begun, kept = str(tmp_path / "begun"), str(tmp_path / "state/cases/*/evidence/drgn.json")
    slow = found(tmp_path, f"open({begun!r}, 'w').close()\n{waits(kept)}", drgn=drgn(tmp_path, waits(begun)))
    with on_a_dump(tmp_path, monkeypatch, slow, changes) as desk:
        first = next(change for change in changes if isinstance(change, NewsCame))
        assert first.sentence.startswith("drgn has read the dump: panic “BUG: bad”; 61 tasks")
        asked = [block.command for block in desk.transcript.blocks]
        assert asked[-1] == "foreach UN bt" and set(MANDATORY) < set(asked)
        assert "cross-check" in desk.facts.evidence
        directory = desk.directory
    assert directory and {"drgn", "cross-check"} < set(Case.load(directory).evidence)


def test_who_sleeps_is_asked_once_where_a_task_hung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hung = (LOGS / "hung-task.txt").read_text(encoding="utf-8")
    with on_a_dump(tmp_path, monkeypatch, found(tmp_path), log=hung) as desk:
        assert [block.command for block in desk.transcript.blocks].count("foreach UN bt") == 1
    (tmp_path / "other").mkdir()
    with on_a_dump(tmp_path / "other", monkeypatch, found(tmp_path / "other")) as desk:
        assert "foreach UN bt" not in [block.command for block in desk.transcript.blocks]


def test_the_symbols_are_those_of_the_dumps_own_vmlinux(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vmlinux = tmp_path / "vmlinux"
    vmlinux.write_bytes(make_elf(more=symbol_tables(b"\0schedule\0do_idle\0", (1, 10))))
    fits = CrashFacts(program(tmp_path), str(vmlinux))
    with on_a_dump(tmp_path, monkeypatch, fits) as desk:
        assert desk.symbols() == ("do_idle", "schedule")
    with on_a_dump(tmp_path, monkeypatch, replace(fits, vmlinux_problem="another build")) as desk:
        assert desk.symbols() == ()
    with investigation(DEMO) as desk:
        assert desk.symbols() == ()


def test_drgn_crash_stands_in_and_its_failure_goes_to_the_last_rung(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drgn-crash that cannot open the dump has no options to climb by."""
    path = tmp_path / "drgn-crash"
    path.write_text(f"#!{sys.executable}\nprint('no BTF here')\nraise SystemExit(1)\n")
    path.chmod(0o755)
    with on_a_dump(tmp_path, monkeypatch, CrashFacts(None, "/v/vmlinux", stand_in=str(path))) as desk:
        assert len(desk.facts.crash.tried) == 1 and desk.facts.crash.tried[0].startswith("drgn-crash: ")
        assert desk.facts.crash.shows == "vmcore-dmesg.txt"
        assert "drgn-crash /v/vmlinux" in desk.transcript.lines[0]
