"""Kernel logs in any form, read as an expert reads them: lines, events, frames, context."""
