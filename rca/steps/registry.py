"""All steps, in the runbook's order."""

from __future__ import annotations

from importlib import import_module

from rca.steps.base import Step
from rca.steps.titles import MODULES

STEPS: tuple[Step, ...] = tuple(import_module(f"rca.steps.{name}").STEP for name in MODULES)
"""The step of number n stands at index n."""
