"""The whole RCA as markdown, by the built-in template: what the workbench shows, copies and saves."""

from __future__ import annotations

from collections.abc import Mapping

from rca.report.export import Request, export
from rca.report.form import Form
from rca.steps.base import Facts
from rca.verdict import Verdict


def markdown(form: Form, facts: Facts, verdicts: Mapping[int, Verdict]) -> str:
    """Write the RCA as CommonMark; see `rca.report.export.export`."""
    return export(form, facts, verdicts, Request("md"))
