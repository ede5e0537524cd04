"""How many panes fit beside each other."""

from __future__ import annotations

_MIDDLE, _WIDE = 120, 180


def narrow(columns: int) -> bool:
    """Whether only one pane fits."""
    return columns < _MIDDLE


def wide(columns: int) -> bool:
    """Whether checklist, main pane and form fit side by side."""
    return columns >= _WIDE
