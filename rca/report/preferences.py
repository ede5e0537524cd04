"""What a user or a team sets once: their templates, and for which ticket systems redaction is on."""

from __future__ import annotations

import json
from pathlib import Path

import platformdirs

from rca.private import make_private_dir, write_private

_FILE = "export.json"


def config_dir() -> Path:
    """``~/.config/panicdesk`` or what stands for it; not created by asking."""
    return platformdirs.user_config_path("panicdesk", appauthor=False)


def template_folders() -> tuple[Path, ...]:
    """Where a user's templates lie."""
    return (config_dir() / "templates",)


def redacts(format_name: str) -> bool:
    """Whether redaction is remembered as on for a format; a file that cannot be read remembers nothing."""
    return format_name in _remembered()


def remember_redaction(format_name: str, on: bool) -> None:
    """Remember it. Raises OSError."""
    names = _remembered() - {format_name} | ({format_name} if on else set())
    make_private_dir(config_dir())
    write_private(config_dir() / _FILE, json.dumps({"redact": sorted(names)}, indent=1) + "\n")


def _remembered() -> set[str]:
    try:
        return {
            str(name) for name in json.loads((config_dir() / _FILE).read_text(encoding="utf-8"))["redact"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return set()
