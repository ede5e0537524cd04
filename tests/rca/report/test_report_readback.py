"""Markdown exported with provenance is read back as it was."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text import visible
from rca.diagnosis.model import Confidence
from rca.report.export import Request, export
from rca.report.form import Draft, Form
from rca.report.formats.readback import ReadBackError, adopt, read_markdown
from rca.report.headings import FIELDS, FURTHER
from rca.report.redaction.redactor import Redactor
from tests.rca.report.report_samples import NAMES, facts_of, filled, runbook_example

FACTS, VERDICTS = runbook_example()
DRAFTED = filled(FACTS, VERDICTS)
MARKED = Request("md", provenance=True)

typed = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.text("-# \t\n*_[]()&;<>\\`|.1aFACT:", max_size=60),
    st.lists(
        st.sampled_from(["- a", "b", "", "   ", "- ", "-", "1. x", "## Fix", "x [FACT log:1]", "&nbsp;"])
    ).map("\n".join),
).filter(lambda text: text.strip() and text.strip() != "UNKNOWN")


@pytest.mark.parametrize("name", NAMES)
def test_what_evidence_drafted_comes_back(name: str) -> None:
    facts = facts_of(name)
    form = filled(facts)
    assert read_markdown(export(form, facts, {}, MARKED)) == form


@given(typed, st.sampled_from(FIELDS + FURTHER), st.sampled_from(list(Confidence)))
def test_what_a_person_typed_comes_back(text: str, name: str, confidence: Confidence) -> None:
    form = DRAFTED.type(name, text).set_confidence(confidence)
    read = read_markdown(export(form, FACTS, VERDICTS, MARKED))
    assert read[name].text == visible(text)
    assert [field.sentences for field in read.all] == [field.sentences for field in form.all]
    assert (read.confidence, read.confidence_by_person) == (confidence, True)
    assert adopt(DRAFTED, read)[name].text == form[name].text
    assert export(adopt(DRAFTED, read), FACTS, VERDICTS, MARKED) == export(form, FACTS, VERDICTS, MARKED)


def test_a_colleague_s_edit_is_theirs_and_the_rest_keeps_its_proof() -> None:
    text = export(DRAFTED, FACTS, VERDICTS, MARKED)
    edited = text.replace(
        "- Node rebooted [FACT last:1]", "- Node was reset by hand\n- Node rebooted [FACT last:1]"
    )
    assert edited != text
    form = adopt(DRAFTED, read_markdown(edited))
    first, second = form["Impact"].sentences[:2]
    assert (first.words, first.citations) == ("Node was reset by hand", ())
    assert second == DRAFTED["Impact"].sentences[0]
    assert not form["Evidence"].by_person and form.confidence is DRAFTED.confidence


def test_a_megabyte_comes_back_whole() -> None:
    form = Form().drafted({"OS": Draft(DRAFTED["OS"].sentences)}, None).type("Impact", "word\n" * 200_000)
    assert read_markdown(export(form, FACTS, {}, MARKED))["Impact"].text == form["Impact"].text


def test_redacted_it_is_read_back_redacted() -> None:
    text = export(
        DRAFTED, FACTS, VERDICTS, Request("md", provenance=True, redactor=Redactor({"worker-07": "host"}))
    )
    assert read_markdown(text)["Incident"].text.startswith("Kernel panic on host-1: ")


@pytest.mark.parametrize("text", ["", "# RCA", "## Fix\n\nUNKNOWN\n", "x" * 1000, "## Nothing\nx"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ReadBackError):
        read_markdown(text)


@given(st.text("#-[] FACTlog:1\n&;\\*", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ReadBackError):
        assert read_markdown(f"## Fix\n{text}")["Fix"].text
