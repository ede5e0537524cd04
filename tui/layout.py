"""Where a person stands among the panes, and which of these are seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

_MIDDLE, _WIDE = 120, 180
MAIN = ("crash", "page", "evidence")
"""The panes of which one stands in the middle."""


def narrow(columns: int) -> bool:
    """Whether only one pane fits."""
    return columns < _MIDDLE


def wide(columns: int) -> bool:
    """Whether checklist, main pane and form fit side by side."""
    return columns >= _WIDE


@dataclass(frozen=True, slots=True)
class Place:
    """The pane that a person chose last, and what that leaves on the screen."""

    pane: str = "checklist"
    main: str = "crash"
    """The one of `MAIN` that was seen last."""
    zoomed: str = ""
    """The pane that has the screen for itself, or nothing."""

    def at(self, pane: str) -> Place:
        """After going to a pane."""
        return Place(pane, pane if pane in MAIN else self.main, pane if self.zoomed else "")

    def zoom(self, pane: str) -> Place:
        """After giving a pane the whole screen, or taking it back."""
        return replace(self, zoomed="" if self.zoomed else pane)

    def seen(self, columns: int) -> frozenset[str]:
        """The panes that a screen of so many columns shows."""
        if alone := self._alone(columns):
            return frozenset((alone,))
        if wide(columns):
            return frozenset(("checklist", self.main, "form"))
        return frozenset(("checklist", self._middle))

    def beside_coach(self, columns: int) -> frozenset[str]:
        """The same where a coach takes the room of the form, or of the checklist where three do not fit."""
        if alone := self._alone(columns):
            return frozenset((alone,))
        return frozenset(("coach", self._middle, *(("checklist",) if wide(columns) else ())))

    @property
    def _middle(self) -> str:
        return "form" if self.pane == "form" else self.main

    def _alone(self, columns: int) -> str:
        return self.zoomed or (self.pane if narrow(columns) else "")
