"""How crash is started: the argument vector, a clean environment and a private directory to stand in."""

from __future__ import annotations

import os
import posixpath
import shlex
from collections.abc import Sequence
from pathlib import Path, PurePath, PurePosixPath

from rca.private import write_private
from rca.sources.process import SEARCH_PATH

COLUMNS = 2_000
"""Width of the terminal that crash sees: wide enough that the longest input line is echoed without a wrap."""

ROWS = 24

FIRST = ("gdb set style enabled off",)
"""What crash is told before anything else: from crash 8 on, gdb colours what it prints to a terminal. Older ones (gdb
7.6) refuse the line, and nothing comes of it."""

_INPUTRC = """\
set enable-bracketed-paste off
set enable-meta-key off
set bell-style none
set echo-control-characters off
set page-completions off
set completion-query-items 0
set colored-stats off
"""


def launch(
    program: str, vmlinux: str, vmcore: str, *, silent: bool = True, options: Sequence[str] = ()
) -> tuple[str, ...]:
    """The argument vector for one dump. Paths become absolute, because crash stands elsewhere.

    ``-s`` keeps the banner away, and with it the progress messages of the start ("gathering module symbol data"):
    `silent=False` trades about thirty lines of banner for them. ``-e emacs`` matters: readline's vi mode eats input.
    `options` are those of a rung of `rca.crash.ladder`.

    Raises ValueError for a live kernel's memory (``/proc/kcore``, ``/dev/mem``): only dumps are opened.
    """
    refuse_live(vmcore)
    quiet = ("-s",) if silent else ()
    files = (str(Path(vmlinux).absolute()), str(Path(vmcore).absolute()))
    return (program, *quiet, "--no_scroll", "-e", "emacs", "--no_crashrc", *options, *files)


def refuse_live(vmcore: str) -> None:
    """Raise ValueError when this is the memory of the running kernel, by whatever path."""
    _refuse(vmcore, Path(vmcore).resolve())


def _refuse(vmcore: str, real: PurePath) -> None:
    if real.is_absolute() and real.parts[1:2] in (("proc",), ("dev",), ("sys",)):
        raise ValueError(f"{vmcore} is the memory of a running kernel; only dumps are opened.")


def launch_remote(
    client: Sequence[str], program: str, vmlinux: str, vmcore: str, *, options: Sequence[str] = ()
) -> tuple[str, ...]:
    """The argument vector for a dump on another node; `client` is an ssh with a terminal, up to the remote command.

    The remote crash gets no file of ours: no HOME, no readline settings but a plain terminal's. Raises ValueError for a
    live kernel's memory.
    """
    _refuse(vmcore, PurePosixPath(posixpath.normpath(vmcore)))
    variables = (
        f"PATH={SEARCH_PATH}",
        "HOME=/nonexistent",
        "INPUTRC=/dev/null",
        "TERM=dumb",
        "LC_ALL=C",
        "TZ=UTC",
    )
    words = (program, "-s", "--no_scroll", "-e", "emacs", "--no_crashrc", *options, vmlinux, vmcore)
    # ssh joins what it is given with blanks: quoted one by one, they arrive as they are.
    return (*client, *map(shlex.quote, ("env", "-i", *variables, "DEBUGINFOD_URLS=", *words)))


def private_directory(beside: Path) -> Path:
    """Make a directory, 0700, that holds readline's settings: HOME and working directory of crash."""
    directory = beside / ".crash-home"
    directory.mkdir(mode=0o700, exist_ok=True)
    write_private(directory / "inputrc", _INPUTRC)
    return directory


def environment(home: Path) -> dict[str, str]:
    """All variables that crash gets. No CRASHPAGER, CRASH_EXTENSIONS, EDITOR or LD_*; times are rendered in UTC."""
    return {
        "PATH": SEARCH_PATH,
        "HOME": str(home),
        "INPUTRC": str(home / "inputrc"),
        "TERM": "xterm",
        "LC_ALL": "C",
        "TZ": "UTC",
        "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        "DEBUGINFOD_URLS": "",
    }
