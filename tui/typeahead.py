"""Keys one after another: where the last key moved the focus to is where the next one goes.

Textual hands every key at once to the widget that has the focus when it arrives. A slow link delivers several keys in
one packet, and then the letters of a command typed right after ``i`` would still be the checklist's shortcuts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.events import Event
from textual.message import Message

LOST = 0.3
"""Seconds after which a key counts as handled whatever happened to the widget that had it."""


class KeyHandled(Message, bubble=True):
    """Follows a key through the same widgets up to the app, and so arrives there after it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Typeahead:
    """The keys (and pastes) that wait for the one that is being handled."""

    def __init__(self, app: App[str], deliver: Callable[[Event], Awaitable[None]]) -> None:
        """`deliver` hands an event to whatever has the focus."""
        self._app = app
        self._deliver = deliver
        self._waiting: deque[Event] = deque()
        self._number = 0
        self._busy = False

    async def take(self, event: Event) -> None:
        """A key came in."""
        self._waiting.append(event)
        if not self._busy:
            await self._next()

    async def handled(self, number: int) -> bool:
        """The key of this number has had its effect. Returns whether it was the last one that waited."""
        if not self._busy or number != self._number:
            return False
        await self._next()
        return not self._busy

    async def _next(self) -> None:
        self._busy = bool(self._waiting)
        if not self._busy:
            return
        self._number = number = self._number + 1
        target = self._app.focused or self._app.screen
        await self._deliver(self._waiting.popleft())
        target.post_message(KeyHandled(number))
        self._app.set_timer(LOST, lambda: self._app.post_message(KeyHandled(number)))
