"""The formats by name, and what their targets take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rca.report.document import Document
from rca.report.formats import adf, jira, markdown, servicenow, text


@dataclass(frozen=True, slots=True)
class Format:
    """One way to leave."""

    name: str
    render: Callable[[Document], str]
    limit: int = 0
    """Characters (UTF-16 units, as these targets count) that the target's field takes; 0: as many as there are."""
    target: str = ""
    """For people: whose limit that is."""


FORMATS = {
    item.name: item
    for item in (
        Format("md", markdown.render, 65_536, "GitHub's comment"),
        Format("jira", jira.render, 32_767, "Jira's text field"),
        Format("jira-cloud", adf.render, 32_767, "Jira's text field"),
        Format("servicenow", servicenow.render, 4_000, "ServiceNow's journal field by default"),
        Format("text", text.render),
    )
}
"""JSON is not among them: it is no document, see `rca.report.jsonform`."""
