"""Patterns that are compiled when they are first used: most logs need a handful, and none need wait for the others."""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once."""
    return re.compile(pattern)
