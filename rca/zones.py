"""How clocks of two zones differ, where a time came without its zone."""

from __future__ import annotations

from datetime import timedelta

FARTHEST = timedelta(hours=14)
"""No zone is farther from UTC."""
QUARTER = timedelta(minutes=15)
"""Zones differ from UTC by whole quarters of an hour."""
