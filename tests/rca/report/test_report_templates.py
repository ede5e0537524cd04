"""Templates: what they may say, whose comes first, and what a broken one is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.report.content import NAMES, content
from rca.report.document import Heading, Labelled, Line, Prose
from rca.report.export import Request, export
from rca.report.form import Form
from rca.report.template import TemplateError, fill, load, parse
from rca.sources.base import Where
from rca.steps.base import Facts

NOTHING = Facts(Where.FOLDER, "test")


def filled(text: str, form: Form | None = None) -> object:
    return fill(parse(text, "t"), content(form or Form(), NOTHING, {}))


def test_every_kind_of_line() -> None:
    text = "; a remark\n# RCA $kernel\n\nprice $$5\n- see $os\nOS: $os\n$kernel\nours\n"
    form = Form().type("Kernel", "5.14")
    assert filled(text, form) == (
        Heading(1, "RCA 5.14"),
        Prose((Line("price $5"), Line("see UNKNOWN", listed=True))),
        Labelled("OS", (Line("UNKNOWN"),)),
        Prose((Line("5.14"),)),
        Prose((Line("ours"),)),
    )


def test_an_optional_heading_goes_when_it_says_nothing() -> None:
    text = "$os\n##? Taint\n$taint\n## Kernel\n$kernel\n"
    assert Heading(2, "Taint") not in filled(text)  # type: ignore[operator]
    assert Heading(2, "Kernel") in filled(text)  # type: ignore[operator]
    assert Heading(2, "Taint") in filled(text, Form().type("Taint", "O"))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("$os\n\n$kernal\n", 3, "unknown name $kernal"),
        ("$os\ncosts 5$\n", 2, "a single $"),
        ("#heading\n", 1, "a heading is"),
        ("$os\n### deep\n", 2, "a heading is"),
        ("${os}\n", 1, "a single $"),
    ],
)
def test_a_broken_template_is_told_by_file_and_line(text: str, line: int, why: str, tmp_path: Path) -> None:
    path = tmp_path / "full.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load("md", "full", (tmp_path,))
    assert str(caught.value).startswith(f"{path}, line {line}: ") and why in str(caught.value)


def test_other_ways_to_be_broken(tmp_path: Path) -> None:
    path = tmp_path / "full.txt"
    for data, why in (
        (b"$os\n\xff\n", "line 2: not UTF-8"),
        (b"", "names no field"),
        (b"x" * (1 << 19), "longer"),
    ):
        path.write_bytes(data)
        with pytest.raises(TemplateError, match=why):
            load("md", "full", (tmp_path,))
    path.unlink()
    path.mkdir()
    with pytest.raises(TemplateError, match="cannot be read"):
        load("md", "full", (tmp_path,))


def test_the_team_s_own_comes_first_and_that_of_the_format_before_it(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("ours: $os\n", encoding="utf-8")
    (tmp_path / "short.jira.txt").write_text("jira's: $os\n", encoding="utf-8")
    written = {
        name: export(Form(), NOTHING, {}, Request(name, short=True, templates=(tmp_path,)))
        for name in ("text", "jira")
    }
    assert written == {"text": "ours: UNKNOWN\n", "jira": "*jira's:* UNKNOWN\n"}
    assert "ours" not in export(
        Form(), NOTHING, {}, Request("text", short=True, templates=(tmp_path / "no",))
    )


@pytest.mark.parametrize("length", ["short", "full"])
def test_the_built_in_ones_name_every_field(length: str) -> None:
    named = {piece.text for piece in load("md", length, ()) if piece.kind == "block"}
    assert {
        "incident",
        "os",
        "kernel",
        "time",
        "root_cause",
        "evidence",
        "impact",
        "fix",
        "prevention",
    } <= named
    assert length == "short" or named == NAMES


@given(st.text("$# ?-;:abos_{}%\n", max_size=60))
def test_any_text_is_a_template_or_an_error(text: str) -> None:
    try:
        template = parse(text, "t")
    except TemplateError as error:
        assert str(error).startswith("t")
    else:
        fill(template, content(Form(), NOTHING, {}))
