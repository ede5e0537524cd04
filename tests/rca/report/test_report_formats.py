"""The formats, each read by a parser of that format: nothing of a kernel's or a person's text becomes markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jira2markdown.parser import convert  # type: ignore[import-untyped,unused-ignore]
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from parsers.text import visible
from rca.audit import Audit
from rca.diagnosis.model import Diagnosis, Statement
from rca.evidence import Citation
from rca.report.export import NAMES, Request, export
from rca.report.form import Form
from rca.report.formats import jira
from rca.report.formats.markdown import inline
from rca.report.formats.readback import read_markdown
from rca.report.formats.registry import FORMATS
from rca.report.headings import FIELDS
from rca.report.jsonform import report_json
from rca.report.limits import PAGE
from rca.report.rendering import PLAIN, Wish, rendered
from rca.sources.base import Dump, DumpState, Where
from rca.steps.base import Facts
from rca.steps.titles import TITLES
from rca.triage import triage
from rca.verdict import Badge, Verdict
from tests.rca.report.report_samples import facts_of, filled, item, runbook_example, with_dump

SCHEMA = Draft7Validator(json.loads(Path(__file__).with_name("adf.schema.json").read_text(encoding="utf-8")))
NASTY = (
    "<script>alert(1)</script> &lt; ``` [a](javascript:x) | # *b* __c__ <!-- ![i](x) {code} {noformat} [~all] !x! "
    "h1. -gone- +in+ [/code] [code] \\\\ ??q?? :) (!) ${x} $os </pre> ||th|| {{m}} ^u^ ~l~"
)
STARTS = [
    "",
    "# ",
    "- ",
    "- - # ",
    "1. ",
    "> ",
    "```",
    "~~~",
    "    ",
    "=",
    "---",
    "[x]: ",
    "h1. ",
    "bq. ",
    "|",
    "* ",
]


def hostile(start: str) -> tuple[Form, Facts, dict[int, Verdict]]:
    nasty = f"{start}{NASTY}"
    cited = Citation("log", 1, f"````` {nasty}\n```\n# out {{noformat}}")
    found = Diagnosis(
        nasty, statements=(Statement(nasty, (cited,)),), citations=(cited,), warnings=(nasty,), fixes=(nasty,)
    )
    facts = Facts(Where.FOLDER, "test", diagnosis=found)
    form = filled(facts).type("Impact", f"one\n{nasty}\n===\n\n{nasty}")
    return form, facts, {1: Verdict(Badge.WARN, f"{nasty}\n| x", (cited,))}


def tokens(text: str) -> list[Token]:
    found = MarkdownIt("commonmark").enable("table").parse(text)
    return [token for one in found for token in (one, *(one.children or ()))]


def kinds(text: str) -> list[str]:
    return [token.type for token in tokens(text)]


def test_markdown_has_all_parts() -> None:
    facts = with_dump(facts_of("mlx5-napi-null"))
    text = export(filled(facts), facts, {1: Verdict(Badge.PASS, "it died")}, Request())
    assert text.startswith("# RCA: ") and text.endswith("\n") and not text.endswith("\n\n")
    headings = [line[3:] for line in text.split("\n") if line.startswith("## ")]
    assert headings[:10] == [*FIELDS, "Confidence"] and headings[-2:] == ["Citations", "Steps"]
    assert "Not filled in" in headings and "Severity" not in headings
    assert "**probable**: trace and context agree" in text
    assert "\nvmcore-dmesg:12  [    4.327192] RIP: 0010:mlx5e_poll_rx_cq+0x8/0x20 [mlx5_core]\n" in text
    assert "| PASS | it died |" in text
    empty = export(Form(), Facts(Where.FOLDER, "test"), {}, Request())
    assert empty.count("\n\nUNKNOWN\n") == 10, "nine fields and the citations"


@pytest.mark.parametrize("provenance", [False, True])
@pytest.mark.parametrize("start", STARTS)
def test_markdown_is_inert(start: str, provenance: bool) -> None:
    text = export(*hostile(start), Request("md", provenance=provenance))
    found = kinds(text)
    forbidden = {"html_block", "html_inline", "link_open", "image", "code_inline", "code_block", "em_open"}
    assert not forbidden & set(found)
    assert found.count("fence") == 1
    assert found.count("heading_open") == text.count("\n## ") + 1
    assert found.count("strong_open") == 1
    assert found.count("td_open") == 4 * len(TITLES)


def test_jira_is_read_as_it_was_meant() -> None:
    """By a parser of the wiki markup: it finds the structure that the markdown of the same report has."""
    facts, verdicts = runbook_example()
    form = filled(facts, verdicts)
    read = kinds(convert(export(form, facts, verdicts, Request("jira"))))
    ours = kinds(export(form, facts, verdicts, Request("md")))
    for kind in (
        "heading_open",
        "fence",
        "bullet_list_open",
        "list_item_open",
        "table_open",
        "td_open",
        "strong_open",
    ):
        assert read.count(kind) == ours.count(kind) > 0, kind
    assert not {"link_open", "image", "em_open", "html_block"} & set(read)


@pytest.mark.parametrize("start", STARTS)
def test_jira_is_inert(start: str) -> None:
    text = export(*hostile(start), Request("jira"))
    own = [line for line in text.split("\n") if re.match(r"h\d\. |bq\. |#|----", line)]
    assert len(own) == text.count("\nh2. ") + 1
    shown, inside, rest = re.split(r"(?<!\\)\{noformat\}", text)
    assert "(noformat)" in inside
    outside = shown + rest.partition("||Step")[0]
    assert not re.search(r"(?<!\\)[\[\]!|{}]", outside)


@given(st.text(max_size=40))
def test_jira_s_escapes_leave_no_bare_markup(text: str) -> None:
    safe = jira.inline(visible(text).replace("\n", " "))
    bare = safe.replace("&#92;", "").replace("\\{", "").replace("\\}", "").replace("\\[", "")
    assert not {"{", "}", "["} & set(bare)
    assert "\\\\" not in safe


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("start", STARTS)
def test_jira_cloud_is_a_document_of_the_vendor_s_format(start: str, short: bool) -> None:
    text = export(*hostile(start), Request("jira-cloud", short=short, provenance=True))
    SCHEMA.validate(json.loads(text))
    assert json.dumps("<script>")[1:-1] in text


def test_the_schema_refuses_what_the_vendor_s_does() -> None:
    for content in (
        [{"type": "text", "text": "x"}],
        [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}],
    ):
        assert list(SCHEMA.iter_errors({"version": 1, "type": "doc", "content": content}))


class Tags(HTMLParser):
    """Counts tags, and checks that they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: dict[str, int] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.seen[tag] = self.seen.get(tag, 0) + 1
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@pytest.mark.parametrize("start", STARTS)
def test_servicenow_is_one_piece_of_clean_html(start: str) -> None:
    form, facts, verdicts = hostile(start)
    text = export(form, facts, verdicts, Request("servicenow", short=True, provenance=True))
    assert text.startswith("[code]") and text.endswith("[/code]\n")
    inside = text.removeprefix("[code]").removesuffix("[/code]\n")
    assert "[" not in inside and "]" not in inside and "\n" not in inside
    reader = Tags()
    reader.feed(inside)
    reader.close()
    assert not reader.open and set(reader.seen) <= {"p", "b", "br", "ul", "li"}
    assert "<script>alert(1)</script>" in reader.text


def test_text_says_it_plainly() -> None:
    facts, verdicts = runbook_example()
    text = export(filled(facts, verdicts), facts, verdicts, Request("text"))
    assert (
        "\nOS\n--\nRocky Linux 8.10\n" in text
        and "\n    bt:6  [exception RIP: mlx5e_napi_poll+316]\n" in text
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lines", [0, 3, 500])
def test_the_short_form_fits_on_a_page(name: str, lines: int) -> None:
    facts, verdicts = runbook_example()
    form = filled(facts, verdicts)
    for field in FIELDS if lines else ():
        form = form.type(field, "\n".join(f"- {field} {n} {'x' * 1000 * (n == 1)}" for n in range(lines)))
    text = export(form, facts, verdicts, Request(name, short=True, provenance=True))
    assert text.count("\n") <= PAGE
    assert all(field in text for field in FIELDS)
    assert (
        lines < 500
        or "[cut: 49" in text
        or "&#91;cut: 49" in text
        or "[cut to" in text
        or "\\[cut: 49" in text
    )
    assert lines or "mlx5e_napi_poll" in text


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("paste", ["x" * 1_000_000, "word\n" * 200_000, "<&[*_\\ " * 100_000])
def test_a_field_s_limit_is_kept_and_the_cut_is_seen(name: str, paste: str) -> None:
    facts, verdicts = runbook_example()
    form = filled(facts, verdicts).type("Impact", paste)
    text = export(form, facts, verdicts, Request(name))
    limit = FORMATS[name].limit
    if limit:
        assert len(text) <= limit and "cut to the " in text
        assert "Kernel panic on worker-07" in text and "Root Cause" in text
    else:
        assert paste.strip().split("\n")[-1] in text


def test_what_fits_is_not_cut() -> None:
    facts, verdicts = runbook_example()
    for name in FORMATS:
        if name != "servicenow":
            assert "cut to" not in export(filled(facts, verdicts), facts, verdicts, Request(name))


def test_evidence_names_its_lines_in_every_export_and_the_rest_on_demand() -> None:
    facts, verdicts = runbook_example()
    form = filled(facts, verdicts).type(
        "Fix", "- Proposed: ask the vendor with RIP, offset and release\n- done: x"
    )
    plain = export(form, facts, verdicts, Request("text", short=True))
    assert "[vmcore-dmesg:2]" in plain and "FACT" not in plain and "AUTHOR" not in plain
    marked = export(form, facts, verdicts, Request("text", provenance=True))
    assert "- done: x [AUTHOR]\n" in marked
    assert "Rocky Linux 8.10 [FACT os-release:2 os-release:3]\n" in marked
    assert "offset and release [INFERENCE vmcore-dmesg:2; because a known remedy" in marked


def test_json_has_all_parts() -> None:
    facts = with_dump(facts_of("mlx5-napi-null"))
    assert facts.dump
    said = triage(facts.evidence, path="x", header=facts.dump.header, diagnosis=facts.diagnosis)
    proof = Citation("vmcore-dmesg", 5, "x")
    found: dict[str, Any] = report_json(
        filled(facts), facts, {1: Verdict(Badge.NA, "it died", (proof,))}, "x"
    )
    assert {name: found[name] for name in said} == said
    assert tuple(found["fields"]) == FIELDS and found["further"]["Severity"] == "UNKNOWN"
    assert [step["number"] for step in found["steps"]] == list(range(len(TITLES)))
    cited = {"evidence": "vmcore-dmesg", "line": 5, "text": "x"}
    assert found["steps"][1].pop("title")
    assert found["steps"][1] == {"number": 1, "verdict": "N/A", "summary": "it died", "citations": [cited]}
    assert found["steps"][0]["verdict"] == "WAIT"
    empty = report_json(Form(), Facts(Where.FOLDER, "test"), {}, short=True)
    assert set(empty["fields"].values()) == {"UNKNOWN"} and "steps" not in empty
    marked = json.loads(export(filled(facts), facts, {}, Request("json", provenance=True)))
    assert marked["sentences"]["Kernel"][0]["origin"] == "INFERENCE"
    assert "json" in NAMES


def test_two_texts_beside_a_list_stay_out_of_it() -> None:
    facts = replace(with_dump(facts_of("mlx5-napi-null")))
    form = filled(facts).type("Impact", "- a\nafter\n- b\n\nlast")
    body = export(form, facts, {}, Request()).partition("## Impact\n\n")[2].partition("\n\n## Fix")[0]
    assert kinds(body).count("bullet_list_open") == 2
    assert [t.content for t in tokens(body) if t.type == "inline" and t.level == 1] == ["after", "last"]


def test_markdown_escapes_no_name_of_a_function() -> None:
    names = "Points to _cma_cancel_listens: __mutex_lock.constprop.0, prev->next, a_b_"
    assert inline(names) == names.removesuffix("_") + "\\_"
    for text in (names, "_a_ __b__ _c d_ (_e_) x_ _y __", "_f_g_ _h"):
        assert "<em>" not in MarkdownIt().render(inline(text)) and "<strong>" not in MarkdownIt().render(
            inline(text)
        )


def test_an_author_cites_evidence_and_audit_by_naming_lines(tmp_path: Path) -> None:
    facts, verdicts = runbook_example()
    Audit(tmp_path).record(facts.evidence["bt"])
    form = filled(facts, verdicts).type(
        "Alternatives", "Not the firmware [audit:1 bt:3]\nNor this [bt:999] [1:2]"
    )
    found = rendered(form, facts, verdicts, Wish(provenance=True), tmp_path).text
    assert "[AUTHOR audit:1 bt:3]" in found and "[AUTHOR bt:999]" in found
    assert re.search(
        r"^audit:1  \S+ bt on test, by .*: .* sha256 [0-9a-f]{64}, kept as bt$", found, re.MULTILINE
    )
    assert f"\nbt:3  {facts.evidence['bt'].lines[2].strip()}\n" in found
    assert "\nbt:999  (no such line among the evidence)\n" in found
    read = read_markdown(found)["Alternatives"]
    assert read.text == form["Alternatives"].text and read.sentences == form["Alternatives"].sentences
    evidence = form.type("Evidence", "Seen by hand [bt:3]")
    assert "- Seen" not in rendered(evidence, facts, verdicts, Wish("text"), tmp_path).text
    assert rendered(evidence, facts, verdicts, Wish("text"), tmp_path).text.count("[bt:3]") == 1


def test_a_warning_speaks_of_commands_only_where_some_ran() -> None:
    facts = facts_of("mlx5-napi-null")
    cut = replace(facts, dump=Dump(Path("/var/crash/x"), DumpState.INCOMPLETE, Path("/var/crash/x/vmcore")))
    said = rendered(filled(cut), cut, {}, PLAIN, None).text
    assert "No crash session tells more; the dump is incomplete" in said and "Not to be trusted" not in said
    opened = replace(cut, evidence={**cut.evidence, "bt": item("bt", "PID: 1")})
    assert (
        "Not to be trusted alone in this crash session: bt"
        in rendered(filled(opened), opened, {}, PLAIN, None).text
    )
