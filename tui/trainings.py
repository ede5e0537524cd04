"""Training at the command line: the list, the check, and the way to the screen."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.text import visible
from tui.saying import complain

if TYPE_CHECKING:
    from rca.training.scenario import Scenario
    from tui.desk import Desk


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario as the list shows it."""

    name: str
    title: str = ""
    difficulty: int = 0
    """1 to 3."""
    minutes: int = 0
    state: str = ""
    """``new``, ``step 2 of 4``, ``RCA``, ``done 83 %``."""
    percent: int | None = None
    """Of all points; None until it is done."""
    source: str = ""
    kernel: str = ""
    """The release that crashed. This, the kind and the trap are for whoever teaches: only ``--json`` tells them."""
    kind: str = ""
    trap: str = ""
    problem: str = ""
    """Why it cannot be used."""


def train(options: Namespace) -> int:
    """What ``panicdesk train`` was asked for."""
    if options.check:
        return check_scenarios(options.check)
    if options.list or options.json:
        return list_scenarios(options.json)
    return open_training(options.name, not options.no_mouse, options.again)


def rows() -> tuple[Row, ...]:
    """All scenarios."""
    from rca.training.progress import standing
    from rca.training.scenario import Broken, scenarios

    found = []
    for item in scenarios():
        if isinstance(item, Broken):
            found.append(Row(item.name, problem=item.problem))
            continue
        now, lesson = standing(item), item.lesson
        found.append(
            Row(
                item.name,
                lesson.title,
                lesson.difficulty,
                lesson.minutes,
                now.state,
                now.score.percent if now.attempt.handed_in else None,
                lesson.source,
                item.kernel,
                lesson.kind,
                lesson.trap,
            )
        )
    return tuple(found)


def columns(row: Row, among: Sequence[Row]) -> tuple[str, str, str]:
    """A row as text: its name, padded to the longest; difficulty, time and state; what it is about."""
    name = f"{visible(row.name):<{max(len(visible(other.name)) for other in among)}}  "
    if row.problem:
        return name, "", visible(f"cannot be used: {row.problem}")
    return name, f"{'*' * row.difficulty:<4}{row.minutes:>3} min  {row.state:<13}", row.title


def list_scenarios(as_json: bool) -> int:
    """Print a line or an object per scenario; 1 when one cannot be used."""
    found = rows()
    for row in found:
        print(json.dumps(asdict(row), ensure_ascii=False) if as_json else "".join(columns(row, found)))
    return int(any(row.problem for row in found))


def check_scenarios(directories: Sequence[Path]) -> int:
    """Print what is wrong with scenarios; 1 when anything is."""
    from rca.training.check import check

    status = 0
    for directory in directories:
        problems = check(directory)
        status |= bool(problems)
        for problem in problems or ("can be used; the expert's path earns all points",):
            print(visible(f"{directory}: {problem}"))
    return status


def open_training(name: str | None, mouse: bool, again: bool) -> int:
    """Open a scenario, or the list to choose from, lesson after lesson; 1 when one cannot be opened."""
    from tui import terminal

    terminal.prepare()
    if refused := terminal.refusal():
        return complain(refused.replace(terminal.INSTEAD, "`panicdesk train --list` needs none."))
    from rca.training.progress import begin_anew
    from rca.training.scenario import ScenarioError, find

    try:
        scenario = find(name) if name else None
        terminal.guard_streams()
        while scenario or (scenario := _chosen(mouse)):
            if again:
                begin_anew(scenario)
            problem, then = _sitting(scenario, mouse)
            if problem:
                return complain(problem)
            again = then == "again"
            if not again and (name or then != "list"):
                return 0
            scenario = scenario if again else None
    except ScenarioError as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}")
    return 0


def _chosen(mouse: bool) -> Scenario | None:
    from rca.training.scenario import find
    from tui.screens.training_list import ScenarioList

    name = ScenarioList(rows()).run(mouse=mouse)
    return find(name) if name else None


def _sitting(scenario: Scenario, mouse: bool) -> tuple[str, str]:
    """Why there was none, or nothing; and what is to follow, as `tui.screens.training.TrainingApp.then` says."""
    from rca.settings import settings
    from tui.screens.training import TrainingApp

    app = TrainingApp(lambda: _desk(scenario), scenario.name, settings())
    try:
        problem = app.run(mouse=mouse)
    finally:
        if app.desk:
            app.desk.close()
    return problem or "", app.then


def _desk(scenario: Scenario) -> Desk | str:
    """The training, or why there is none."""
    from rca.training.coach import support
    from rca.training.desk import TrainingDesk
    from rca.training.progress import finished
    from rca.training.scenario import Scenario, ScenarioError, scenarios

    others = [item for item in scenarios() if isinstance(item, Scenario)]
    try:
        return TrainingDesk(scenario, support(finished(others, scenario)))
    except ScenarioError as error:
        return f"{error}."
