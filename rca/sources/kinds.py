"""What a path is, told by names alone: an archive, an unpacked sosreport."""

from __future__ import annotations

from pathlib import Path

ARCHIVES = (".tar", ".tar.xz", ".tar.gz", ".tgz", ".tar.bz2")
"""How the name of a tar archive ends."""
COMMANDS = "sos_commands"
"""The folder in which a sosreport keeps what commands said."""


def is_archive(path: Path) -> bool:
    """Whether a file's name says that it is a tar archive."""
    return path.name.endswith(ARCHIVES)


def is_sosreport(path: Path) -> bool:
    """Whether a directory is an unpacked report."""
    try:
        return (path / COMMANDS).is_dir()
    except OSError:
        return False
