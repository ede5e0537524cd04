"""A learner's progress, kept in the user's state directory: one folder a scenario, files 0600."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rca.encoding import DAMAGE
from rca.private import make_private_dir, write_private
from rca.report.form import Form
from rca.report.formfile import form_from_json, form_to_json
from rca.training.attempt import Attempt, attempt_from_json, attempt_to_json, new_attempt
from rca.training.scenario import Scenario
from rca.training.score import Score, score

_ATTEMPT, _FORM = "attempt.json", "form.json"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is in a scenario."""

    attempt: Attempt
    score: Score

    @property
    def state(self) -> str:
        """``new``, ``step 2 of 4``, ``RCA``, ``done 83 %``."""
        if self.attempt.handed_in:
            return f"done {self.score.percent} %"
        if not self.attempt.begun:
            return "new"
        at, steps = self.attempt.at, len(self.attempt.steps)
        return "RCA" if at == steps else f"step {at + 1} of {steps}"


def load_attempt(scenario: Scenario) -> Attempt:
    """The attempt as it was left; a new one where there is none or it does not fit the lesson any more."""
    steps = len(scenario.lesson.steps)
    return attempt_from_json(_read(scenario.home / _ATTEMPT), steps) or new_attempt(steps)


def save_attempt(scenario: Scenario, attempt: Attempt) -> None:
    """Keep an attempt. Raises OSError."""
    _write(scenario.home / _ATTEMPT, attempt_to_json(attempt))


def load_form(scenario: Scenario) -> Form:
    """The RCA as far as it was written."""
    return form_from_json(_read(scenario.home / _FORM))


def save_form(scenario: Scenario, form: Form) -> None:
    """Keep the RCA. Raises OSError."""
    _write(scenario.home / _FORM, form_to_json(form))


def begin_anew(scenario: Scenario) -> None:
    """Forget the attempt and its RCA. Raises OSError."""
    for name in (_ATTEMPT, _FORM):
        (scenario.home / name).unlink(missing_ok=True)


def standing(scenario: Scenario) -> Standing:
    """How far the user is."""
    attempt = load_attempt(scenario)
    return Standing(attempt, score(scenario.lesson, attempt))


def finished(scenarios: Iterable[Scenario], but: Scenario) -> int:
    """How many other scenarios are done."""
    return sum(load_attempt(item).handed_in for item in scenarios if item.home != but.home)


def _write(path: Path, value: object) -> None:
    make_private_dir(path.parent)
    write_private(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, *DAMAGE):
        return None
