"""From the command line to the open workbench: what can fail before there is a screen is said in one sentence."""

from __future__ import annotations

import sys
from pathlib import Path


def open_workbench(path: Path | None, demo: bool, vmlinux: Path | None, mouse: bool) -> int:
    """Open the workbench; 1 when the path cannot be opened or the terminal cannot carry a screen."""
    from tui import terminal

    terminal.prepare()
    refused = terminal.refusal()
    if refused:
        print(f"panicdesk: {refused}", file=sys.stderr)
        return 1
    from rca.case import CaseError
    from rca.opening import DEMO, OpeningError, open_node, open_path

    try:
        path = DEMO if demo else path
        opening = open_node(vmlinux) if path is None else open_path(path, vmlinux)
    except (OpeningError, CaseError) as error:
        print(f"panicdesk: {error}", file=sys.stderr)
        return 1
    from rca.investigation import Investigation
    from tui.app import Workbench

    terminal.guard_decoder()
    desk = Investigation(opening)
    try:
        Workbench(desk).run(mouse=mouse)
    finally:
        desk.close()
    return 0
