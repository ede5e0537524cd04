"""Settings: what they say applies, what is wrong is named, and nothing stops the program."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.diagnosis.team import folder
from rca.private import NO_HOME, config_dir, state_dir
from rca.report.preferences import redacts, template_folders
from rca.settings import EXAMPLE, Settings, parse_settings, settings
from rca.sources.node import clean_environment

ALL = """
display = {theme = "light", time_zone = "Asia/Tokyo"}
export = {redact = ["jira"], templates = "/t"}
diagnosis.signatures = "/s"
kubernetes.kubeconfig = "/k"
keys = {export = "E"}
"""


def uncommented(text: str) -> str:
    """The example with every setting switched on."""
    return re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)


def test_everything_that_the_example_shows_is_known() -> None:
    assert parse_settings(EXAMPLE) == Settings()
    found = parse_settings(uncommented(EXAMPLE))
    assert not found.problems
    assert tomllib.loads(EXAMPLE).keys() == {"display", "export", "diagnosis", "kubernetes", "keys"}
    assert found.theme and found.time_zone and found.redact and found.templates and found.signatures
    assert found.kubeconfig


def test_what_is_set_applies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANICDESK_CONFIG", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    (tmp_path / "config.toml").write_text(ALL)
    found = settings()
    assert (found.theme, found.keys, found.problems) == ("light", {"export": "E"}, ())
    assert datetime(2026, 1, 1, tzinfo=UTC).astimezone(found.time_zone).hour == 9
    assert redacts("jira") and not redacts("md")
    assert (template_folders(), folder()) == ((Path("/t"),), Path("/s"))
    assert clean_environment()["KUBECONFIG"] == "/k"
    monkeypatch.setenv("KUBECONFIG", "/mine")
    assert clean_environment()["KUBECONFIG"] == "/mine"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[display]\ntheme = 'pink'\ncolour = 1",
            ("must be one of dark, light", "no such setting; known are theme"),
        ),
        ("theme = 'dark'\n[weather]\n", ("nothing is known of 'theme'", "nothing is known of 'weather'")),
        ("display.time_zone = 'Mars/Base'", ("no time zone that this machine knows",)),
        ("display.time_zone = '/etc/passwd'", ("no time zone that this machine knows",)),
        ("export.redact = 'jira'", ("must be a list of formats",)),
        ("export.templates = 'here'", ("must be an absolute path",)),
        ("keys.export = 3", ("must be a text in quotes",)),
        ("[display", ("is no TOML and is not used",)),
    ],
)
def test_what_is_wrong_is_named_and_the_rest_applies(text: str, said: tuple[str, ...]) -> None:
    found = parse_settings(text + "\n[kubernetes]\nkubeconfig = '/k'\n")
    assert len(found.problems) == len(said)
    assert all(words in problem for words, problem in zip(said, found.problems, strict=True))
    assert found.kubeconfig == (None if "no TOML" in said[0] else Path("/k"))


@pytest.mark.parametrize(("data", "said"), [(b"\xff", "no UTF-8"), (b"#" * (1 << 19), "longer than")])
def test_a_file_of_garbage_is_a_sentence(
    data: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANICDESK_CONFIG", str(tmp_path))
    (tmp_path / "config.toml").write_bytes(data)
    (problem,) = settings().problems
    assert said in problem and str(tmp_path) in problem


@given(st.text() | st.recursive(st.text(), lambda inner: st.lists(inner).map(str)))
def test_no_text_raises(text: str) -> None:
    assert isinstance(parse_settings(text), Settings)


def test_a_user_without_a_home_has_places_that_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "PANICDESK_STATE", "PANICDESK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 987_654)
    assert (state_dir(), config_dir()) == (NO_HOME, NO_HOME)
    assert settings() == Settings()
    with pytest.raises(OSError):
        (NO_HOME / "cases").mkdir(parents=True)
