"""The workbench with the stand-in in crash's place: ``python -m tests.tui.standin_app FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from rca import scout
from rca.steps.base import CrashFacts
from tests.rca.live import program
from tui.cli import main

if __name__ == "__main__":
    found = CrashFacts(program(Path(sys.argv[1]).parent), "/v/vmlinux")
    setattr(scout, "look_for_crash", lambda *_: found)  # noqa: B010
    sys.exit(main(sys.argv[1:]))
