"""A team's own signature files join in; a broken one is named and left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.team import Team, folder, team
from tests.rca.diagnosis.diagnosis_samples import log

GOOD = """
[[signature]]
id = "ours"
kinds = ["page-fault"]
match = "acme"
meaning = "our own driver"
classes = ["driver"]
next = ["call the driver team"]
"""
OOPS = "BUG: unable to handle kernel paging request at ffffc90001234000\nRIP: 0010:acme_do+0x1/0x2\n"


@pytest.fixture(name="place")
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PANICDESK_CONFIG", str(tmp_path))
    assert folder() == tmp_path / "signatures"
    folder().mkdir()
    return folder()


def test_a_team_s_signature_comes_first(place: Path) -> None:
    (place / "acme.toml").write_text(GOOD, encoding="utf-8")
    assert diagnose(log(OOPS)).next_checks[0] == "call the driver team"


@pytest.mark.parametrize(
    "bad",
    [
        b"[[signature]\n",
        b"[[signature]]\nid = 'x'\n",
        b"\xff\xfe",
        b"#" * (1 << 20) + b"\n",
        b"x = " + b"[" * 9_000,
        GOOD.replace('"acme"', '"a{99999999999}"').encode(),
    ],
)
def test_a_broken_file_is_named_and_the_others_stay(place: Path, bad: bytes) -> None:
    (place / "acme.toml").write_text(GOOD, encoding="utf-8")
    (place / "broken.toml").write_bytes(bad)
    found = diagnose(log(OOPS))
    assert found.next_checks[0] == "call the driver team"
    assert [warning for warning in found.warnings if str(place / "broken.toml") in warning]
    assert any("broken.toml" in warning for warning in diagnose({}).warnings)


def test_without_a_folder_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANICDESK_CONFIG", str(tmp_path / "none"))
    assert team() == Team()


def test_the_folder_is_the_user_s_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PANICDESK_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert folder() == tmp_path / "panicdesk" / "signatures"
