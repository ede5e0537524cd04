"""The RCA leaves by the shell: a file's words come in, the whole case goes with it."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from rca.report.form import Form
from rca.report.formats.readback import ReadBackError
from rca.report.handing import hand_out
from rca.report.rendering import PLAIN
from rca.sources.base import Where
from rca.steps.base import Facts

FACTS = Facts(Where.FOLDER, "here")
FORM = Form().type("Root Cause", "the driver")


def test_the_words_of_a_file_come_before_those_of_the_case() -> None:
    written = hand_out(FORM.type("Root Cause", "the disk"), FACTS, {}, PLAIN, None).text
    assert "the driver" in hand_out(FORM, FACTS, {}, PLAIN, None).text
    found = hand_out(FORM, FACTS, {}, PLAIN, None, written=written).text
    assert "the disk" in found and "the driver" not in found
    with pytest.raises(ReadBackError):
        hand_out(FORM, FACTS, {}, PLAIN, None, written="no RCA at all")


def test_the_case_goes_with_it_and_without_one_nothing_is_packed(tmp_path: Path) -> None:
    case, bundle = tmp_path / "case", tmp_path / "out.tar.gz"
    case.mkdir()
    (case / "case.json").write_text("{}")
    with pytest.raises(FileNotFoundError) as refused:
        hand_out(FORM, FACTS, {}, PLAIN, None, "vmcore", attach=bundle)
    assert refused.value.filename == "vmcore" and not bundle.exists()
    found = hand_out(FORM, FACTS, {}, PLAIN, case, attach=bundle)
    with tarfile.open(bundle) as packed:
        (name,) = [name for name in packed.getnames() if name.endswith("rca.md")]
        member = packed.extractfile(name)
        assert member and member.read().decode() == found.text
        assert any(name.endswith("rca.full.md") for name in packed.getnames())
