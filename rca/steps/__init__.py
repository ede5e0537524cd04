"""The runbook's steps 0 to 10: one file a step; `rca.steps.registry` has them all."""
