"""Screens above the workbench."""
