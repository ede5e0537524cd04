"""The word that everything bears which is made of a recording for practice, so that it never enters a real ticket."""

from __future__ import annotations

from dataclasses import replace

from rca.report.form import Form
from rca.report.sentences import Sentence

TRAINING = "TRAINING"
DEMO = "DEMO"
_INCIDENT = "Incident"
"""The heading that every format and every title begins with."""


def marked(form: Form, word: str) -> Form:
    """The form with the word before its incident: whatever is made of it bears it. No word, no change."""
    field = form[_INCIDENT]
    if field.text.startswith(word):
        return form
    first, *rest = field.sentences or (Sentence(""),)
    said = replace(first, text=f"{word}: {first.text}".rstrip())
    text = "\n".join(sentence.text for sentence in (said, *rest))
    changed = replace(field, typed=text, kept=(*field.kept, said))
    return replace(form, fields=tuple(changed if one is field else one for one in form.fields))
