"""The application: a first frame at once, then the workbench as soon as the case is open."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event, Key, Paste
from textual.screen import Screen

from rca.settings import Settings
from tui import theme
from tui.commands import COMMANDS, shown, with_keys
from tui.desk import Hearing
from tui.driver import SparingDriver
from tui.foresight import Foresight
from tui.plain_app import PlainApp
from tui.screens.opening import OpeningScreen
from tui.typeahead import KeyHandled, Typeahead

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.screens.workbench import Workbench


class Panicdesk(PlainApp):
    """`run()` returns why the case could not be opened, or None."""

    CSS = files("tui").joinpath("app.tcss").read_text(encoding="utf-8")
    TITLE = "panicdesk"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+l", "redraw", show=False, priority=True)]

    def __init__(
        self,
        open_desk: Callable[[], Desk | str],
        subject: str,
        settings: Settings | None = None,
        advise: Callable[[], str] | None = None,
    ) -> None:
        """`open_desk` runs on a thread of its own, after the first frame; it gives the desk, or why there is none.

        `advise` runs on another, once the case is open; what it says is shown above the workbench.
        """
        self._advise = advise
        self.wants_demo = False
        """Whether the person left for the demo."""
        self._settings = settings or Settings()
        self.commands, self._refused_keys = with_keys(self._settings.keys)
        super().__init__()
        self._typeahead = Typeahead(self, super().on_event)
        self._foresight = Foresight(self)
        self._open_desk = open_desk
        self._hearing = Hearing()
        self._subject = subject
        self.desk: Desk | None = None
        """What was opened; whoever runs the app closes it."""
        self.workbench: Workbench | None = None

    def get_driver_class(self) -> type[Driver]:
        """On a terminal, one that writes less."""
        driver = super().get_driver_class()
        return SparingDriver if driver is LinuxDriver else driver

    def get_default_screen(self) -> OpeningScreen:
        """The frame that needs nothing of the case."""
        return OpeningScreen(self._subject)

    def on_mount(self) -> None:
        """Choose the colours, then begin."""
        self.register_theme(theme.DARK)
        self.register_theme(theme.LIGHT)
        self.ansi_theme_dark, self.ansi_theme_light = theme.DARK_NAMES, theme.LIGHT_NAMES
        self.theme = theme.OWN if self.plain else theme.named(self._settings.theme)
        others = (now for now, usual in zip(self.commands, COMMANDS, strict=True) if now.key != usual.key)
        self.set_keymap({command.name: command.key for command in others})  # each costs time with every key
        if not self.is_headless:
            signal.signal(signal.SIGHUP, self._hung_up)
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._ended)
        self.call_after_refresh(threading.Thread(target=self._open, name="open-case", daemon=True).start)

    def _open(self) -> None:
        try:
            desk = self._open_desk()
            if not isinstance(desk, str):
                self.desk = desk
                desk.on_change = self._hearing
                desk.start()  # crash takes its time, and needs no screen to begin
            from tui.screens import workbench  # noqa: F401  # loaded here, so that the screen goes on answering
        except Exception as error:
            desk = f"The case cannot be opened ({type(error).__name__}: {error})."
        with contextlib.suppress(RuntimeError):  # the app has ended
            self.call_from_thread(self._opened, desk)

    def workbench_on(self, desk: Desk) -> Workbench:
        """The screen for a desk that was opened."""
        from tui.screens.workbench import Workbench

        return Workbench(desk, self._subject)

    def _opened(self, desk: Desk | str) -> None:
        if isinstance(desk, str):
            self.exit(desk, return_code=1)
            return
        self.workbench = self.workbench_on(desk)
        self.push_screen(self.workbench)
        self.workbench.call_after_refresh(self._hearing.listen, self.workbench.hear)
        self.call_after_refresh(
            gc.freeze
        )  # what stands now is not looked through again: keys would wait for it
        for problem in (*self._settings.problems, *self._refused_keys):
            self.notify(problem, severity="warning")
        if self._advise:
            threading.Thread(target=self._ask, args=(self._advise,), name="doctor", daemon=True).start()

    def _ask(self, advise: Callable[[], str]) -> None:
        if said := advise():
            with contextlib.suppress(RuntimeError):  # the app has ended
                self.call_from_thread(self._show_advice, said)

    def _show_advice(self, said: str) -> None:
        from tui.screens.doctor import DoctorScreen

        self.push_screen(DoctorScreen(said), self._advised)

    def _advised(self, demo: bool | None) -> None:
        if demo:
            self.wants_demo = True
            self._ended()

    def on_resize(self) -> None:
        """No terminal shows the same after it."""
        self._foresight.forget()

    def action_redraw(self) -> None:
        """Something else wrote on the terminal."""
        self._foresight.forget()
        self.screen.refresh()

    async def on_event(self, event: Event) -> None:
        """Keys wait for each other; everything else is Textual's."""
        if isinstance(event, (Key, Paste)) and not event.is_forwarded:
            self._foresight.taken(event)
            await self._typeahead.take(event)
        else:
            await super().on_event(event)

    async def on_key_handled(self, message: KeyHandled) -> None:
        """The next key, please."""
        self._foresight.handled(await self._typeahead.handled(message.number))

    def on_key_drawn(self) -> None:
        """What it shows can be drawn."""
        self._foresight.drawn()

    def _ended(self) -> None:
        """Somebody ends us: what was typed is saved first."""
        if self.workbench:
            self.workbench.save_edits()
        self.exit()

    def _hung_up(self, number: int, _: object) -> None:
        """The link dropped: save what was typed, end crash, and go at once.

        Drawing to a terminal that is gone can block for ever, so nothing here may ask the loop or the driver.
        """
        try:
            if self.workbench:
                self.workbench.save_edits()
            if self.desk:
                self.desk.close()
        finally:
            os._exit(128 + number)

    async def action_quit(self) -> None:
        """Leave; the workbench may have a question first."""
        if self.workbench:
            self.workbench.leave_app()
        else:
            self.exit()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: the registry's commands with their keys, of whichever screen asks."""
        for command in self.commands:
            if not command.priority or command.key == "ctrl+c":
                told = f"{shown(command.key)}  {command.help}"
                yield SystemCommand(command.label, told, partial(self._carry_out, command.id, screen))

    async def _carry_out(self, action: str, screen: Screen[object]) -> None:
        await self.run_action(action, default_namespace=screen)
