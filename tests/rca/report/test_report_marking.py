"""What comes from a recording for practice says so, and keeps its provenance."""

from __future__ import annotations

from rca.opening import DEMO as RECORDING
from rca.opening import open_demo, open_path
from rca.report.form import Form
from rca.report.marking import DEMO, TRAINING, marked
from rca.report.sentences import Origin
from rca.training.scenario import SHIPPED
from tests.rca.report.report_samples import filled, runbook_example


def test_the_word_stands_before_the_incident_once_and_its_proof_stays() -> None:
    form = filled(runbook_example()[0])
    said = marked(marked(form, DEMO), DEMO)["Incident"].sentences[0]
    assert said.text == f"DEMO: {form['Incident'].text}"
    assert said.origin is Origin.FACT and said.citations == form["Incident"].citations
    assert marked(Form(), DEMO)["Incident"].text == "DEMO:"
    assert marked(form, "") is form
    assert marked(form.type("Incident", "mine"), DEMO)["Incident"].text == "DEMO: mine"


def test_who_opens_what_gets_which_word() -> None:
    assert open_demo().mark == open_path(RECORDING).mark == DEMO
    assert open_path(SHIPPED / "runbook-el8").mark == TRAINING
