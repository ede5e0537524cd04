"""All steps, in the runbook's order."""

from __future__ import annotations

from rca.steps import (
    baseline,
    cause,
    kdump,
    kubernetes,
    located,
    mandatory,
    panicked,
    quick,
    report,
    session,
    tools,
)
from rca.steps.base import Step

STEPS: tuple[Step, ...] = (
    baseline.STEP,
    panicked.STEP,
    kdump.STEP,
    located.STEP,
    tools.STEP,
    session.STEP,
    mandatory.STEP,
    cause.STEP,
    quick.STEP,
    kubernetes.STEP,
    report.STEP,
)
"""The step of number n stands at index n."""
