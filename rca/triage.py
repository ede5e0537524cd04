"""The verdict without a screen: one JSON object, or one line, per dump or log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from parsers.text import visible
from rca.diagnosis.agreement import disagreements
from rca.diagnosis.diagnose import NO_LOG, diagnose
from rca.diagnosis.model import Diagnosis
from rca.diagnosis.signatures import Signature
from rca.diagnosis.titles import for_people
from rca.encoding import plain
from rca.evidence import Evidence

if TYPE_CHECKING:
    from parsers.dumpheader import DumpHeader

SCHEMA = 1
_DIFFER = "log and dump differ: "
"""How the warnings begin that say that two crashes lie together."""


def triage(
    evidence: Mapping[str, Evidence],
    *,
    path: str = "",
    header: DumpHeader | None = None,
    extra: Iterable[Signature] | None = None,
    diagnosis: Diagnosis | None = None,
) -> dict[str, Any]:
    """Build the object that ``panicdesk triage --json`` prints.

    Args:
        evidence: By id, as `rca.diagnosis.diagnose.diagnose` takes it.
        path: What the user named.
        header: The dump's own header; for release, node and time it is believed before the log.
        extra: Signatures that come before the built-in ones; None: those in the team's own folder.
        diagnosis: One made before from the same evidence, to save the work.

    Returns:
        Strings are ``""`` when unknown, lists ``[]``. Null: ``crash_time`` when unknown; ``rip`` when the report has no
        kernel instruction pointer; ``kdump_loaded`` when the report does not say; ``rip.offset`` and ``rip.size`` when
        not printed; ``process.pid`` and ``process.cpu`` when unknown.
    """
    found = diagnosis if diagnosis is not None else diagnose(evidence, extra)
    when = (header.crash_time if header else None) or found.crash_time
    return {
        "schema": SCHEMA,
        "path": path,
        "kernel_release": (header.release if header else "") or found.kernel_release,
        "crash_time": plain(when),
        "crash_time_from": "header" if header and header.crash_time else found.crash_time_from,
        "node": (header.node if header else "") or found.node,
        "title": found.title,
        "kind": found.kind,
        "rip": plain(found.rip),
        "guilty": plain(found.guilty),
        "subsystem": found.subsystem,
        "confidence": str(found.confidence),
        "process": plain(found.process),
        "taint": found.taint,
        "modules_out_of_tree": list(found.modules_out_of_tree),
        "trace": list(found.trace),
        "signatures": dict(found.signatures),
        "mechanism": found.mechanism,
        "context": found.context,
        "trigger": found.trigger,
        "hardware": found.hardware,
        "kdump_loaded": found.kdump_loaded,
        "hypotheses": plain(found.hypotheses),
        "findings": plain(found.statements),
        "events": plain(found.events),
        "known": [
            {
                "id": item.id,
                "meaning": item.meaning,
                "classes": list(item.classes),
                "source": item.source or item.origin,
            }
            for item in found.known
        ],
        "next_checks": list(found.next_checks),
        "fixes": list(found.fixes),
        "preventions": list(found.preventions),
        "citations": plain(found.citations),
        "warnings": [*found.warnings, *(f"{_DIFFER}{text}" for text in disagreements(found, header))],
    }


def one_line(found: Mapping[str, Any]) -> str:
    """The same verdict for a person: where, what, who, how sure."""
    path = str(found.get("path", ""))
    if found.get("error"):
        return visible(f"{path}: {found['error']}")
    head = " ".join(
        str(part) for part in (found["crash_time"], found["node"], found["kernel_release"]) if part
    )
    title = for_people(str(found["title"])) or (
        "no kernel log could be read" if NO_LOG in found["warnings"] else "no crash found in the log"
    )
    guilty = found["guilty"]
    blamed = guilty["module"] or guilty["function"]
    verdict = f"{blamed}, {found['confidence']}" if blamed else str(found["confidence"])
    doubts = "".join(f"; {warning}" for warning in found["warnings"] if warning.startswith(_DIFFER))
    return visible(f"{': '.join(filter(None, (path, head, title)))} [{found['kind']}; {verdict}]{doubts}")
