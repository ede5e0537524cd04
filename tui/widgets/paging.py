"""Pages of a view of lines: where the next one begins, and what it will look like."""

from __future__ import annotations

from textual.scroll_view import ScrollView

from tui.driver import Foreseen
from tui.foresight import frame


def turn(view: ScrollView, by: int) -> None:
    """Go so many pages further, at once."""
    view.scroll_to(y=_top(view, by), animate=False, immediate=True)


def foreseen(view: ScrollView, key: str) -> Foreseen:
    """What the next page shows, after this key."""
    by, keys = (-1, ("pageup",)) if key == "pageup" else (1, ("space", "pagedown"))
    return Foreseen(dict.fromkeys(keys, _page(view, by)))


def _top(view: ScrollView, by: int) -> float:
    return view.validate_scroll_y(view.scroll_y + by * view.scrollable_content_region.height)


def _page(view: ScrollView, by: int) -> str:
    now = view.scroll_y
    view.set_reactive(ScrollView.scroll_y, _top(view, by))
    try:
        return frame(view)
    finally:
        view.set_reactive(ScrollView.scroll_y, now)
