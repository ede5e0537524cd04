"""The second reader: asked as a program, read, and compared with crash."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text import split_lines
from rca.crash.drgn.check import as_evidence, cross_check, first_words
from rca.crash.drgn.compare import compare
from rca.crash.drgn.engine import ask, question, refusal, shell
from rca.crash.drgn.facts import Findings, Held, Task, from_crash, from_drgn
from rca.evidence import Evidence, Kind
from rca.sources.process import Processes

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SYS = """\
       TASKS: 3
     RELEASE: 6.1.0-56-cloud-amd64
       PANIC: "Kernel panic - not syncing: hung_task: blocked tasks"
"""
BT = """\
PID: 28       TASK: ff193c610277a0c0  CPU: 1    COMMAND: "khungtaskd"
 #0 [ff5ed5d040003d68] machine_kexec at ffffffffb5a6c62f
 #1 [ff5ed5d040003dc0] __crash_kexec at ffffffffb5b6475a
 #2 [ff5ed5d040003e80] panic at ffffffffb63cd06e
 #3 [ff5ed5d040003f00] watchdog at ffffffffb63d773d
 #4 [ff5ed5d040003f18] ret_from_fork at ffffffffb5a032f2
 #5 [ff5ed5d040003f28] kmem_cache_free at ffffffffb5a03333
"""
FRAMES = [
    ("__crash_kexec", 0xFFFFFFFFB5B6475A),
    ("panic", 0xFFFFFFFFB63CD06E),
    ("watchdog", 0xFFFFFFFFB63D773D),
    ("ret_from_fork", 0xFFFFFFFFB5A032F2),
]
ANSWER = {
    "release": "6.1.0-56-cloud-amd64",
    "panic": "Kernel panic - not syncing: hung_task: blocked tasks",
    "crashed": {
        "pid": 28,
        "command": "khungtaskd",
        "frames": [{"function": name, "address": address} for name, address in FRAMES],
    },
    "tasks": 58,
    "sleeping": [{"pid": 105, "command": "drbd_w_r0"}],
    "waits": [
        {"pid": 105, "command": "drbd_w_r0", "lock": 7, "owner": {"pid": 104, "command": "drbd_r_r0"}},
        {"pid": 106, "command": "x", "lock": 8, "owner": None},
    ],
    "failed": {"other": "LookupError: x"},
}


def said(**texts: str) -> dict[str, Evidence]:
    names = {name: name.replace("_", "-") for name in texts}
    return {
        names[name]: Evidence(names[name], Kind.CRASH, name, "here", NOW, split_lines(text))
        for name, text in texts.items()
    }


def answered(**other: object) -> Findings:
    found = from_drgn(json.dumps({**ANSWER, **other}))
    assert found is not None
    return found


def test_what_a_task_calls_itself_becomes_visible() -> None:
    found = answered(
        waits=[{"pid": 1, "command": "a\x1b[2J", "lock": 7, "owner": {"pid": 2, "command": "b\u202e"}}],
        owners=[
            {"pid": 2, "command": "b\u202e", "frames": [{"function": "f\x07", "address": 1, "module": "m"}]}
        ],
    )
    assert str(found.waits[0].task).isprintable() and str(found.waits[0].owner).isprintable()
    ((task, (place,)),) = found.owners.items()
    assert task == found.waits[0].owner and place.function.isprintable() and place.module == "m"


def apart(drgn: Findings, **other: str) -> dict[str, tuple[str, str]]:
    evidence = said(**{"sys": SYS, "bt": BT, "foreach_UN_bt": "", **other})
    return {one.about: (one.crash, one.drgn) for one in compare(from_crash(evidence), drgn, evidence).differ}


def test_the_answer_is_read() -> None:
    found = answered()
    assert found.crashed == Task(28, "khungtaskd") and found.tasks == 58
    assert found.waits[0] == Held(Task(105, "drbd_w_r0"), 7, Task(104, "drbd_r_r0"))
    assert found.waits[1].owner is None and found.failed == {"other": "LookupError: x"}
    lean = from_drgn('{"failed": {"tasks": "x"}}')
    assert lean is not None and lean.tasks is None and lean.sleeping is None and apart(lean) == {}


def test_where_they_differ() -> None:
    found = apart(answered())
    assert found == {"number of tasks": ("3", "58"), "tasks in D state": ("none", "drbd_w_r0:105")}
    counted = apart(answered(), foreach_UN_bt="")
    assert counted == found
    same = answered(tasks=3, sleeping=[])
    assert apart(same) == {}
    cited = compare(from_crash(said(sys=SYS)), answered(), said(sys=SYS)).differ
    assert [str(citation) for one in cited for citation in one.citations] == ["sys:1"]
    assert str(cited[0]) == "number of tasks: crash says 3, drgn says 58"


def test_d_state_tasks_that_crash_only_counts() -> None:
    evidence = said(sys=SYS, ps_S="  RU: 3\n  UN: 2\n")
    found = {one.about: one for one in compare(from_crash(evidence), answered(), evidence).differ}
    assert found["number of tasks in D state"].crash == "2"
    assert "number of tasks in D state" not in apart(answered(), ps_S="  UN: 1\n")


@pytest.mark.parametrize(
    ("other", "about"),
    [
        ({"release": "6.1.0-57"}, "kernel release"),
        ({"panic": "BUG: kernel NULL pointer dereference"}, "panic reason"),
        ({"crashed": {**ANSWER["crashed"], "pid": 29}}, "crashed task"),  # type: ignore[dict-item]
    ],
)
def test_each_difference_is_named(other: dict[str, object], about: str) -> None:
    assert about in apart(answered(**other))


def test_backtraces_are_compared_by_address() -> None:
    def with_frames(*frames: tuple[str, int]) -> Findings:
        rows = [{"function": name, "address": address} for name, address in frames]
        return answered(crashed={**ANSWER["crashed"], "frames": rows})  # type: ignore[dict-item]

    assert "backtrace" not in apart(answered())
    glue = (("asm_exc", 0xFFFFFFFFB5A0FFFF), ("", 0x47B7A0))
    assert "backtrace" not in apart(with_frames(*FRAMES, *glue))
    assert apart(with_frames(*FRAMES[:2], FRAMES[3]))["backtrace"] == ("watchdog", "nothing more")
    more = apart(with_frames(*FRAMES[:2], ("", 0xFFFFFFFFC0000001), *FRAMES[2:]))
    assert more["backtrace"] == ("nothing more", "ffffffffc0000001")
    assert apart(with_frames(("schedule", 0xFFFFFFFF80000001)))["backtrace"][1] == "schedule"


@given(
    st.text(max_size=60)
    | st.sampled_from(
        ["[]", "null", "1", '{"crashed": 3}', '{"tasks": []}', '{"failed": 1}', '{"tasks": Infinity}']
    )
)
def test_any_answer_is_survived(text: str) -> None:
    assert isinstance(from_drgn(text), Findings | None)


def test_an_answer_that_is_nested_to_make_us_fall_is_none() -> None:
    assert from_drgn("[" * 100_000) is None


def program(tmp_path: Path, body: str) -> str:
    path = tmp_path / "drgn"
    path.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_it_runs_as_a_program_of_its_own(tmp_path: Path) -> None:
    fake = program(tmp_path, f"print({json.dumps(ANSWER)!r}); print(' '.join(sys.argv[1:]), file=sys.stderr)")
    evidence = ask(Processes(), fake, "/v/vmlinux", "/c/vmcore", "here")
    assert evidence.ok and from_drgn(evidence.text) == answered() and "drgn" not in sys.modules
    broken = program(tmp_path, "sys.exit('error: vmlinux does not match')")
    evidence = ask(Processes(), broken, "/v/vmlinux", "/c/vmcore", "here")
    assert "does not match" in evidence.problem and from_drgn(evidence.text) is None
    assert "not installed" in ask(Processes(), "/nowhere/drgn", "v", "c", "here").problem


def test_a_live_kernel_is_never_opened() -> None:
    for argv in (question, shell):
        assert argv("drgn", "/v/vmlinux", "/c/vmcore")[0] == "drgn"
        with pytest.raises(ValueError, match="running kernel"):
            argv("drgn", "/v/vmlinux", "/proc/kcore")


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ("bt 105", True),
        ("foreach UN bt", True),
        ("p init_task->comm", True),
        ("p (1 > 2)", False),  # its parentheses do not guard a redirection
        ("log | sh", False),
        ("log > /tmp/x", False),
        ("sys; sh", False),
        ("p $(id)", False),
        ("drgn", False),
        ("drgn import os", False),
        ("!id", False),
        ("wr ffffffff81000000 0", False),
    ],
)
def test_what_safe_mode_lets_through_to_drgn_crash(command: str, allowed: bool) -> None:
    assert (refusal(command) == "") is allowed


def test_what_drgn_knows_fits_into_a_sentence() -> None:
    told = first_words(replace(said(drgn="")["drgn"], lines=tuple(json.dumps(ANSWER).splitlines())))
    assert told.startswith("drgn has read the dump: panic “Kernel panic") and "58 tasks" in told
    assert "task khungtaskd:28; stack __crash_kexec < panic < watchdog" in told
    assert "drbd_w_r0:105 waits for drbd_r_r0:104" in told and told.endswith(".")
    assert first_words(replace(said(drgn="")["drgn"], problem="it failed")) == ""


WAITS = """\
PID: 105      TASK: ff193c61027720c0  CPU: 1    COMMAND: "drbd_w_r0"
 #0 [ff5ed5d0404abd30] __schedule at ffffffffb640be6d
 #1 [ff5ed5d0404abdb0] schedule at ffffffffb640c57a
 #2 [ff5ed5d0404abdc8] schedule_preempt_disabled at ffffffffb640c901
 #3 [ff5ed5d0404abdd0] __mutex_lock.constprop.0 at ffffffffb640e03d
 #4 [ff5ed5d0404abe50] drbd_adm_reconfigure at ffffffffc039c02e [drbd]

PID: 104      TASK: ff193c61027740c0  CPU: 0    COMMAND: "drbd_r_r0"
 #0 [ff5ed5d0404a3e30] __schedule at ffffffffb640be6d
 #1 [ff5ed5d0404a3eb0] schedule at ffffffffb640c57a
 #2 [ff5ed5d0404a3ec8] drbd_receiver at ffffffffc039c08e [drbd]
"""


def test_lock_owners_are_compared() -> None:
    evidence = said(sys=SYS, bt=BT, foreach_UN_bt=WAITS)
    agreed = compare(from_crash(evidence), answered(), evidence).agreed
    assert "owner of drbd_w_r0:105's lock" in agreed
    other = [{"pid": 105, "command": "drbd_w_r0", "lock": 7, "owner": {"pid": 1, "command": "init"}}]
    found = apart(answered(waits=other), foreach_UN_bt=WAITS)
    assert found["owner of drbd_w_r0:105's lock"] == ("drbd_r_r0:104", "init:1")


def test_the_comparison_is_evidence_that_cites_both() -> None:
    evidence = {**said(sys=SYS, bt=BT), "drgn": replace(said(drgn="")["drgn"], kind=Kind.COMMAND)}
    text = json.dumps(ANSWER, indent=1).splitlines()
    evidence["drgn"] = replace(evidence["drgn"], lines=tuple(text))
    found = cross_check(evidence)
    assert found is not None and "kernel release" in found.agreed
    tasks = text.index(' "tasks": 58,') + 1
    kept = as_evidence(found, NOW, "here")
    assert f"differs: number of tasks: crash says 3, drgn says 58 (sys:1, drgn:{tasks})" in kept.lines
    assert kept.kind is Kind.CHECK and "same: kernel release" in kept.lines
    assert cross_check(said(sys=SYS, bt=BT)) is None


def test_findings_without_a_backtrace() -> None:
    assert apart(replace(answered(), frames=()))  # still tells the counts
