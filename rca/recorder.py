"""Turning a finished investigation into a recording: a case that replays without crash, vmcore or root."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rca.case import Case

if TYPE_CHECKING:
    from rca.investigation import Investigation


def save_recording(desk: Investigation, out: Path) -> None:
    """Write the evidence and badges of an investigation to a new directory. Raises OSError.

    The form is left out: a replay drafts it anew, so that a recording never carries somebody's words by accident.
    """
    if desk.case is None:
        raise FileNotFoundError("nothing was opened")
    subject = replace(desk.case.subject, path="")
    case = Case.create(out, subject)
    for evidence in desk.facts.evidence.values():
        case.put(evidence)
    case.save_verdicts(desk.verdicts)
