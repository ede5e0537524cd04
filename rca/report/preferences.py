"""What a user or a team sets once: their templates, and for which ticket systems redaction is on."""

from __future__ import annotations

import json
from pathlib import Path

from rca.private import config_dir, make_private_dir, write_private
from rca.settings import settings

_FILE = "export.json"


def template_folders() -> tuple[Path, ...]:
    """Where a user's templates lie."""
    return (settings().templates or config_dir() / "templates",)


def redacts(format_name: str) -> bool:
    """Whether redaction is on for a format, by the settings or as remembered; a damaged file remembers nothing."""
    return format_name in settings().redact or format_name in _remembered()


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
