"""From the command line to the open workbench: what can fail before there is a screen is said in one sentence."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.saying import complain

if TYPE_CHECKING:
    from tui.desk import Desk


def open_workbench(path: Path | None, demo: bool, options: Namespace) -> int:
    """Open the workbench; 1 when the path cannot be opened or the terminal cannot carry a screen."""
    from tui import terminal

    terminal.prepare()
    refused = (path is not None and _unreachable(path)) or terminal.refusal()
    if refused:
        return complain(refused)
    from rca.settings import settings
    from tui.app import Panicdesk

    terminal.guard_streams()

    def begin() -> Desk | str:
        return _desk(path, demo, options)

    subject = "demo" if demo else "this node" if path is None else path.name
    app = Panicdesk(begin, subject, settings(), None if demo or path else _advice)
    try:
        problem = app.run(mouse=not options.no_mouse)
    finally:
        if app.desk:
            app.desk.close()
    if app.wants_demo:
        return open_workbench(None, True, options)
    return complain(problem) if problem else 0


def _advice() -> str:
    from tui.doctor import advice

    return advice()


def _desk(path: Path | None, demo: bool, options: Namespace) -> Desk | str:
    """The investigation, or why there is none. What it imports takes as long as the first frame."""
    from rca.casefolder import CaseError
    from rca.investigation import Investigation
    from rca.opening import OpeningError, open_demo, open_node, open_path

    try:
        if demo:
            return Investigation(open_demo())
        if path is None:
            return Investigation(open_node(options.vmlinux, sudo=options.sudo))
        return Investigation(open_path(path, options.vmlinux, sudo=options.sudo))
    except (OpeningError, CaseError) as error:
        return str(error)


def _unreachable(path: Path) -> str:
    if path.parts[:1] == ("ssh:",):
        return ""
    try:
        path.stat()
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""
