"""The JSON object that scripts read, and the line that people read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parsers.dumpheader import DumpFormat, DumpHeader
from parsers.text import to_lines
from rca.diagnosis.model import Confidence, Diagnosis
from rca.diagnosis.titles import NO_FRAME
from rca.evidence import Evidence, Kind
from rca.reading import Unreadable, readings
from rca.steps.registry import STEPS
from rca.triage import one_line, triage
from tests.rca.steps.step_facts import OOPS, crash_said, dump, facts

LOG = Path(__file__).parent / "diagnosis" / "logs" / "mlx5-napi-null.txt"
KEYS = [
    "schema", "path", "kernel_release", "crash_time", "crash_time_from", "node", "title", "kind", "rip", "guilty",
    "subsystem", "confidence", "process", "taint", "modules_out_of_tree", "trace", "signatures",
    "mechanism", "context", "trigger", "hardware", "kdump_loaded", "hypotheses", "findings", "events", "known",
    "next_checks", "fixes", "preventions", "citations", "warnings",
]  # fmt: skip


def given(text: bytes) -> dict[str, Evidence]:
    return {"vmcore-dmesg": Evidence("vmcore-dmesg", Kind.FILE, "f", "x", datetime.now(UTC), to_lines(text))}


def test_the_object() -> None:
    found = triage(given(LOG.read_bytes()), path="/var/crash/x")
    assert list(found) == KEYS
    assert json.loads(json.dumps(found)) == found
    assert found["rip"] == {"function": "mlx5e_poll_rx_cq", "offset": 8, "size": 0x20, "module": "mlx5_core"}
    assert found["guilty"] == {"function": "mlx5e_poll_rx_cq", "module": "mlx5_core"}
    assert found["process"] == {"pid": 0, "comm": "swapper/1", "cpu": 1}
    assert found["citations"][0]["evidence"] == "vmcore-dmesg"
    assert found["hypotheses"][0]["guilty"] == found["guilty"]
    assert found["hypotheses"][0]["pro"][0]["citations"]
    assert [event["role"] for event in found["events"]].count("fatal") == 1
    assert found["known"][0]["id"] == "null-member"
    assert set(found["known"][0]["classes"]) == {"driver", "kernel"}


def test_every_event_of_the_log_is_told_with_its_part() -> None:
    text = (
        b"watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]\nCall Trace:\n acme_loop+0x1/0x2\n"
        + b"x\n" * 20
    )
    text += b"WARNING: CPU: 1 PID: 1 at a.c:1 acme_do+0x1/0x2\nCall Trace:\n acme_do+0x1/0x2\n" + b"x\n" * 30
    text += (
        b"Kernel panic - not syncing: panic_on_warn set ...\n"
        + b"x\n" * 30
        + b"BUG: Bad page map in process x\n"
    )
    assert [(event["kind"], event["role"]) for event in triage(given(text))["events"]] == [
        ("soft-lockup", "earlier"),
        ("warning", "fatal"),
        ("warning", "consequence"),
        ("bad-page", "later"),
    ]


def test_signatures_are_those_of_another_node_s_same_death() -> None:
    here = LOG.read_text(encoding="utf-8")
    there = re.sub(r"\+0x[0-9a-f]+/0x[0-9a-f]+", "+0x77/0x88", here)
    there = there.replace("CPU: 1", "CPU: 63").replace("swapper/1", "swapper/63").replace("4.324", "991.555")
    there = re.sub(r"\b[0-9a-f]{16}\b", "ffff8881deadbee0", there)
    one, other = triage(given(here.encode())), triage(given(there.encode()))
    assert one["signatures"] == other["signatures"]
    assert set(one["signatures"]) == {"title", "type_rip", "rip", "top3", "top5", "full"}
    assert all(len(value) == 64 for value in one["signatures"].values())
    assert len(set(one["signatures"].values())) == 6


def test_a_crash_that_no_function_is_to_blame_for_has_no_signature_of_frames() -> None:
    head = b"sysrq: Trigger a crash\nKernel panic - not syncing: sysrq triggered crash\nCall Trace:\n x+0x1/0x2\n"
    found = triage(given(head))["signatures"]
    assert found["title"]
    assert not any(found[name] for name in ("rip", "type_rip", "top3", "top5", "full"))


def test_a_finding_says_what_it_is_about() -> None:
    found = triage(given(LOG.read_bytes()))["findings"]
    told = {item["about"]: item["text"] for item in found}
    assert told["pointer"] == "Instruction pointer in mlx5e_poll_rx_cq+0x8/0x20 of mlx5_core"
    assert told["mechanism"].startswith("Mechanism: ") and told["context"].startswith("Context: ")
    assert told["points-to"].startswith("Points to mlx5e_poll_rx_cq: ")
    assert told["bystander"].startswith("native_safe_halt ")
    assert found[0]["about"] == "other"


def test_absent_things_are_null_or_empty() -> None:
    found = triage(given(b"nothing here\n"))
    assert (found["rip"], found["crash_time"], found["node"], found["trace"]) == (None, None, "", [])
    assert found["guilty"] == {"function": "", "module": ""}
    assert (found["kind"], found["confidence"]) == ("unknown", "unknown")
    assert "no crash" in one_line(found)


def test_the_dump_s_header_is_believed_first() -> None:
    header = DumpHeader(
        DumpFormat.KDUMP,
        release="4.18.0-1.el8.x86_64",
        node="worker-07",
        crash_time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    found = triage(given(LOG.read_bytes()), header=header)
    assert (found["kernel_release"], found["node"], found["crash_time"]) == (
        "4.18.0-1.el8.x86_64",
        "worker-07",
        "2026-01-02T03:04:05Z",
    )
    assert any("4.18.0-1.el8.x86_64" in warning for warning in found["warnings"])


def test_one_line() -> None:
    line = one_line(triage(given(LOG.read_bytes()), path="/var/crash/x"))
    assert line.startswith("/var/crash/x: ")
    assert line.endswith("in mlx5e_poll_rx_cq [null-deref; mlx5_core, probable]")
    cut = one_line(triage(given(b"BUG: unable to handle kernel paging request at ffffc90001234000\n")))
    assert "corrupted" not in cut
    assert one_line({"path": "x", "error": "no such file"}) == "x: no such file"


def test_no_path_or_header_can_steer_the_terminal() -> None:
    hostile = "\x1b]0;owned\x07"
    header = DumpHeader(DumpFormat.KDUMP, node=hostile, release=hostile)
    for found in ({"error": "is empty"}, triage(given(LOG.read_bytes()), header=header)):
        line = one_line({**found, "path": f"/crash/{hostile}"})
        assert line.isprintable() and line.startswith(r"/crash/\x1b]0;owned\x07: ")


def test_a_missing_log_is_not_a_log_without_a_crash(tmp_path: Path) -> None:
    assert "no kernel log could be read" in one_line(triage({}, extra=()))
    assert "no crash found in the log" in one_line(triage(given(b"all is well"), extra=()))
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    assert list(readings(empty)) == [Unreadable(str(empty), "is empty")]


def test_a_broken_archive_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.tar.gz").write_bytes(b"no archive")
    (found,) = readings(Path("x.tar.gz"))
    assert isinstance(found, Unreadable) and found.path == "x.tar.gz"
    assert re.fullmatch(r"is damaged or no archive: [^\n]+\w", found.error) and "x.tar.gz" not in found.error


def test_a_line_never_takes_two_crashes_for_one() -> None:
    header = DumpHeader(DumpFormat.KDUMP, release="4.18.0-372.el8.x86_64", node="elsewhere")
    line = one_line(triage(given(LOG.read_bytes()), header=header))
    assert line.endswith(
        "log and dump differ: the log is of kernel 6.1.0-56-cloud-amd64, the dump of 4.18.0-372.el8.x86_64"
    )


def test_a_path_is_named_once(tmp_path: Path) -> None:
    wrong = tmp_path / "vmcore"
    wrong.write_bytes(b"GIF89a" * 900)
    (error,) = readings(wrong)
    assert error == Unreadable(str(wrong), "is not a vmcore: it bears no known signature")


def test_a_title_for_people_is_the_same_everywhere() -> None:
    assert "(no trustworthy frame)" in one_line(triage({}) | {"title": f"BUG: x in {NO_FRAME}"})
    title = "BUG: x in corrupted"
    known = facts(
        crash_said(log=OOPS, vmcore_dmesg=OOPS),
        dump(),
        diagnosis=Diagnosis(title=title, confidence=Confidence.POSSIBLE),
    )
    assert "BUG: x (no trustworthy frame)" in STEPS[7].judge(known).summary
    assert "BUG: x (no trustworthy frame)" in STEPS[8].judge(known).summary


def test_it_stays_headless() -> None:
    code = "import sys, rca.triage; print([m for m in ('textual', 'rich', 'pexpect', 'tomllib') if m in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
