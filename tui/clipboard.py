"""Copying text to wherever the person sits, saying truthfully how sure that is."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

LARGEST = 74_000
"""Bytes of an encoded OSC 52 text; terminals drop longer ones."""

Write = Callable[[str], None]


def copy(
    text: str,
    path: Path | None,
    write: Write,
    environ: Mapping[str, str] = os.environ,
    *,
    printable: bool = True,
) -> str:
    """Copy `text`, which is already saved in `path`, if the disk took it. Returns one sentence saying what was done.

    `write` sends characters straight to the terminal. `printable`: Y prints this text.
    """
    saved = f"Saved in {path}" if path else "Not saved"
    if environ.get("TMUX"):
        if _tmux(text, "-w"):
            return f"{saved}; copied to tmux's buffer and sent to the terminal's clipboard (unconfirmed)."
        if _tmux(text):
            return f"{saved}; copied to tmux's buffer (prefix ] pastes it)."
    if _local(environ) and _display(text):
        return f"{saved}; copied to the clipboard."
    encoded = base64.b64encode(text.encode()).decode("ascii")
    if len(encoded) > LARGEST:
        return f"{saved}; too long for the terminal's clipboard.{' Y prints it.' if printable else ''}"
    write(_osc52(encoded, environ))
    hint = " Y prints it if nothing arrived." if printable else ""
    return f"{saved}; sent to the terminal's clipboard (unconfirmed).{hint}"


def way(environ: Mapping[str, str] = os.environ) -> str:
    """The first way that `copy` would try, in words; empty where none leads anywhere."""
    if environ.get("TMUX"):
        return "tmux's buffer, which sends it on where set-clipboard allows"
    if _local(environ):
        return "this display's clipboard"
    if environ.get("TERM", "") in ("", "dumb", "linux", "vt100", "vt220"):
        return ""
    return "the terminal's own, by OSC 52 (the terminal may refuse it)"


def _local(environ: Mapping[str, str]) -> bool:
    """Whether the person sits at the display that the environment names."""
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")) and not environ.get(
        "SSH_CONNECTION"
    )


def _osc52(encoded: str, environ: Mapping[str, str]) -> str:
    """The escape sequence, wrapped for what stands between us and the terminal."""
    bare = f"\x1b]52;c;{encoded}\x07"
    if environ.get("TMUX"):
        return "\x1bPtmux;" + bare.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY"):
        return "".join(f"\x1bP{bare[at : at + 240]}\x1b\\" for at in range(0, len(bare), 240))
    return bare


def _tmux(text: str, *options: str) -> bool:
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", *options, "-"],
            input=text.encode(),
            capture_output=True,
            timeout=3,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _display(text: str) -> bool:
    try:
        import pyperclip  # type: ignore[import-untyped,unused-ignore]

        pyperclip.copy(text)
    except Exception:  # pyperclip raises whatever its helper program did
        return False
    return True
