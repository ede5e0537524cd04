"""An export never costs what a person made of the one before."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rca.report.keeping import FILE, Kept, keep
from rca.report.rendering import PLAIN, Rendered, Wish


def test_what_panicdesk_wrote_is_overwritten(tmp_path: Path) -> None:
    for text in ("one\n", "two \udcff\n", "three\n"):
        assert keep(Rendered(text), PLAIN, tmp_path) == Kept(tmp_path / "rca.md")
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, "rca.md"]


def test_each_text_that_a_person_changed_stays(tmp_path: Path) -> None:
    path = keep(Rendered("ours\n"), PLAIN, tmp_path).path
    for number, edited in enumerate((b"by hand\n", b"again \xff\0"), start=1):
        path.write_bytes(edited)
        path.chmod(0o644)
        kept = keep(Rendered("ours\n"), PLAIN, tmp_path)
        assert kept.older == tmp_path / f"rca.md.{number}" and kept.older.read_bytes() == edited
        assert stat.S_IMODE(kept.older.stat().st_mode) == 0o600
        assert path.read_text() == "ours\n"


def test_another_format_is_another_file(tmp_path: Path) -> None:
    keep(Rendered("md\n"), PLAIN, tmp_path)
    keep(Rendered("jira\n"), Wish("jira"), tmp_path)
    assert keep(Rendered("md 2\n"), PLAIN, tmp_path).older is None


@pytest.mark.parametrize("damage", [None, b"", b"[]", b"\xff", b'{"rca.md": 7}'])
def test_a_file_of_which_nothing_is_known_stays(tmp_path: Path, damage: bytes | None) -> None:
    (tmp_path / "rca.md").write_text("from an older release\n")
    if damage is not None:
        (tmp_path / FILE).write_bytes(damage)
    older = keep(Rendered("ours\n"), PLAIN, tmp_path).older
    assert older and older.read_text() == "from an older release\n"
    assert keep(Rendered("ours 2\n"), PLAIN, tmp_path).older is None


def test_what_cannot_be_put_aside_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    (tmp_path / "rca.md").write_text("by hand\n")
    monkeypatch.setattr("os.link", refuse)
    with pytest.raises(PermissionError):
        keep(Rendered("ours\n"), PLAIN, tmp_path)
    assert (tmp_path / "rca.md").read_text() == "by hand\n"
