"""Scenarios: recorded cases with a lesson beside them, shipped with panicdesk or lying elsewhere."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rca.case import Case, load_subject
from rca.casefolder import CaseError
from rca.private import state_dir
from rca.shipped import shipped
from rca.sources.saved import dump_from_json
from rca.training.lesson import Lesson
from rca.training.lessonfile import FILE, LessonError, load_lesson

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SHIPPED = Path(__file__).parents[1] / "recordings"


class ScenarioError(Exception):
    """A scenario that is not there or cannot be used; one sentence for people."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario; its case is read when it is opened."""

    name: str
    directory: Traversable
    lesson: Lesson
    ours: bool = False
    """Whether it is shipped with panicdesk."""

    @property
    def home(self) -> Path:
        """Where this user's work on it is kept. Scenarios of one name in two places are two."""
        slug = re.sub(r"[^A-Za-z0-9.+-]+", "-", self.name).strip("-.")[:60] or "scenario"
        if not self.ours:
            place = str(self.directory).encode("utf-8", "surrogateescape")
            slug = f"{slug}.{hashlib.sha256(place).hexdigest()[:8]}"
        return state_dir() / "training" / slug

    @property
    def kernel(self) -> str:
        """The release that crashed, by the recorded dump's header; empty where the case does not tell."""
        try:
            subject = load_subject(self.directory)
        except CaseError:
            return ""
        dump = dump_from_json(subject.dump)
        return dump.header.release if dump and dump.header else ""

    def case(self) -> Case:
        """The recorded case. Raises ScenarioError."""
        try:
            return Case.load(self.directory)
        except CaseError as error:
            raise ScenarioError(str(error).rstrip(".")) from error


@dataclass(frozen=True, slots=True)
class Broken:
    """A scenario that cannot be used; the others can."""

    name: str
    problem: str


def own_scenarios() -> Path:
    """Where this user's own scenarios lie; ``panicdesk lab`` puts its panics there."""
    return state_dir() / "scenarios"


def scenarios() -> tuple[Scenario | Broken, ...]:
    """All that are shipped, easiest first, then this user's own; those that cannot be used are named."""
    found: list[Scenario | Broken] = []
    for folder, ours in ((shipped(SHIPPED), True), (own_scenarios(), False)):
        places = [
            place for place in (folder.iterdir() if folder.is_dir() else ()) if (place / FILE).is_file()
        ]
        here = [load(place, ours) for place in places]
        found += sorted(here, key=lambda item: (_difficulty(item), item.name))
    return tuple(found)


def repeatable() -> dict[str, Scenario]:
    """Those that ``panicdesk lab`` can make anew, by their names."""
    known = [item for item in scenarios() if isinstance(item, Scenario)]
    return {item.name: item for item in known if item.ours and item.lesson.lab}


def load(directory: Traversable, ours: bool = False) -> Scenario | Broken:
    """The scenario in a directory, or why it cannot be used."""
    name = directory.name
    try:
        lesson = load_lesson(directory / FILE)
    except LessonError as error:
        return Broken(name, str(error))
    if not (directory / "case.json").is_file():
        return Broken(name, "has no case.json")
    return Scenario(name, directory, lesson, ours)


def find(name: str) -> Scenario:
    """A scenario by its name, or by its directory. Raises ScenarioError."""
    known = scenarios()
    for item in known:
        if item.name == name and isinstance(item, Scenario):
            return item
        if item.name == name and isinstance(item, Broken):
            raise ScenarioError(f"{name}: {item.problem}")
    if Path(name).is_dir():
        item = load(Path(name).resolve())
        if isinstance(item, Broken):
            raise ScenarioError(f"{name}: {item.problem}")
        return item
    raise ScenarioError(f"there is no scenario {name!r}; panicdesk train --list names all")


def _difficulty(item: Scenario | Broken) -> int:
    return item.lesson.difficulty if isinstance(item, Scenario) else 9
