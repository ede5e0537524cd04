"""A case in one file: packed here, opened elsewhere, and what a hostile one may not do."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from rca.case import Case, new_subject
from rca.opening import DEMO, OpeningError, open_path
from rca.report.bundle import Attachment, BundleError, pack, unpack
from rca.report.redaction.known import redactor_of
from rca.report.redaction.redactor import FILE
from tests.rca.desk import investigation
from tests.rca.report.report_samples import filled, runbook_example


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path / "here"))
    return tmp_path


def packed(path: Path, **members: bytes) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name.replace("__", "/").replace("_json", ".json"))
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def test_it_opens_elsewhere_with_form_evidence_and_transcript(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = home / "case.tar.gz"
    with investigation(DEMO) as desk:
        desk.type_field("Impact", "- one customer noticed")
    evidence = desk.facts.evidence
    assert desk.directory
    pack(desk.directory, out, desk.form, [Attachment("rca.md", "# RCA\n")])
    assert out.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("PANICDESK_STATE", str(home / "there"))
    with investigation(out) as desk:
        assert desk.form["Impact"].text == "- one customer noticed" and desk.form["Impact"].by_person
        assert {id_: item.lines for id_, item in desk.facts.evidence.items()} == {
            id_: item.lines for id_, item in evidence.items()
        }
        assert any("mlx5e_napi_poll" in line for line in desk.transcript.lines)
        desk.type_field("Fix", "mine")
        first = desk.directory
    with investigation(out) as desk:
        assert desk.directory == first and desk.form["Fix"].text == "mine", "opened again as it was left"


def test_a_redacted_one_holds_no_name_and_not_the_key(home: Path) -> None:
    facts, _ = runbook_example()
    case = Case.create(
        home / "worker-07.1234", new_subject("node", "/var/crash/worker-07", "this node (worker-07)")
    )
    for item in facts.evidence.values():
        case.put(item)
    form = filled(facts).type("Impact", "worker-07 was down")
    case.save_form(form)
    case.save_desk({"history": ["ping worker-07"]})
    (case.directory / "crash.raw").write_bytes(b"worker-07")
    (case.directory / FILE).write_text("{}")
    out = home / "out.tar.gz"
    pack(case.directory, out, form, [], redactor_of(facts, None))
    with tarfile.open(out) as tar:
        texts = {member.name: tar.extractfile(member) for member in tar}
        data = {name: file.read() for name, file in texts.items() if file}
    assert not any(b"worker-07" in text or "worker-07" in name for name, text in data.items())
    assert not {"case/crash.raw", f"case/{FILE}"} & set(data)
    assert b"mlx5e_napi_poll+0x13c/0xc60" in data["case/evidence/vmcore-dmesg.txt"]
    opened = Case.load(open_and_find(out))
    assert opened.form["Impact"].text == "host-1 was down" and opened.subject.path == ""


def open_and_find(bundle: Path) -> Path:
    recorded = open_path(bundle).recorded
    assert recorded
    return recorded.directory


SUBJECT = json.dumps(
    {"schema": 1, "where": "folder", "path": "", "source_name": "x", "created": "2025-12-22T09:00:00Z"}
).encode()


@pytest.mark.parametrize(
    "name",
    [
        "..__evil_json",
        "..__case_json",
        "..__evidence__evil_json",
        "case__..__..__evil_json",
        "__evil_json",
        "case__evidence__..__x_json",
        "case__evil.sh",
    ],
)
def test_what_is_no_part_of_a_case_is_refused_and_nothing_written(name: str, home: Path) -> None:
    bundle = packed(home / "x.tar.gz", **{"case__case_json": SUBJECT, name: b"{}"})
    with pytest.raises(OpeningError, match="no part of a case"):
        open_path(bundle)
    assert not list(home.rglob("evil*")) and not list((home / "here").rglob("case.json"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(kind: bytes, home: Path) -> None:
    bundle = home / "x.tgz"
    with tarfile.open(bundle, "w:gz") as tar:
        subject = tarfile.TarInfo("case/case.json")
        subject.size = len(SUBJECT)
        tar.addfile(subject, io.BytesIO(SUBJECT))
        info = tarfile.TarInfo("case/form.json")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(OpeningError, match="no part of a case"):
        open_path(bundle)


@pytest.mark.parametrize("data", [b"", b"not a tar", b"\x1f\x8b\x08\x00garbage"])
def test_another_file_is_refused(data: bytes, home: Path) -> None:
    bundle = home / "x.tar.gz"
    bundle.write_bytes(data)
    with pytest.raises(OpeningError, match="damaged or no archive"):
        open_path(bundle)


def test_a_disk_that_refuses_leaves_nothing_half_written(home: Path) -> None:
    facts, _ = runbook_example()
    case = Case.create(home / "c", new_subject("folder", "", "x"))
    case.put(facts.evidence["bt"])
    with pytest.raises(OSError):
        pack(case.directory, home / "no" / "out.tar.gz", case.form, [])
    assert not list(home.glob("*out.tar.gz*"))
    (case.directory / "case.json").unlink()
    with pytest.raises(FileNotFoundError, match="not on disk"):
        pack(case.directory, home / "out.tar.gz", case.form, [])
    assert not list(home.glob("*out.tar.gz*"))


@pytest.mark.parametrize("damage", ["{", "[" * 100_000])
def test_a_damaged_piece_costs_itself_alone(damage: str, home: Path) -> None:
    facts, _ = runbook_example()
    case = Case.create(home / "c", new_subject("folder", "", "x"))
    case.put(facts.evidence["bt"])
    (case.directory / "desk.json").write_text(damage)
    pack(case.directory, home / "whole.tar.gz", case.form, [])
    pack(case.directory, home / "redacted.tar.gz", case.form, [], redactor_of(facts, None))
    for name, held in (("whole", True), ("redacted", False)):
        with tarfile.open(home / f"{name}.tar.gz") as tar:
            inside = {member.rpartition("/")[2] for member in tar.getnames()}
        assert {"case.json", "bt.txt", "bt.json"} <= inside and ("desk.json" in inside) == held


def test_a_damaged_bundle_is_not_taken_for_a_whole_one(home: Path) -> None:
    """tarfile alone ends in silence where a header is garbage, and what came before may be garbage too."""
    whole = bytearray(
        packed(home / "x.tar.gz", **{"x__case_json": b"{}", "x__crash.raw": os.urandom(9000)}).read_bytes()
    )
    whole[len(whole) // 2] ^= 0x55
    (home / "x.tar.gz").write_bytes(whole)
    with pytest.raises(BundleError, match="damaged"):
        unpack(home / "x.tar.gz", home / "case")
    assert not (home / "case").exists()
