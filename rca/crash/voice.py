"""Where a session stands, and how its listener hears of it: a listener that fails must not take the session with it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from rca.crash.base import Listener, SessionState
from rca.crash.transcript import Block
from rca.evidence import Evidence

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


class Voice:
    """State and message of one session, told to its listener whenever they change."""

    def __init__(self, listener: Listener) -> None:
        """Nothing is told yet: a session is STARTING when it is made."""
        self._listener = listener
        self.state = SessionState.STARTING
        self.message = "starting"

    def become(self, state: SessionState, message: str) -> None:
        """Change state or message, and say so."""
        self.message, self.state = message, state
        self._tell(lambda: self._listener.session_changed(state, message))

    def arrived(self, lines: int) -> None:
        """The transcript has grown to so many lines."""
        self._tell(lambda: self._listener.output_arrived(lines))

    def ended(self, block: Block, evidence: Evidence) -> None:
        """A command's output is whole."""
        self._tell(lambda: self._listener.command_ended(block, evidence))

    def _tell(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            _log.exception("session listener")
