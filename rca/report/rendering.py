"""The RCA as somebody wants it: format, length, provenance, redaction; the same for the screen and the shell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rca.audit import as_evidence
from rca.report.export import Request, export
from rca.report.form import Form
from rca.report.preferences import template_folders
from rca.report.redaction.known import redactor_of
from rca.report.redaction.redactor import Replacement, save_names
from rca.steps.base import Facts
from rca.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Wish:
    """How the RCA is wanted."""

    format: str = "md"
    """One of `rca.report.export.NAMES`."""
    short: bool = False
    provenance: bool = False
    redact: bool = False


PLAIN = Wish()
"""Markdown, whole, as the case directory gets it."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The RCA as it would leave."""

    text: str
    replacements: tuple[Replacement, ...] = ()
    """What redaction replaced, in the order in which it came up."""
    names: Mapping[str, str] | None = None
    """What `keep_names` keeps, so that the next export names everything alike; None without redaction."""


def rendered(
    form: Form,
    facts: Facts,
    verdicts: Mapping[int, Verdict],
    wish: Wish,
    directory: Path | None,
    path: str = "",
) -> Rendered:
    """Render the RCA. `directory` is the case's; nothing is written. Raises `rca.report.template.TemplateError`."""
    redactor = redactor_of(facts, directory) if wish.redact else None
    facts = with_audit(facts, directory)
    request = Request(wish.format, wish.short, wish.provenance, redactor, template_folders())
    text = export(form, facts, verdicts, request, path)
    return Rendered(text, redactor.replacements, redactor.names) if redactor else Rendered(text)


def with_audit(facts: Facts, directory: Path | None) -> Facts:
    """The facts with the case's audit as a piece of evidence, so that an author can cite what was run."""
    item = as_evidence(directory) if directory else None
    return replace(facts, evidence={**facts.evidence, item.id: item}) if item else facts


def keep_names(directory: Path, found: Rendered) -> None:
    """Keep the names that redaction gave with the case. Raises OSError."""
    if found.names is not None:
        save_names(directory, found.names)
