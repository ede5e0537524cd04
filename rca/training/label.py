"""What an RCA written in a training says of itself, beside the word that every export of it bears."""

from __future__ import annotations

from rca.report.marking import TRAINING


def labelled(markdown: str, scenario: str) -> str:
    """An exported RCA with a line above and below that says what it is."""
    told = f"**{TRAINING}: an exercise on the recorded case {scenario}. It describes no incident of yours.**"
    return f"{told}\n\n{markdown.rstrip()}\n\n{told}\n"
