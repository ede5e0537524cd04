"""Files that only their user may read: 0600 in 0700 directories, written whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

STATE_VARIABLE = "PANICDESK_STATE"
"""Environment variable that names another state directory (tests, shared analysis hosts)."""


CONFIG_VARIABLE = "PANICDESK_CONFIG"
"""Environment variable that names another directory of settings, templates and signatures."""
UNENCODABLE = "backslashreplace"
"""Half a character, from a file name that is no UTF-8, is written as ``\\udcff``: so JSON reads it back."""
NO_HOME = Path("/dev/null/no-home-directory")
"""Stands for what lies in the home of a user who has none: nothing can be read or written there."""


def state_dir() -> Path:
    """The directory in which this user's cases live; not created by asking."""
    return _named(STATE_VARIABLE) or _of_user(platformdirs.user_state_path)


def config_dir() -> Path:
    """``~/.config/panicdesk`` or what stands for it; not created by asking."""
    return _named(CONFIG_VARIABLE) or _of_user(platformdirs.user_config_path)


def _named(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None


def _of_user(place: Callable[..., Path]) -> Path:
    try:
        path = place("panicdesk", appauthor=False)
    except RuntimeError:  # neither HOME nor an entry in the user database
        return NO_HOME
    return path if path.is_absolute() else NO_HOME


def make_private_dir(path: Path) -> Path:
    """Create a directory (and its parents) that only the user may enter. Raises OSError."""
    if not path.parent.exists():
        make_private_dir(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def write_private(path: Path, text: str) -> None:
    """Replace a file's content atomically, 0600: after a crash it holds the old text or the new. Raises OSError.

    What is there and is no plain file (``/dev/null``, a link) is left alone, and FileExistsError raised.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise FileExistsError(errno.EEXIST, "it is there and is no plain file", str(path))
    import tempfile  # not at the top: most commands only ask where files lie

    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors=UNENCODABLE) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def lock_private(path: Path) -> int:
    """Hold a lock until the descriptor is closed or the process ends. Raises BlockingIOError where another holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def append_private(path: Path, text: str) -> None:
    """Add text to the end of a file that is created 0600. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8", errors=UNENCODABLE) as file:
        file.write(text)
