"""The ways on which the RCA leaves the workbench: a file, the clipboard, the bare terminal."""

from __future__ import annotations

import contextlib
from pathlib import Path

from textual.app import App, SuspendNotSupported

from rca.report.rendering import PLAIN, Wish
from rca.report.template import TemplateError
from tui.clipboard import copy
from tui.desk import Desk


def write(app: App[str], desk: Desk, wish: Wish = PLAIN) -> Path | None:
    """Write the RCA into the case directory; None, and a sentence, where that fails."""
    try:
        return desk.export(wish)
    except (OSError, TemplateError) as error:
        reason = getattr(error, "strerror", None) or error
        app.notify(f"Not exported: {reason}", severity="error", markup=False)
        return None


def to_clipboard(app: App[str], desk: Desk, wish: Wish = PLAIN) -> None:
    """Write it, then copy it as far as this terminal lets us; a disk that refuses hinders no copy."""
    path = write(app, desk, wish)
    driver = app._driver
    with contextlib.suppress(TemplateError):  # said already
        app.notify(
            copy(desk.render(wish).text, path, driver.write if driver else lambda _: None), markup=False
        )


def to_terminal(app: App[str], desk: Desk) -> None:
    """Leave the screen and print it plainly, until Enter."""
    try:
        with app.suspend():
            rule = "─" * 60
            print(f"{rule}\n{desk.render().text}\n{rule}\nEnter returns.")
            with contextlib.suppress(EOFError, KeyboardInterrupt):
                input()
    except SuspendNotSupported:
        app.notify("This terminal cannot be left; x exports the RCA to a file", markup=False)
