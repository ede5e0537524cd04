"""The draft of the nine fields and its two exports, from a panic that really happened."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from parsers.dumpheader import DumpFormat, DumpHeader
from parsers.text import to_lines
from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.kinds import KINDS
from rca.diagnosis.model import Confidence, Diagnosis, Guilty, Statement
from rca.evidence import Citation, Evidence, Kind
from rca.report.draft import draft
from rca.report.form import FIELDS, Form
from rca.report.jsonform import report_json
from rca.report.markdown import markdown
from rca.sources.base import Dump, DumpState, Where
from rca.steps.base import Facts
from rca.triage import triage
from rca.verdict import Badge, Verdict

LOGS = Path(__file__).parents[1] / "diagnosis" / "logs"
NAMES = sorted(path.stem for path in LOGS.glob("*.txt"))
NOW = datetime(2025, 12, 22, 10, 0, tzinfo=UTC)
CRASHED = datetime(2025, 12, 22, 9, 2, 5, tzinfo=UTC)
RELEASE = "4.18.0-553.el8_10.x86_64"
LAST = "reboot   system boot  4.18.0-553.el8_10.x86_64 Mon Dec 22 09:08:11 2025   still running\n"
NASTY = "<script>alert(1)</script> &lt; ``` [a](javascript:x) | # *b* __c__ <!-- ![i](x)"


def item(id_: str, text: str) -> Evidence:
    return Evidence(id_, Kind.FILE, id_, "test", NOW, to_lines(text.encode()))


def facts_of(name: str, where: Where = Where.FOLDER, **more: str) -> Facts:
    log = (LOGS / f"{name}.txt").read_text(encoding="utf-8")
    given = {id_.replace("_", "-"): item(id_.replace("_", "-"), text) for id_, text in more.items()}
    given["vmcore-dmesg"] = item("vmcore-dmesg", log)
    return Facts(where, "test", given, diagnosis=diagnose(given))


def with_dump(facts: Facts, node: str = "worker-07") -> Facts:
    header = DumpHeader(DumpFormat.KDUMP, release=RELEASE, node=node, crash_time=CRASHED)
    dump = Dump(Path("/var/crash/x"), DumpState.COMPLETE, header=header)
    return replace(facts, dumps=(dump,), dump=dump)


def filled(facts: Facts, verdicts: dict[int, Verdict] | None = None) -> Form:
    return Form().drafted(
        draft(facts, verdicts or {}), facts.diagnosis.confidence if facts.diagnosis else None
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_draft_stands_on_lines_that_exist(name: str) -> None:
    facts = facts_of(name)
    drafts = draft(facts, {})
    assert tuple(drafts) == FIELDS
    for one in drafts.values():
        for cited in one.citations:
            assert facts.evidence[cited.evidence].cite(cited.line) == cited
    assert facts.diagnosis
    assert f"Confidence: {facts.diagnosis.confidence} (" in drafts["Root Cause"].text
    assert all(line.startswith("- ") and "[vmcore-" in line for line in drafts["Evidence"].text.split("\n"))
    for field in ("Fix", "Prevention"):
        assert all(
            line.startswith("Proposed: ") for line in drafts[field].text.split("\n") if drafts[field].text
        )


def test_the_runbook_s_example() -> None:
    drafts = draft(with_dump(facts_of("mlx5-napi-null")), {})
    title = "BUG: unable to handle kernel NULL pointer dereference in mlx5e_poll_rx_cq"
    assert drafts["Incident"].text == f"Kernel panic on worker-07: {title}"
    assert drafts["OS"].text == "Enterprise Linux 8.10 family (from the kernel release)"
    assert drafts["Kernel"].text == RELEASE
    assert drafts["Time"].text == "2025-12-22 09:02:05 UTC"
    for word in ("mlx5_core", "mlx5e_poll_rx_cq", "probable", "hypothesis", "offset 0x30", "network traffic"):
        assert word in drafts["Root Cause"].text
    assert "rebooted" not in drafts["Impact"].text and "Kubernetes" not in drafts["Impact"].text


def test_a_folder_says_nothing_of_the_system() -> None:
    drafts = draft(facts_of("mlx5-napi-null", os_release='NAME="Rocky Linux"\nVERSION_ID="8.10"\n'), {})
    assert not drafts["OS"].text
    assert not drafts["Time"].text
    assert drafts["Kernel"].text == "6.1.0-56-cloud-amd64"
    assert drafts["Kernel"].citations


def test_a_node_says_more() -> None:
    system = 'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="8.10"\n'
    facts = with_dump(facts_of("mlx5-napi-null", Where.NODE, os_release=system, last=LAST))
    rebooted = Citation("k8s-events", 3, '"reason": "Rebooted"')
    drafts = draft(facts, {9: Verdict(Badge.PASS, "Rebooted; 2 pods marked for eviction", (rebooted,))})
    assert drafts["OS"].text == "Rocky Linux 8.10"
    assert drafts["OS"].citations
    assert drafts["Time"].text.startswith("2025-12-22 09:02:05 UTC")
    assert "- Node rebooted [last:1]" in drafts["Impact"].text
    assert "2 pods marked for eviction [k8s-events:3]" in drafts["Impact"].text
    other = replace(facts, evidence={**facts.evidence, "uname-n": item("uname-n", "another\n")})
    assert "rebooted" not in draft(other, {})["Impact"].text


def test_a_report_that_was_survived_is_no_panic() -> None:
    found = facts_of("mlx5-napi-null")
    facts = replace(found, evidence={"journal": replace(found.evidence["vmcore-dmesg"], id="journal")})
    assert draft(facts, {1: Verdict(Badge.WARN, "x")})["Incident"].text.startswith("Kernel report: ")
    assert draft(facts, {1: Verdict(Badge.PASS, "x")})["Incident"].text.startswith("Kernel panic: ")


@pytest.mark.parametrize("where", list(Where))
def test_nothing_known_is_unknown(where: Where) -> None:
    assert not any(one.text for one in draft(Facts(where, "test"), {}).values())
    assert not any(one.text for one in draft(Facts(where, "test", diagnosis=Diagnosis()), {}).values())
    for kind in KINDS:
        for confidence in Confidence:
            found = Diagnosis(title="x", kind=kind, confidence=confidence, guilty=Guilty("", "m"))
            text = draft(Facts(where, "test", diagnosis=found), {})["Root Cause"].text
            assert ("hypothesis" in text) == (confidence in (Confidence.PROBABLE, Confidence.POSSIBLE))


def test_extreme_times_do_not_raise() -> None:
    for moment in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime(2025, 1, 1)):
        facts = Facts(
            Where.NODE, "test", {"last": item("last", LAST)}, diagnosis=Diagnosis("x", crash_time=moment)
        )
        assert draft(facts, {})["Time"].text


def test_markdown_has_all_parts() -> None:
    facts = with_dump(facts_of("mlx5-napi-null"))
    text = markdown(filled(facts), facts, {1: Verdict(Badge.PASS, "it died")})
    assert text.startswith("# RCA: ") and text.endswith("\n") and not text.endswith("\n\n")
    headings = [line[3:] for line in text.split("\n") if line.startswith("## ")]
    assert headings == [*FIELDS, "Confidence", "Citations", "Steps"]
    assert "**probable**: trace and context agree" in text
    assert "\nvmcore-dmesg:12  [    4.327192] RIP: 0010:mlx5e_poll_rx_cq+0x8/0x20 [mlx5_core]\n" in text
    assert "| PASS | it died |" in text
    empty = markdown(Form(), Facts(Where.FOLDER, "test"), {})
    assert empty.count("\n\nUNKNOWN\n") == 9


@pytest.mark.parametrize(
    "start", ["", "# ", "- ", "- - # ", "1. ", "> ", "```", "~~~", "    ", "=", "---", "[x]: "]
)
def test_markdown_is_inert(start: str) -> None:
    nasty = f"{start}{NASTY}"
    cited = Citation("log", 1, f"````` {nasty}\n```\n# out")
    found = Diagnosis(
        nasty, statements=(Statement(nasty, (cited,)),), citations=(cited,), warnings=(nasty,), fixes=(nasty,)
    )
    facts = Facts(Where.FOLDER, "test", diagnosis=found)
    form = filled(facts).type("Impact", f"one\n{nasty}\n===\n\n{nasty}")
    text = markdown(form, facts, {1: Verdict(Badge.WARN, f"{nasty}\n| x", (cited,))})
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    flat = [token for one in tokens for token in (one, *(one.children or ()))]
    kinds = {token.type for token in flat}
    assert not kinds & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "code_inline",
        "code_block",
        "em_open",
    }
    assert sum(token.type == "fence" for token in flat) == 1
    assert sum(token.type == "heading_open" for token in flat) == 14
    assert sum(token.type == "strong_open" for token in flat) == 1
    assert sum(token.type == "td_open" for token in flat) == 44


def test_json_has_all_parts() -> None:
    facts = with_dump(facts_of("mlx5-napi-null"))
    assert facts.dump
    said = triage(facts.evidence, path="x", header=facts.dump.header, diagnosis=facts.diagnosis)
    proof = Citation("vmcore-dmesg", 5, "x")
    found = report_json(filled(facts), facts, {1: Verdict(Badge.NA, "it died", (proof,))}, said)
    assert {name: found[name] for name in said} == said
    assert tuple(found["fields"]) == FIELDS and found["fields"]["Kernel"] == RELEASE
    assert [step["number"] for step in found["steps"]] == list(range(11))
    cited = {"evidence": "vmcore-dmesg", "line": 5, "text": "x"}
    assert found["steps"][1].pop("title")
    assert found["steps"][1] == {"number": 1, "verdict": "N/A", "summary": "it died", "citations": [cited]}
    assert found["steps"][0]["verdict"] == "WAIT"
    json.dumps(found)
    empty = report_json(Form(), Facts(Where.FOLDER, "test"), {}, said)
    assert set(empty["fields"].values()) == {"UNKNOWN"}
