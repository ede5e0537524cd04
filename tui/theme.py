"""The colours: calm, made for long reading, dark and light; or the terminal's own."""

from __future__ import annotations

from rich.terminal_theme import TerminalTheme
from textual.theme import Theme

DARK = Theme(
    name="panicdesk-dark",
    primary="#7aa2c8",
    secondary="#8fb8a8",
    warning="#d8b46a",
    error="#d77a7a",
    success="#8fb87a",
    accent="#b59ac8",
    foreground="#c8ccd0",
    background="#16191d",
    surface="#1d2126",
    panel="#242930",
    dark=True,
    variables={"border-blurred": "#4a525c"},
)
LIGHT = Theme(
    name="panicdesk-light",
    primary="#2f5f8f",
    secondary="#3f6f5f",
    warning="#8a5a00",
    error="#a02020",
    success="#2f6f2f",
    accent="#6a4a8a",
    foreground="#23272b",
    background="#f7f7f4",
    surface="#eeeeea",
    panel="#e2e2dc",
    dark=False,
    variables={"border-blurred": "#a8a8a0"},
)


def _sixteen(background: str, foreground: str, *colours: str) -> TerminalTheme:
    """What the sixteen names mean here: red, green, yellow, blue, magenta and cyan, faint ones as bright ones."""
    shades = [_rgb(colour) for colour in colours]
    grey, ink = _rgb(background), _rgb(foreground)
    return TerminalTheme(grey, ink, [grey, *shades, ink], [grey, *shades, ink])


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


DARK_NAMES = _sixteen("#16191d", "#c8ccd0", "#d77a7a", "#8fb87a", "#d8b46a", "#7aa2c8", "#b59ac8", "#7fb8c0")
"""The colours of names such as ``red``, with which the panes repeat what their words say, on a dark ground."""
LIGHT_NAMES = _sixteen("#f7f7f4", "#23272b", "#a02020", "#2f6f2f", "#8a5a00", "#2f5f8f", "#6a4a8a", "#1f6f78")

OWN = "ansi-dark"
"""The terminal's sixteen colours: under NO_COLOR it sends no colour at all."""

THEMES = (DARK.name, LIGHT.name, OWN)


def named(setting: str) -> str:
    """The theme for a word of the settings; dark where they say nothing."""
    return {"light": LIGHT.name, "terminal": OWN}.get(setting, DARK.name)


def after(name: str) -> str:
    """The theme that follows this one in the round."""
    return THEMES[(THEMES.index(name) + 1) % len(THEMES)] if name in THEMES else THEMES[0]
