"""What must be said and set before Textual is imported, and whether this terminal can show a workbench at all."""

from __future__ import annotations

import codecs
import gc
import io
import os
import sys
from functools import partial

INSTEAD = "`panicdesk report` writes the same analysis without one."

_ASCII = str.maketrans(
    "─━│┃┌┐└┘├┤┬┴┼╭╮╰╯▏▕▁▔▲▼◀▶•…",
    "--||+++++++++++++||__^v<>*.",
)


def prepare() -> None:
    """Settings that Textual reads while it is imported, calm on a slow link (the user's own stay), and Python's own."""
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    # More frames a second answer a key later, not sooner, while crash's output floods the same interpreter.
    os.environ.setdefault("TEXTUAL_FPS", "15")
    sys.setswitchinterval(
        0.0005
    )  # seconds; crash's reader must not wait longer for a screen that is being drawn
    gc.disable()  # while all is being loaded there is no garbage, and to look for it takes a tenth of a second
    for name in ("COLUMNS", "LINES"):  # left by a parent's readline, they would hide the terminal's true size
        os.environ.pop(name, None)


def refusal() -> str:
    """Why no workbench can be shown here, one sentence, or nothing."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return f"The workbench needs a terminal for its input and output. {INSTEAD}"
    if os.environ.get("TERM", "") in ("", "dumb"):
        return f"TERM is empty or dumb, so the workbench cannot draw its screen. {INSTEAD}"
    return ""


def plain_colours() -> bool:
    """Whether to keep to the terminal's own colours: NO_COLOR, or an old console."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM", "") in (
        "linux",
        "vt100",
        "vt220",
        "ansi",
    )


def guard_streams() -> None:
    """Keep the app alive on a terminal that does not speak UTF-8, and a paste from pressing keys.

    A byte that is no UTF-8 on the input becomes U+FFFD instead of ending the app (textual#6456). A character that the
    output's encoding lacks becomes ASCII of the same width instead of an escape that wrecks the layout.
    """
    from textual.drivers import linux_driver

    from tui.pasting import PasteDecoder

    if isinstance(stream := sys.__stderr__, io.TextIOWrapper):  # where Textual draws
        codecs.register_error("panicdesk", _in_ascii)
        stream.reconfigure(errors="panicdesk")

    linux_driver.getincrementaldecoder = lambda encoding: partial(PasteDecoder, encoding)  # type: ignore


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    from rich.cells import cell_len

    lost = error.object[error.start : error.end].translate(_ASCII)
    return "".join(c if c.isascii() else "?" * cell_len(c) for c in lost), error.end
