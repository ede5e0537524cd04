"""The commands without a screen: triage, report, record."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rca.investigation import Investigation


def triage(paths: list[Path], as_json: bool) -> int:
    """Print a line per dump or log; 1 when one of them could not be read."""
    from rca.reading import Unreadable, readings
    from rca.triage import one_line
    from rca.triage import triage as judge

    status = 0
    for path in paths:
        for reading in readings(path):
            if isinstance(reading, Unreadable):
                status = 1
                found: dict[str, Any] = {"schema": 1, "path": reading.path, "error": reading.error}
                line = f"{reading.path}: {reading.error}"
            else:
                found = judge(reading.evidence, path=reading.path, header=reading.header)
                found["warnings"] += reading.warnings
                line = one_line(found)
            print(json.dumps(found, ensure_ascii=False) if as_json else line, flush=True)
    return status


def report(path: Path, form: str, output: Path | None, vmlinux: Path | None, wait: float) -> int:
    """Print or write the RCA; 1 when the path cannot be opened or the file not written."""
    desk = _investigate(path, vmlinux, wait)
    if desk is None:
        return 1
    if form == "md":
        text = desk.markdown()
    else:
        from rca.report.jsonform import report_json
        from rca.triage import triage as judge

        header = desk.facts.dump.header if desk.facts.dump else None
        found = judge(desk.facts.evidence, path=str(path), header=header, diagnosis=desk.facts.diagnosis)
        text = (
            json.dumps(report_json(desk.form, desk.facts, desk.verdicts, found), indent=1, ensure_ascii=False)
            + "\n"
        )
    if output is None:
        sys.stdout.write(text)
        return 0
    from rca.private import write_private

    try:
        write_private(output, text)
    except OSError as error:
        return complain(f"{output}: cannot be written: {error.strerror}")
    print(output)
    return 0


def record(path: Path, out: Path, vmlinux: Path | None, wait: float, also: list[str]) -> int:
    """Save everything that the steps and crash said as a case that can be replayed anywhere."""
    from rca.recorder import save_recording

    if out.exists():
        return complain(f"{out} exists already; name a new directory")
    desk = _investigate(path, vmlinux, wait, also)
    if desk is None:
        return 1
    try:
        save_recording(desk, out)
    except OSError as error:
        return complain(f"{out}: cannot be written: {error.strerror}")
    print(f"{out}: {len(desk.facts.evidence)} pieces of evidence. Open it with: panicdesk {out}")
    return 0


def _investigate(
    path: Path, vmlinux: Path | None, wait: float, also: list[str] | None = None
) -> Investigation | None:
    from rca.case import CaseError
    from rca.changes import Change, TroubleArose
    from rca.investigation import Investigation
    from rca.opening import OpeningError, open_path

    def tell(change: Change) -> None:
        if isinstance(change, TroubleArose):
            print(f"panicdesk: {change.sentence}", file=sys.stderr)

    try:
        opening = open_path(path, vmlinux)
    except (OpeningError, CaseError) as error:
        complain(str(error).rstrip("."))
        return None
    desk = Investigation(opening, tell)
    desk.start()
    try:
        ended = desk.wait(wait)
        for command in also or ():
            if refused := desk.run_crash(command):
                complain(f"{command}: {refused.rstrip('.')}")
            ended = desk.wait(wait) and ended
        if not ended:
            print(
                f"panicdesk: not everything had ended after {wait:g} s; this is what there was.",
                file=sys.stderr,
            )
    finally:
        desk.close()
    return desk


def complain(sentence: str) -> int:
    print(f"panicdesk: {sentence}.", file=sys.stderr)
    return 1
