"""The RCA leaves by the shell: with a file's words in the form, and with the whole case packed beside it."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

from rca.report.bundle import Attachment, pack
from rca.report.form import Form
from rca.report.formats.readback import adopt, read_markdown
from rca.report.redaction.known import redactor_of
from rca.report.rendering import Rendered, Wish, rendered
from rca.steps.base import Facts
from rca.verdict import Verdict


def hand_out(
    form: Form,
    facts: Facts,
    verdicts: Mapping[int, Verdict],
    wish: Wish,
    directory: Path | None,
    path: str = "",
    written: str | None = None,
    attach: Path | None = None,
) -> Rendered:
    """The RCA as wished for; `attach` names the bundle that is packed on the way.

    Args:
        form: As it stands in the case.
        facts: What the steps found.
        verdicts: By step.
        wish: Whether to redact holds for the bundle, too.
        directory: The case's.
        path: What the user named.
        written: The markdown of an RCA that a person edited outside; its words are taken.
        attach: The bundle's own path; its name ends in one of `rca.report.bundle.SUFFIXES`.

    Raises:
        ReadBackError: `written` is no RCA.
        TemplateError: The format's template cannot be used.
        OSError: The bundle cannot be written, or there is no case to pack; its ``filename`` says which file.
    """
    if written is not None:
        form = adopt(form, read_markdown(written))
    found = rendered(form, facts, verdicts, wish, directory, path)
    if attach:
        if directory is None:
            raise FileNotFoundError(errno.ENOENT, "there is no case to pack", path)
        whole = rendered(form, facts, verdicts, Wish(provenance=True, redact=wish.redact), directory)
        attached = [Attachment(f"rca.{wish.format}", found.text), Attachment("rca.full.md", whole.text)]
        pack(directory, attach, form, attached, redactor_of(facts, directory) if wish.redact else None)
    return found
