"""What happens: evidence, the crash session, the ten steps, the diagnosis and the report. No screen code."""

__version__ = "0.1.0"
