"""How tests of the screen wait: for what they look for, or until the app has nothing more to do; never for a time.

Textual's Pilot takes an app for idle when its process got little of the CPU. On a busy machine that is always so, and
beside a thread that works it never is. `at_rest` asks the app itself instead; tests/tui/conftest.py puts it in place.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

from textual._context import active_app
from textual._queue import Queue
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot

PATIENCE = 60.0
"""Seconds; only ever reached by a failure."""
STILL = 5.0
"""Seconds after which a screen that differs will not become the one that is looked for."""
_ROUNDS = 5
"""How often nothing must be found to do: a task that was woken has its turn in between."""


def drawn(app: App[Any]) -> str:
    """What the terminal shows, as plain lines."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Wait until `condition` holds; where it never does, fail with what the screen shows instead."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, drawn(pilot.app)
        await pilot.pause(0.01)


async def shown(pilot: Pilot[Any], *words: str) -> None:
    """Wait until the screen shows all these words."""
    await until(pilot, lambda: all(some in drawn(pilot.app) for some in words))


async def come_to_rest(pilot: Pilot[Any], look: Callable[[], str], wanted: str) -> str:
    """What `look` gives as soon as that is `wanted`; else what it has given unchanged for `STILL` seconds."""
    seen, since = look(), time.monotonic()
    while seen != wanted and time.monotonic() < since + STILL:
        await pilot.pause(0.01)
        if (now := look()) != seen:
            seen, since = now, time.monotonic()
    return seen


async def at_rest(*_: float) -> None:
    """Wait until no message of the running app waits anywhere, no key waits for another and all is drawn.

    Stands for `textual._wait.wait_for_idle`, whose arguments are times.
    """
    app = active_app.get()
    deadline = time.monotonic() + PATIENCE
    calm = 0
    while calm < _ROUNDS and app.is_running:
        assert time.monotonic() < deadline, "the app never comes to rest"
        app.screen._on_timer_update()
        await asyncio.sleep(0)
        calm = 0 if _busy(app) else calm + 1


def _busy(app: App[Any]) -> bool:
    keys = getattr(app, "_typeahead", None)
    screen = app.screen_stack[-1]
    return bool(
        (keys and keys._busy)
        or screen._callbacks
        or screen._dirty_widgets
        or screen._layout_required
        or screen._repaint_required
        or any(not _waits(pump) for pump in _pumps(app))
    )


def _pumps(app: App[Any]) -> Iterator[MessagePump]:
    yield app
    for screen in app.screen_stack:
        yield from screen.walk_children(with_self=True)


def _waits(pump: MessagePump) -> bool:
    """Whether it has handled every message and waits for another."""
    queue: Queue[Any] = pump._message_queue
    return queue.empty() and bool(queue.ready_event._waiters) and not pump._next_callbacks
