"""What a user or a team sets once: their templates, and the formats that are redacted."""

from __future__ import annotations

from pathlib import Path

from rca.private import config_dir
from rca.settings import settings


def template_folders() -> tuple[Path, ...]:
    """Where a user's templates lie."""
    return (settings().templates or config_dir() / "templates",)


def redacts(format_name: str) -> bool:
    """Whether a format is redacted where nobody says otherwise."""
    return format_name in settings().redact
