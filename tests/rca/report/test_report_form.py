"""The form: whose words stand where, what new evidence offers, and the file in which it is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.report.content import content
from rca.report.difference import Sign, apply, compare
from rca.report.document import Prose
from rca.report.form import Draft, Form
from rca.report.formfile import form_from_json, form_to_json
from rca.report.headings import FIELDS
from rca.report.sentences import Origin, Sentence, fact, inference, quoted
from rca.sources.base import Where
from rca.steps.base import Facts

PROOF = Citation("log", 7, "BUG: x")
ONE = fact("- one", (PROOF,))
TWO = inference("- two", "it follows")
THREE = fact("- three", (PROOF,))


def form_with(*sentences: Sentence) -> Form:
    return Form().drafted({"Evidence": Draft(sentences)}, Confidence.PROBABLE)


def origins(form: Form) -> list[Origin]:
    return [sentence.origin for sentence in form["Evidence"].sentences]


def test_a_fact_needs_a_citation() -> None:
    with pytest.raises(ValueError, match="without a citation"):
        fact("the moon is round", ())


def test_a_line_keeps_its_proof_and_an_edited_one_is_the_author_s() -> None:
    form = form_with(ONE, TWO).type("Evidence", "- two\n- one, says the BMC too\n- one")
    assert origins(form) == [Origin.INFERENCE, Origin.AUTHOR, Origin.FACT]
    assert form["Evidence"].citations == (PROOF,)
    assert form["Evidence"].by_person


def test_a_line_put_in_from_the_evidence_is_a_fact() -> None:
    line = quoted(Citation("bt", 9, "  #9 [ff] f\tat ff [m] " + "x" * 900))
    assert line.text.startswith("- #9 [ff] f at ff [m] xxx") and line.text.endswith("x… [bt:9]")
    assert len(line.text) < 420
    form = form_with(ONE).type("Evidence", f"- one\nmine\n{line.text}", (line,))
    assert origins(form) == [Origin.FACT, Origin.AUTHOR, Origin.FACT]
    assert form["Evidence"].citations == (PROOF, *line.citations)
    again = form_from_json(json.loads(json.dumps(form_to_json(form)))).type("Evidence", f"{line.text}\nmore")
    assert origins(again) == [Origin.FACT, Origin.AUTHOR]
    leaves = content(form, Facts(Where.FOLDER, ""), {})["evidence"]
    assert isinstance(leaves, Prose) and [one.mark for one in leaves.lines] == ["[log:7]", "", "[bt:9]"]
    assert leaves.lines[2].text.endswith("x…"), "a citation is not said twice"


def test_a_list_is_put_in_another_order() -> None:
    form = form_with(ONE, TWO, THREE).move("Evidence", 2, 0)
    assert form["Evidence"].text == "- three\n- one\n- two"
    assert origins(form) == [Origin.FACT, Origin.FACT, Origin.INFERENCE]
    assert not form.move("Evidence", 0, 2)["Evidence"].by_person, "back in order it is the draft again"
    with pytest.raises(IndexError):
        form.move("Evidence", 9, 0)


def test_new_evidence_offers_and_never_overwrites() -> None:
    form = form_with(ONE).type("Evidence", "- one\n- mine")
    form = form.drafted({"Evidence": Draft((TWO, THREE))}, Confidence.POSSIBLE)
    field = form["Evidence"]
    assert field.text == "- one\n- mine"
    assert field.offer == "- two\n- three"
    assert origins(form) == [Origin.FACT, Origin.AUTHOR], "a sentence of an older draft keeps its proof"
    assert [str(change) for change in field.changes] == ["- - one", "- - mine", "+ - two", "+ - three"]
    form = form.take_changes("Evidence", [0, 3])
    assert form["Evidence"].text == "- mine\n- three"
    assert origins(form) == [Origin.AUTHOR, Origin.FACT]
    assert form.take_draft("Evidence")["Evidence"].text == "- two\n- three"


def test_a_person_s_confidence_stays() -> None:
    form = form_with(ONE).set_confidence(Confidence.CONFIRMED)
    assert form.drafted({}, Confidence.POSSIBLE).confidence is Confidence.CONFIRMED


def test_further_headings_are_fields_and_do_not_count() -> None:
    form = Form().type("Severity", "SEV-2").type("Impact", "UNKNOWN")
    assert form["Severity"].text == "SEV-2" and form.filled == 1 and len(form.fields) == 9
    with pytest.raises(KeyError):
        form["Nothing"]


def test_a_drafted_unknown_is_open_until_a_person_says_so() -> None:
    drafted = Draft(
        (
            inference("Trigger: UNKNOWN", "nothing tells"),
            inference("- fix it (owner: UNKNOWN)", "it"),
            fact("BIOS UNKNOWN", (PROOF,)),
        )
    )
    form = Form().drafted({"Root Cause": drafted}, None)
    assert form.drafted_unknown == ("Root Cause: Trigger: UNKNOWN", "Root Cause: fix it (owner: UNKNOWN)")
    form = form.type("Root Cause", "Trigger: UNKNOWN, nobody was there\n- fix it (owner: UNKNOWN)")
    assert form.drafted_unknown == ("Root Cause: fix it (owner: UNKNOWN)",)
    assert Form().type("Impact", "UNKNOWN").drafted_unknown == ()


def test_controls_are_visible_before_they_are_kept() -> None:
    assert Form().type("Fix", "a\x1b[31m\u202eb\nc")["Fix"].text == "a\\x1b[31m\\u202eb\nc"


@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12))
def test_a_difference_taken_whole_or_not_at_all(stands: str, offered: str) -> None:
    changes = compare(stands, offered)
    everything = range(len(changes))
    assert apply(changes, everything) == offered
    assert apply(changes, ()) == stands
    assert (stands == offered) == all(change.sign is Sign.SAME for change in changes)


@given(st.text(max_size=60), st.sampled_from(FIELDS))
def test_what_is_typed_comes_back_from_the_file(text: str, name: str) -> None:
    form = form_with(ONE, TWO).type(name, text).set_confidence(Confidence.POSSIBLE)
    assert form_from_json(json.loads(json.dumps(form_to_json(form)))) == form


def test_a_form_of_the_first_schema_is_read() -> None:
    cited = {"evidence": "log", "line": 7, "text": "BUG: x"}
    older = {
        "confidence": "probable",
        "confidence_by_person": True,
        "fields": {
            "Impact": {"typed": "mine", "drafted": {"text": "- a\n- b", "citations": [cited]}},
            "Fix": {"typed": None, "drafted": {"text": "- a\n- b", "citations": [cited]}},
        },
    }
    form = form_from_json(older)
    assert form["Impact"].text == "mine" and form["Impact"].offer == "- a\n- b"
    assert form["Fix"].citations == (PROOF,) and form["Fix"].sentences[0].origin is Origin.INFERENCE
    assert form.confidence is Confidence.PROBABLE and form.confidence_by_person


@pytest.mark.parametrize(
    "damage", [None, [], "x", {"fields": 1}, {"fields": {"Fix": []}, "confidence": "sure"}]
)
def test_a_damaged_file_is_an_empty_form(damage: Any) -> None:
    assert form_from_json(damage) == Form()


def test_a_form_from_elsewhere_is_made_visible() -> None:
    data = form_to_json(form_with(ONE).type("Impact", "x"))
    data["fields"]["Impact"]["typed"] = "a\x1b]0;x\x07\ud800"
    data["fields"]["Evidence"]["drafted"][0]["text"] = "- one\n## two\x9b"
    form = form_from_json(data)
    assert form["Impact"].text == "a\\x1b]0;x\\x07?"
    assert form["Evidence"].text == "- one ## two\\x9b"


def test_a_damaged_draft_costs_nothing_that_was_typed() -> None:
    data = form_to_json(form_with(ONE).type("Evidence", "mine"))
    data["fields"]["Evidence"]["drafted"] = [{"text": 1}]
    assert form_from_json(data)["Evidence"].text == "mine"
