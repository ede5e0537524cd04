"""When what stands after the last newline is crash's prompt, and not a line of its output that ends like one."""

from __future__ import annotations

from rca.crash.intake import Intake
from rca.crash.process import Terminal

SILENCE = 0.05
"""Seconds of silence after which a prompt at the start of a line is one, while nothing better is known."""
_SILENCE_MID_LINE = 0.5
_SILENCE_COOKED = 5.0
"""The same, when the terminal's mode says that readline is not waiting."""


class Prompt:
    """The prompt of one session. Used by the session's thread only."""

    def __init__(self, text: str, intake: Intake) -> None:
        """`text` with its trailing blank; `intake` holds what has come."""
        self.text = text
        self.bytes = text.encode()
        self._intake = intake
        self._readline = False
        """Whether this program was seen to read single keys at its prompt: then its mode tells most."""

    def awaited(self, terminal: Terminal, silent: float) -> float | None:
        """Seconds of silence still wanted before what stands there is the prompt; None when it is not.

        `silent` is how long nothing has come.
        """
        stream = self._intake.stream
        if not stream.ends_with(self.bytes):
            return None
        before = stream.tail()[: -len(self.bytes)]
        needed = SILENCE if not before or before.endswith(b"\r") else _SILENCE_MID_LINE
        if self._readline:
            needed = 0.0 if terminal.raw_mode() else _SILENCE_COOKED
        if self._intake.awaits_echo:
            needed = max(needed, _SILENCE_MID_LINE)
        return max(0.0, needed - silent)

    def take(self, terminal: Terminal) -> str:
        """It is the prompt: take it off. Returns what stood before it in its line."""
        self._readline = self._readline or terminal.raw_mode()
        return self._intake.stream.take(without=len(self.bytes))
