"""The ways on which the RCA, or some lines, leave the workbench: a file, the clipboard, the bare terminal."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from collections.abc import Sequence
from pathlib import Path

from textual.app import App, SuspendNotSupported

from rca.evidence import Citation
from rca.passages import Passage, write_passage
from rca.report.content import CITED
from rca.report.keeping import Kept
from rca.report.rendering import Wish
from rca.report.template import TemplateError
from rca.steps.common import count
from tui.clipboard import copy
from tui.desk import Desk
from tui.widgets.form import FormPane

MOST_CITED = 50
"""Lines that are put into the form at a time: it is read by people."""
_NOTHING = "There is no text here"


def to_file(app: App[str], desk: Desk, wish: Wish) -> None:
    """Write the RCA into the case directory, and say where and with which names."""
    if kept := _written(app, desk, wish):
        app.notify(f"Written to {kept.path}, {names(wish)}")


def names(wish: Wish) -> str:
    """Whose names a reader of the RCA sees."""
    return "redacted" if wish.redact else "not redacted, real names"


def _written(app: App[str], desk: Desk, wish: Wish) -> Kept | None:
    try:
        kept = desk.export(wish)
    except (OSError, TemplateError) as error:
        reason = getattr(error, "strerror", None) or error
        app.notify(f"Not exported: {reason}", severity="error")
        return None
    if kept.older:
        said = f"{kept.path.name} was changed after panicdesk wrote it; that text is now {kept.older}"
        app.notify(said, severity="warning")
    return kept


def to_clipboard(app: App[str], desk: Desk, wish: Wish) -> None:
    """Write it, then copy it as far as this terminal lets us; a disk that refuses hinders no copy."""
    kept, driver = _written(app, desk, wish), app._driver
    path = kept.path if kept else None
    with contextlib.suppress(TemplateError):  # said already
        said = copy(desk.render(wish).text, path, driver.write if driver else lambda _: None)
        app.notify(f"{said} It is {names(wish)}.")


async def write_lines(app: App[str], desk: Desk, passage: Passage | None) -> None:
    """Write lines into the case directory, and say where."""
    if passage is None:
        app.notify(_NOTHING)
    elif path := await _kept(app, desk, passage):
        app.notify(f"{count(len(passage.lines), 'line')} written to {path}")


async def copy_lines(app: App[str], desk: Desk, passage: Passage | None) -> None:
    """Write them, then copy them as far as this terminal lets us; a disk that refuses hinders no copy."""
    if passage is None:
        app.notify(_NOTHING)
        return
    path, driver = await _kept(app, desk, passage), app._driver
    send = driver.write if driver else lambda _: None
    said = await asyncio.to_thread(lambda: copy(passage.text, path, send, printable=False))
    app.notify(f"{count(len(passage.lines), 'line')}. {said}")


async def _kept(app: App[str], desk: Desk, passage: Passage) -> Path | None:
    try:
        if desk.directory is None:
            raise FileNotFoundError(errno.ENOENT, "there is no case directory")
        return await asyncio.to_thread(write_passage, passage, desk.directory)
    except OSError as error:
        app.notify(f"Not written: {error.strerror or error}", severity="error")
        return None


def cite(citations: Sequence[Citation], form: FormPane) -> str:
    """Put cited lines into the form's Evidence. Returns a sentence that says what was done."""
    if not citations:
        return "This line is no evidence: a heading, or of a command that has not ended"
    if len(citations) > MOST_CITED:
        return f"The form takes {MOST_CITED} lines at a time; X writes them to a file"
    which = " to ".join(dict.fromkeys((str(citations[0]), str(citations[-1]))))
    return f"{which} put into {CITED}" if form.put(CITED, citations) else f"{which} stands in {CITED} already"


def to_terminal(app: App[str], desk: Desk, wish: Wish) -> None:
    """Leave the screen and print it plainly, until Enter."""
    try:
        text = desk.render(wish).text
        with app.suspend():
            rule = "─" * 60
            print(f"{rule}\n{text}\n{rule}\nThis is {names(wish)}. Enter returns.")
            with contextlib.suppress(EOFError, KeyboardInterrupt):
                input()
    except TemplateError as error:
        app.notify(f"Not printed: {error}", severity="error")
    except SuspendNotSupported:
        app.notify("This terminal cannot be left; x exports the RCA to a file")
