"""An RCA for a ticket system: content, template, redaction, rendering and the field's limit, in this order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rca.report.content import content
from rca.report.document import change_text
from rca.report.form import Form
from rca.report.formats.registry import FORMATS
from rca.report.jsonform import report_json
from rca.report.limits import fitted, paged
from rca.report.redaction.redactor import Redactor
from rca.report.template import fill, load
from rca.steps.base import Facts
from rca.verdict import Verdict

JSON = "json"
NAMES = (*FORMATS, JSON)
"""Every format by name."""
_HINT = "the case, packed by panicdesk report --attach, holds the whole"


@dataclass(frozen=True, slots=True)
class Request:
    """How an RCA is to leave."""

    format: str = "md"
    """One of `NAMES`."""
    short: bool = False
    """The nine fields on a page of at most thirty lines, instead of everything."""
    provenance: bool = False
    """Mark each sentence as fact, inference or author's word."""
    redactor: Redactor | None = None
    templates: tuple[Path, ...] = ()
    """Folders of the user's own templates; `rca.report.preferences.template_folders` names them."""


def export(
    form: Form, facts: Facts, verdicts: Mapping[int, Verdict], request: Request, path: str = ""
) -> str:
    """Write the RCA in a format.

    Args:
        form: The fields and the stated confidence.
        facts: What is known.
        verdicts: By step number. A step without one is WAIT.
        request: The format and how.
        path: What the user named, for JSON.

    Returns:
        Text ending with one newline, within the limit of the format's target; what was cut says so. Markdown with
        provenance is never cut: `rca.report.formats.readback` reads it.

    Raises:
        rca.report.template.TemplateError: The template that applies cannot be used.
    """
    if request.format == JSON:
        found = report_json(form, facts, verdicts, path, short=request.short, provenance=request.provenance)
        if request.redactor:
            found = request.redactor.value(found)
        return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    template = load(request.format, "short" if request.short else "full", request.templates)
    document = fill(template, content(form, facts, verdicts, request.provenance))
    if request.redactor:
        document = change_text(document, request.redactor)
    if request.short:
        document = paged(document)
    target = FORMATS[request.format]
    if request.provenance and request.format == "md":
        return target.render(document)  # it can be read back only when it is whole
    return fitted(document, target, _HINT)
