"""The audit only grows, and shows when a line was touched."""

from __future__ import annotations

import hashlib
import json
import stat
import threading
from pathlib import Path

import pytest

from rca.audit import FILE, Audit, Entry, as_evidence, broken_at, read_audit
from rca.sources.base import Command
from rca.sources.node import NodeSource
from rca.sources.process import Outcome
from rca.sources.runs import Ran, Runs, ran
from tests.rca.steps.step_facts import said


def test_an_entry_says_what_ran_and_what_came_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "ana")
    evidence = NodeSource().collect(Command("echo", ("echo", "a", "b")))
    audit = Audit(tmp_path)
    assert (
        audit.record(evidence),
        audit.note("!sh", "refused: it reaches a shell", "x", "2025-12-22T10:00:00Z"),
    ) == (1, 2)
    ran, refused = read_audit(tmp_path)
    assert (ran.data["what"], ran.data["status"], ran.data["bytes"]) == ("echo a b", 0, 3)
    assert ran.data["sha256"] == hashlib.sha256(b"a b").hexdigest() and ran.data["sudo_user"] == "ana"
    assert refused.data["problem"] == "refused: it reaches a shell" and str(refused) == "audit:2"
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_reopened_case_goes_on_where_it_was(tmp_path: Path) -> None:
    Audit(tmp_path).record(said("a", "x"))
    assert Audit(tmp_path).record(said("b", "y")) == 2
    assert [entry.data["evidence"] for entry in read_audit(tmp_path)] == ["a", "b"] and broken_at(
        tmp_path
    ) == 0


@pytest.mark.parametrize("touch", ["change", "drop", "cut", "nest"])
def test_a_line_that_was_touched_shows(tmp_path: Path, touch: str) -> None:
    audit = Audit(tmp_path)
    for id_ in "abc":
        audit.record(said(id_, id_))
    path = tmp_path / FILE
    lines = path.read_text().splitlines(keepends=True)
    if touch == "change":
        lines[1] = json.dumps({**json.loads(lines[1]), "what": "other"}) + "\n"
    elif touch == "drop":
        del lines[1]
    elif touch == "cut":
        lines[1] = lines[1][:40] + "\n"
    else:
        lines[1] = "[" * 100_000 + "\n"
    path.write_text("".join(lines))
    assert broken_at(tmp_path) == {"change": 3, "drop": 2, "cut": 2, "nest": 2}[touch]
    assert all(isinstance(entry, Entry) for entry in read_audit(tmp_path))


def test_an_entry_that_was_cut_short_costs_no_other(tmp_path: Path) -> None:
    """The disk was full, or the power went, in the midst of the second one."""
    audit = Audit(tmp_path)
    audit.record(said("a", "a"))
    with (tmp_path / FILE).open("a") as file:
        file.write('{"what": "cut sho')
    assert [audit.record(said(id_, id_)) for id_ in "bc"] == [3, 4]
    assert [(entry.number, entry.data["evidence"]) for entry in read_audit(tmp_path)] == [
        (1, "a"),
        (3, "b"),
        (4, "c"),
    ]
    assert broken_at(tmp_path) == 2
    assert Audit(tmp_path).record(said("d", "d")) == 5


def test_a_name_that_is_no_utf_8_is_audited(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    for _ in "ab":
        audit.removed("/var/crash/\udcff", "this machine", "2025-12-22T10:00:00Z")
    assert len(read_audit(tmp_path)) == 2 and broken_at(tmp_path) == 0


def test_several_threads_write_whole_lines(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    threads = [threading.Thread(target=audit.record, args=(said(str(n), "x" * n),)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_audit(tmp_path)) == 40 and broken_at(tmp_path) == 0


def look(answer: bytes, what: str = "find /var/crash") -> Ran:
    return ran(tuple(what.split()), "node ssh://root@w", said("x").started, 0.1, Outcome(answer, status=0))


def test_a_look_that_finds_the_same_is_one_entry_and_its_repeats_are_counted(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    for answer in (b"one", b"one", b"one", b"two", b"two"):
        audit.ran(look(answer))
        audit.ran(look(b"", "df /usr"))
    assert [(entry.data["what"], entry.data.get("times")) for entry in read_audit(tmp_path)] == [
        ("find /var/crash", None),
        ("df /usr", None),
        ("find /var/crash", 2),
    ]
    audit.close()
    audit.close()
    rest = [(entry.data["what"], entry.data["times"]) for entry in read_audit(tmp_path)[3:]]
    assert rest == [("find /var/crash", 1), ("df /usr", 4)] and broken_at(tmp_path) == 0
    assert read_audit(tmp_path)[0].data["sha256"] == hashlib.sha256(b"one").hexdigest()


def test_what_ran_before_the_case_was_there_is_told_when_it_is(tmp_path: Path) -> None:
    runs = Runs()
    runs.note(look(b"early"))
    runs.listen(Audit(tmp_path).ran)
    runs.note(look(b"late"))
    assert [entry.data["bytes"] for entry in read_audit(tmp_path)] == [5, 4]


def test_it_only_grows_whoever_writes(tmp_path: Path) -> None:
    """A workbench and `panicdesk archive` at once: what was there stays to the byte, and the chain holds."""
    one, other = Audit(tmp_path), Audit(tmp_path)
    before = b""
    for number in range(6):
        writer = (one, other)[number % 2]
        writer.removed("/var/crash/x", "this machine", "2025-12-22T10:00:00Z")
        now = (tmp_path / FILE).read_bytes()
        assert now.startswith(before) and len(now) > len(before)
        before = now
    assert broken_at(tmp_path) == 0 and len(read_audit(tmp_path)) == 6


def test_the_audit_is_evidence_whose_lines_are_its_entries(tmp_path: Path) -> None:
    assert as_evidence(tmp_path) is None
    audit = Audit(tmp_path)
    audit.record(NodeSource().collect(Command("echo", ("echo", "a\x1bb"))))
    audit.note("!sh", "refused: it reaches a shell", "x", "2025-12-22T10:00:00Z")
    with (tmp_path / FILE).open("a") as file:
        file.write("{\n")
    item = as_evidence(tmp_path)
    assert item and item.id == "audit" and len(item.lines) == 3
    digest = hashlib.sha256(b"a\\x1bb").hexdigest()
    assert "echo a\\x1bb on " in item.lines[0] and f"bytes, sha256 {digest}, kept as echo" in item.lines[0]
    assert ": exit 0, " in item.lines[0]
    assert item.lines[1].startswith("2025-12-22T10:00:00Z !sh on x")
    assert item.lines[1].endswith(": refused: it reaches a shell")
    assert item.lines[2] == "an entry that cannot be read"
