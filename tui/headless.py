"""The commands without a screen: triage, report, record."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.saying import complain

if TYPE_CHECKING:
    from argparse import Namespace

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
            print(_json(found) if as_json else line, flush=True)
    return status


def _json(found: Mapping[str, Any]) -> str:
    from json import dumps  # not at the top: a line for a person needs none

    return dumps(found, ensure_ascii=False)


def report(options: Namespace) -> int:
    """Print or write the RCA; 1 when the path cannot be opened or holds neither dump nor kernel log, a template cannot
    be used or a file not be written."""
    from rca.diagnosis.sources import best_log
    from rca.report.bundle import SUFFIXES
    from rca.report.formats.readback import ReadBackError
    from rca.report.template import TemplateError

    if options.attach and not options.attach.name.endswith(SUFFIXES):
        return complain(f"{options.attach}: an attachment's name ends in {' or '.join(SUFFIXES)}")
    desk = _investigate(options)
    if desk is None:
        return 1
    try:
        text = _render(desk, options)
    except (ReadBackError, UnicodeDecodeError) as error:
        return complain(f"{options.form}: {error}")
    except TemplateError as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}")
    known = bool(desk.facts.dumps or best_log(desk.facts.evidence))
    status = 0 if known else complain(f"{options.path}: no dump and no kernel log was found")
    if options.output is None:
        sys.stdout.write(text)
        return status
    from rca.private import write_private

    try:
        write_private(options.output, text)
    except OSError as error:
        return complain(f"{options.output}: cannot be written: {error.strerror}")
    print(options.output)
    return status


def _render(desk: Investigation, options: Namespace) -> str:
    """The RCA as asked for, or the preview of its redaction; the attachment is packed on the way."""
    from rca.report.bundle import Attachment, pack
    from rca.report.formats.readback import adopt, read_markdown
    from rca.report.preferences import redacts
    from rca.report.redaction.known import redactor_of
    from rca.report.rendering import Wish, keep_names, rendered

    form = desk.outgoing
    if options.form:
        form = adopt(form, read_markdown(options.form.read_text(encoding="utf-8")))
    redact = options.preview or (redacts(options.format) if options.redact is None else options.redact)
    wish = Wish(options.format, options.short, options.provenance, redact)
    found = rendered(form, desk.facts, desk.verdicts, wish, desk.directory, str(options.path))
    if desk.directory:
        try:
            keep_names(desk.directory, found)
        except OSError as error:
            complain(f"The names given cannot be kept, another export may give others: {error.strerror}")
    if options.attach:
        if desk.directory is None:
            raise FileNotFoundError(2, "there is no case to pack", str(options.path))
        whole = rendered(
            form, desk.facts, desk.verdicts, Wish(provenance=True, redact=redact), desk.directory
        ).text
        attached = [Attachment(f"rca.{options.format}", found.text), Attachment("rca.full.md", whole)]
        redactor = redactor_of(desk.facts, desk.directory) if redact else None
        pack(desk.directory, options.attach, form, attached, redactor)
    return "".join(f"{item}\n" for item in found.replacements) if options.preview else found.text


def record(options: Namespace) -> int:
    """Save everything that the steps and crash said as a case that can be replayed anywhere; with ``--lesson`` together
    with what a learner may ask for and the first draft of a lesson."""
    from rca.private import write_private
    from rca.recorder import save_recording
    from rca.steps.common import count
    from rca.training.lessonfile import FILE
    from rca.training.skeleton import COMMANDS, TODO, skeleton

    out: Path = options.out
    if out.exists():
        return complain(f"{out} exists already; name a new directory")
    wanted = dict.fromkeys([*COMMANDS, *options.also] if options.lesson else options.also)
    desk = _investigate(options, wanted)
    if desk is None:
        return 1
    try:
        save_recording(desk, out)
        if options.lesson:
            write_private(out / FILE, skeleton(desk.facts.diagnosis, desk.facts.evidence))
    except OSError as error:
        return complain(f"{out}: cannot be written: {error.strerror}")
    print(f"{out}: {count(len(desk.facts.evidence), 'piece')} of evidence. Open it with: panicdesk {out}")
    if options.lesson:
        print(f"{out / FILE}: write what says {TODO}, then: panicdesk train --check {out}")
    return 0


def _investigate(options: Namespace, also: Iterable[str] = ()) -> Investigation | None:
    from rca.casefolder import CaseError
    from rca.changes import Change, TroubleArose
    from rca.investigation import Investigation
    from rca.opening import OpeningError, open_path

    def tell(change: Change) -> None:
        if isinstance(change, TroubleArose):
            complain(change.sentence)

    try:
        opening = open_path(options.path, options.vmlinux, sudo=options.sudo)
    except (OpeningError, CaseError) as error:
        complain(str(error))
        return None
    desk = Investigation(opening, tell)
    desk.start()
    try:
        ended = desk.wait(options.wait)
        for command in also:
            if refused := desk.run_crash(command):
                complain(f"{command}: {refused}")
            ended = desk.wait(options.wait) and ended
        if not ended:
            complain(f"not everything had ended after {options.wait:g} s; this is what there was")
    finally:
        desk.close()
    return desk
