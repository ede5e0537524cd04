"""The word that everything bears which leaves a training, so that it never enters a real ticket."""

from __future__ import annotations

from rca.report.form import Form

WORD = "TRAINING"
_INCIDENT = "Incident"
"""The heading that every format and every title begins with."""


def marked(form: Form) -> Form:
    """The form with the word before its incident: whatever is made of it bears it."""
    said = form[_INCIDENT].text
    return form if said.startswith(WORD) else form.type(_INCIDENT, f"{WORD}: {said}".rstrip())


def labelled(markdown: str, scenario: str) -> str:
    """An exported RCA with a line above and below that says what it is."""
    told = f"**{WORD}: an exercise on the recorded case {scenario}. It describes no incident of yours.**"
    return f"{told}\n\n{markdown.rstrip()}\n\n{told}\n"
