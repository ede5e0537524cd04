"""``panicdesk report``: the RCA of a path, printed or written."""

from __future__ import annotations

import sys
from argparse import Namespace

from rca.diagnosis.sources import best_log
from rca.investigation import Investigation
from rca.private import write_private
from rca.report.bundle import SUFFIXES
from rca.report.formats.readback import ReadBackError
from rca.report.handing import hand_out
from rca.report.preferences import redacts
from rca.report.rendering import Rendered, Wish, keep_names
from rca.report.template import TemplateError
from rca.sources.base import DumpState
from tui.investigating import investigate
from tui.saying import complain


def report(options: Namespace) -> int:
    """Print or write the RCA; 1 when the path cannot be opened or holds neither dump nor kernel log, a template cannot
    be used or a file not be written."""
    if options.attach and not options.attach.name.endswith(SUFFIXES):
        return complain(f"{options.attach}: an attachment's name ends in {' or '.join(SUFFIXES)}")
    desk = investigate(options)
    if desk is None:
        return 1
    try:
        found = _handed(desk, options)
    except (ReadBackError, UnicodeDecodeError) as error:
        return complain(f"{options.form}: {error}")
    except TemplateError as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}")
    dumps = desk.facts.dumps or ()
    known = best_log(desk.facts.evidence) or any(dump.state is not DumpState.UNREADABLE for dump in dumps)
    why = next(
        (dump.problem for dump in dumps if dump.problem),
        f"{options.path}: no dump and no kernel log was found",
    )
    status = 0 if known else complain(why)
    text = "".join(f"{item}\n" for item in found.replacements) if options.preview else found.text
    if options.output is None:
        sys.stdout.write(text)
        return status
    try:
        write_private(options.output, text)
    except OSError as error:
        return complain(f"{options.output}: cannot be written: {error.strerror}")
    print(options.output)
    return status


def _handed(desk: Investigation, options: Namespace) -> Rendered:
    redact = options.preview or (redacts(options.format) if options.redact is None else options.redact)
    wish = Wish(options.format, options.short, options.provenance, redact)
    written = options.form.read_text(encoding="utf-8") if options.form else None
    found = hand_out(
        desk.outgoing,
        desk.facts,
        desk.verdicts,
        wish,
        desk.directory,
        str(options.path),
        written,
        options.attach,
    )
    if desk.directory:
        try:
            keep_names(desk.directory, found)
        except OSError as error:
            complain(f"The names given cannot be kept, another export may give others: {error.strerror}")
    return found
