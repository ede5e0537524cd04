"""Each key is answered as soon as it has its effect, and what the next one will show is made ready for the driver."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.events import Key, Paste
from textual.message import Message
from textual.widget import Widget

from tui.driver import Foreseen, SparingDriver
from tui.typeahead import LOST

PAUSE = 0.04
"""Seconds since a key after which it is worth looking ahead."""


class KeyDrawn(Message, bubble=True):
    """Follows a key's effect on the widget that has the focus up to the app."""


@runtime_checkable
class Foresees(Protocol):
    """A widget that knows what some key will show while it has the focus."""

    def foresee(self, key: str) -> Foreseen | None:
        """What the next key shows, after this one."""


class Foresight:
    """Between the app and its driver; does nothing where there is no terminal."""

    def __init__(self, app: App[Any]) -> None:
        """Nothing is foreseen."""
        self._app = app
        self._taken = 0
        self._key = ""
        self._when = 0.0
        self._foreseen = Foreseen()

    def forget(self) -> None:
        """The terminal may show anything."""
        if driver := self._driver:
            driver.forget()

    def taken(self, event: Key | Paste) -> None:
        """A key or a paste came to the app."""
        self._taken += 1
        self._when = time.monotonic()
        self._key = event.key if isinstance(event, Key) else ""

    def handled(self, last: bool) -> None:
        """A key had its effect; whether it was the last one that waited."""
        if (driver := self._driver) and (last or driver.ahead):
            (self._app.focused or self._app.screen).post_message(KeyDrawn())
            if driver.ahead:
                self._app.set_timer(LOST, self._late)

    def drawn(self) -> None:
        """Draw what there is to be drawn, now and not with the next frame only, and look ahead."""
        if driver := self._driver:
            self._app.screen._on_timer_update()
            if not driver.settle():
                self._app.screen.refresh()
            if self._foreseen.has(self._key):
                self._look(self._taken)
            else:  # a page costs more than a key: who holds down a key that shows another thing waits for none
                rest = max(0.0, self._when + PAUSE - time.monotonic())
                self._app.set_timer(rest, partial(self._look, self._taken))

    def _late(self) -> None:
        """The widget that had the focus may be gone."""
        if self._driver and self._driver.ahead:
            self.drawn()

    def _look(self, keys: int) -> None:
        """Make ready what the next key shows, unless there was one after so many."""
        driver, focused = self._driver, self._app.focused
        if driver and driver.keys == self._taken == keys:
            here = focused is not None and focused.screen is self._app.screen
            found = focused.foresee(self._key) if here and isinstance(focused, Foresees) else None
            self._foreseen = found or Foreseen()
            driver.make_ready(self._foreseen, keys)

    @property
    def _driver(self) -> SparingDriver | None:
        return driver if isinstance(driver := self._app._driver, SparingDriver) else None


def frame(widget: Widget, right: int = 0) -> str:
    """What Textual would draw of a widget as it is set now, the cursor so many columns further right."""
    cache, widget._styles_cache = widget._styles_cache, type(widget._styles_cache)()
    try:
        strips = widget.render_lines(widget.size.region)
    finally:
        widget._styles_cache = cache
    x, y = widget.region.offset
    cursor = widget.app.cursor_position
    rows = (
        f"\x1b[{y + number};{x + 1}H{strip.render(widget.app.console)}"
        for number, strip in enumerate(strips, 1)
    )
    return f"{''.join(rows)}\x1b[{cursor.y + 1};{cursor.x + right + 1}H"
