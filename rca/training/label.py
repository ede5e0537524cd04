"""The word that everything bears which leaves a training, so that it never enters a real ticket."""

from __future__ import annotations

WORD = "TRAINING"


def labelled(markdown: str, scenario: str) -> str:
    """An exported RCA with the word in its title, and a line above and below that says what it is."""
    told = f"**{WORD}: an exercise on the recorded case {scenario}. It describes no incident of yours.**"
    title, _, rest = markdown.partition("\n")
    return f"{told}\n\n# {WORD}: {title.removeprefix('# ')}\n{rest.rstrip()}\n\n{told}\n"
