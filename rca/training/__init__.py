"""Guided training: lessons beside recorded cases, the coach's engine, progress and debrief. No screen here."""
