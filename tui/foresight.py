"""Each key is answered as soon as it has its effect, and what the next one will show is made ready for the driver."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.message import Message
from textual.widget import Widget

from tui.driver import Foreseen, SparingDriver
from tui.typeahead import LOST


class KeyDrawn(Message, bubble=True):
    """Follows a key's effect on the widget that has the focus up to the app."""


@runtime_checkable
class Foresees(Protocol):
    """A widget that knows what some key will show while it has the focus."""

    def foresee(self) -> Foreseen | None:
        """What the next key shows."""


class Foresight:
    """Between the app and its driver; does nothing where there is no terminal."""

    def __init__(self, app: App[Any]) -> None:
        """Nothing is foreseen."""
        self._app = app
        self._taken = 0

    def forget(self) -> None:
        """The terminal may show anything."""
        if driver := self._driver:
            driver.forget()

    def taken(self) -> None:
        """A key or a paste came to the app."""
        self._taken += 1

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
            self._look(driver)

    def _late(self) -> None:
        """The widget that had the focus may be gone."""
        if self._driver and self._driver.ahead:
            self.drawn()

    def _look(self, driver: SparingDriver) -> None:
        """Make ready what the next key shows, unless one is on its way already."""
        focused, keys = self._app.focused, self._taken
        if driver.keys == keys:
            here = focused is not None and focused.screen is self._app.screen
            driver.make_ready(focused.foresee() if here and isinstance(focused, Foresees) else None, keys)

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
