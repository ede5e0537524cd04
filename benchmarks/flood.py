"""The workbench on a program that floods it: what `pane_bench` measures. Run as a program, on a terminal."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.session_bench import PROGRAM
from rca.changes import CaseOpened, CommandEnded, OutputArrived, SessionChanged
from rca.crash.base import SessionState
from rca.crash.session import CrashSession
from rca.crash.transcript import Block
from rca.evidence import Evidence
from rca.investigation import Investigation
from rca.opening import DEMO, open_path
from tui import terminal


class FloodDesk(Investigation):
    """An investigation whose crash is the flooding program."""

    def start(self) -> None:
        """Open nothing but the session."""
        folder = tempfile.mkdtemp(prefix="flood.")
        argv = (sys.executable, "-c", PROGRAM)
        session = CrashSession(argv, Path(folder, "raw"), self, "bench", safe=False, prompt="crash> ")
        self._crash.desk.session, self._crash.desk.transcript = session, session.transcript
        self.on_change(CaseOpened(Path(folder), None))
        session.start()

    def session_changed(self, state: SessionState, message: str) -> None:
        """As an investigation does, without its queue."""
        self.on_change(SessionChanged(state, message))

    def output_arrived(self, lines: int) -> None:
        """The same."""
        self.on_change(OutputArrived(lines))

    def command_ended(self, block: Block, evidence: Evidence) -> None:
        """The same."""
        self.on_change(CommandEnded(evidence.id, block.command))


if __name__ == "__main__":
    terminal.prepare()
    from tui.app import Panicdesk

    app = Panicdesk(lambda: FloodDesk(open_path(DEMO)), "flood")
    app.run()
