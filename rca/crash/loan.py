"""crash's prompt lent to a terminal: the wishes of whoever holds it, and what the session's thread does about them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from rca.crash.intake import Intake
from rca.crash.launch import COLUMNS, ROWS
from rca.crash.process import Terminal
from rca.crash.retyped import Typing

NAME = "bare terminal"
"""Of the block that holds what was typed and said meanwhile."""
_ANEW = b"\x15\n"
"""Throws away what stands half-typed at readline's prompt and brings a new one."""

Tap = Callable[[bytes], None]
Heard = Callable[[str], None]
"""Takes one command as it was sent, on the session's thread."""


class Loan:
    """Queued commands wait until the prompt is given back. Wishes may come from any thread."""

    def __init__(self, why_not: Callable[[], str], wake: Callable[[], None]) -> None:
        """`why_not` says why the session cannot be lent now; `wake` wakes the session's thread."""
        self.why_not = why_not
        self._wake = wake
        self._tap: Tap | None = None
        self._heard: Heard = lambda command: None
        self._typing = Typing("")
        self._size: tuple[int, int] | None = None
        self._keys: deque[bytes] = deque()
        self.lent = False
        """Whether keys go straight to crash now. Set by the session's thread."""
        self.settling = False
        """Whether the new prompt is still awaited: until a line has ended, what stands there is the old one."""

    def lend(self, tap: Tap, heard: Heard = lambda command: None) -> str:
        """Let crash's bytes go to `tap` too, and `type_bytes` type; `heard` takes each command that is typed.

        Returns why not, or nothing.
        """
        if why := self.why_not():
            return why
        self._tap, self._heard = tap, heard
        self._wake()
        return ""

    def type_bytes(self, data: bytes) -> None:
        """Keys for crash."""
        self._keys.append(data)
        self._wake()

    def resize(self, rows: int, columns: int) -> None:
        """The size of the terminal that holds the prompt."""
        self._size = (rows, columns)
        self._wake()

    def take_back(self) -> None:
        """The terminal has left: go on as before from the next prompt on."""
        self._tap, self._size = None, (ROWS, COLUMNS)
        self._wake()

    # From here on: the session's own thread.

    @property
    def wanted(self) -> bool:
        """Whether the prompt is to be lent and is not yet."""
        return self._tap is not None and not self.lent

    def shown(self, lines: list[str]) -> list[str]:
        """Lines of the block for the transcript: what was typed, as it stood in the end."""
        return [self._typing.shown(line) for line in lines]

    def begin(self, intake: Intake, prompt: str) -> None:
        """Hand it over; the terminal sees the prompt."""
        if tap := self._tap:
            self.lent, intake.tap = True, tap
            self._typing = Typing(prompt, self._heard)
            tap(prompt.encode())

    def serve(self, terminal: Terminal, intake: Intake) -> None:
        """Pass on keys and sizes; when the terminal has left, ask for a new prompt."""
        if self._size:
            terminal.resize(*self._size)
            self._size = None
        while self._keys:
            keys = self._keys.popleft()
            if self.lent:
                terminal.write(keys)
        if self.lent and self._tap is None:
            self.lent, self.settling, intake.tap = False, True, None
            terminal.write(_ANEW)
