"""The person at crash's prompt: what is typed there is refused or sent, remembered, and audited."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from rca.crash.loan import NAME as BARE
from rca.crash.safety import refusal
from rca.crash.salvage import reached, salvaged
from rca.crashdesk import CrashDesk
from rca.encoding import DAMAGE, from_iso, iso
from rca.evidence import now
from rca.keeper import Keeper

HISTORY = 500
"""Typed commands that a case remembers."""
RECORDED = "This is a recording: no crash runs that could be attached or do harm."
_BARE = "a bare terminal passes everything on"
_LENT = "bare"
"""In the case's desk: since when, and from which byte of the raw log on, the bare terminal has the prompt."""


class Typist:
    """One person, one prompt. `run`, `set_safe` and `hand_over` are called from the screen's thread."""

    def __init__(
        self,
        crash: CrashDesk,
        later: Callable[[Callable[[], None]], None],
        complain: Callable[[str], None],
    ) -> None:
        """`later` carries something out on the investigation's own thread; `complain` takes one sentence."""
        self.history: tuple[str, ...] = ()
        self._crash = crash
        self._later = later
        self._complain = complain
        self._keeper: Keeper | None = None
        self._recorded = False

    def sit_down(self, keeper: Keeper, recorded: bool) -> None:
        """Another case is open: take up its history, and whether safe mode is on."""
        self._keeper, self._recorded = keeper, recorded
        self.history = tuple(str(item) for item in keeper.case.desk.get("history", ()))
        self._crash.set_safe(bool(keeper.case.desk.get("safe", True)))
        self._pick_up(keeper)

    @property
    def safe(self) -> bool:
        """Whether what reaches a shell, a file or memory is refused."""
        return self._crash.safe

    def run(self, command: str) -> str:
        """Type a command. Returns why it was refused, or nothing. One that safe mode would refuse is audited first."""
        if not self.safe and (why := refusal(command)):
            self._later(lambda: self._run_unsafe(command, why))
            return ""
        refused = self._crash.run(command)
        self._later(lambda: self._remember(command, refused))
        return refused

    def set_safe(self, on: bool) -> str:
        """Turn safe mode on or off for this case. Returns why not, or nothing."""
        if self._recorded:
            return RECORDED
        self._crash.set_safe(on)
        self._later(lambda: self._keep_safe(on))
        return ""

    def hand_over(self, around: Callable[[], AbstractContextManager[object]]) -> str:
        """Let the bare terminal have crash's prompt until Ctrl+]; `around` clears the screen for it.

        Returns why not, or nothing; blocks meanwhile. Call from the main thread.
        """
        if self._recorded:
            return RECORDED
        if why := self._crash.why_not_lent():
            return why
        begins: dict[str, object] = {"when": iso(now())}
        if self._keeper:
            begins["from"] = reached(self._keeper.case.directory)
        self._later(lambda: self._lend(begins))
        return self._crash.hand_over(around, self._heard)

    def back(self) -> None:
        """The bare terminal gave the prompt back, and what was said there is kept."""
        if self._keeper:
            self._keeper.desk(_LENT, {})

    def _lend(self, begins: dict[str, object]) -> None:
        self._audit(BARE, f"unsafe: {_BARE}")
        if self._keeper:
            self._keeper.desk(_LENT, begins)

    def _heard(self, command: str) -> None:
        """One line was sent in the bare terminal, just now. Called on the session's thread."""
        when, why = now(), refusal(command)
        remark = f"unsafe, in the {BARE}: {why}" if why else f"typed in the {BARE}"
        self._later(lambda: self._audit(command, remark, when))

    def _pick_up(self, keeper: Keeper) -> None:
        """Where this case ended while the bare terminal had the prompt: keep what the raw log has of that."""
        if not (lent := keeper.case.desk.get(_LENT)):
            return
        case = keeper.case
        try:
            began, start = from_iso(lent["when"]), int(lent["from"])
        except DAMAGE:
            return
        found = salvaged(case.directory, start, began, case.subject.source_name, case.evidence.values())
        keeper.put((found,), new=True)
        keeper.desk(_LENT, {})

    def _run_unsafe(self, command: str, why: str) -> None:
        self._audit(command, f"unsafe: {why}")
        refused = self._crash.run(command)
        self._remember(command, refused)
        if refused:
            self._complain(refused)

    def _keep_safe(self, on: bool) -> None:
        self._audit(f"safe mode {'on' if on else 'off'}", "switched by a person for this case")
        if self._keeper:
            self._keeper.desk("safe", on)

    def _remember(self, command: str, refused: str) -> None:
        if refused:
            if not self._recorded:
                self._audit(command, f"refused: {refused}")
        elif command.strip() and (not self.history or self.history[-1] != command):
            self.history = (*self.history, command)[-HISTORY:]
            if self._keeper:
                self._keeper.desk("history", list(self.history))

    def _audit(self, what: str, remark: str, when: datetime | None = None) -> None:
        if self._keeper:
            self._keeper.note(what, remark, when)
