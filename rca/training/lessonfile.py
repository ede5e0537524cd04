"""Reading a lesson from TOML. Whatever is wrong is named: the table, the key and what was expected there."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from parsers.text import visible
from rca.diagnosis.kinds import KINDS
from rca.diagnosis.model import Confidence
from rca.report.form import FIELDS, FURTHER
from rca.training.lesson import Cited, Expert, Lesson, LessonStep, Misread, Overclaim, Point

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FILE = "lesson.toml"
RUNGS = ("where to look", "which field", "which command", "the answer with its reason")
_LARGEST = 1 << 20
"""Bytes; more is no lesson."""
T = TypeVar("T")


class LessonError(ValueError):
    """A lesson that cannot be used; one sentence that names the place."""


class _Table:
    """A table of the file, whose keys are taken one by one; what is left over is unknown."""

    def __init__(self, name: str, data: object) -> None:
        if not isinstance(data, dict):
            raise LessonError(f"{name}: must be a table")
        self.name = name
        self._data: dict[str, Any] = dict(data)

    def _take(self, key: str, kind: type[T], what: str, default: T | None) -> T:
        value = self._data.pop(key, default)
        if value is None:
            raise LessonError(f"{self.name}: no {key}")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise LessonError(f"{self.name}: {key} must be {what}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text of one or more lines, controls visible."""
        value = visible(self._take(key, str, "a text", default).strip())
        if not value and default is None:
            raise LessonError(f"{self.name}: {key} is empty")
        return value

    def number(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self._take(key, int, "a whole number", default)
        if not low <= value <= high:
            raise LessonError(f"{self.name}: {key} must be from {low} to {high}, not {value}")
        return value

    def texts(self, key: str, least: int = 0) -> tuple[str, ...]:
        value = self._take(key, list, "a list of texts", None if least else [])
        return _texts(value, f"{self.name}: {key}", least)

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts, neither empty."""
        value = self._take(key, list, "a list of lists of texts", None)
        if not value:
            raise LessonError(f"{self.name}: {key} is empty")
        return tuple(_texts(item, f"{self.name}: {key} {n}", 1) for n, item in enumerate(value, 1))

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise LessonError(f"{self.name}: {key} must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def tables(self, key: str, read: Callable[[_Table], T], least: int = 0) -> tuple[T, ...]:
        value = self._take(key, list, f"tables [[{key}]]", None if least else [])
        if len(value) < least:
            raise LessonError(f"{self.name}: no {key}")
        return tuple(
            read_whole(_Table(f"{self.name}{key} {n}", item), read) for n, item in enumerate(value, 1)
        )

    def table(self, key: str, read: Callable[[_Table], T]) -> T:
        return read_whole(_Table(key, self._take(key, dict, "a table", None)), read)

    def whole(self) -> None:
        """Complain about keys that nobody took."""
        if self._data:
            raise LessonError(f"{self.name}: unknown key {sorted(self._data)[0]!r}")


def read_whole(table: _Table, read: Callable[[_Table], T]) -> T:
    """Read a table of which no key may be left."""
    value = read(table)
    table.whole()
    return value


def read_lesson(text: str) -> Lesson:
    """A lesson from TOML. Raises LessonError."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LessonError(f"is no TOML: {error}") from error
    return read_whole(_Table("", data), _lesson)


def load_lesson(path: Traversable) -> Lesson:
    """The lesson in a file. Raises LessonError, beginning with the file's name."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise LessonError("is larger than 1 MiB")
        return read_lesson(raw.decode("utf-8"))
    except OSError as error:
        raise LessonError(f"{path.name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LessonError(f"{path.name}: is no UTF-8 text") from error
    except LessonError as error:
        raise LessonError(f"{path.name}: {str(error).removeprefix(': ')}") from error


def _lesson(table: _Table) -> Lesson:
    return Lesson(
        title=table.text("title"),
        difficulty=table.number("difficulty", 1, 3),
        minutes=table.number("minutes", 1, 240),
        kind=table.one_of("kind", tuple(KINDS)),
        trap=table.text("trap"),
        story=table.text("story"),
        source=table.text("source"),
        steps=table.tables("step", _step, least=1),
        expert=table.table("expert", _expert),
        lab=table.text("lab", ""),
    )


def _step(table: _Table) -> LessonStep:
    choices = table.texts("choices", least=2)
    hints = table.texts("hints")
    if len(hints) != len(RUNGS):
        raise LessonError(
            f"{table.name}: hints must be {len(RUNGS)}: {', '.join(RUNGS)}; there are {len(hints)}"
        )
    return LessonStep(
        name=table.text("name"),
        ask=table.text("ask"),
        choices=choices,
        right=table.number("right", 1, len(choices)) - 1,
        why=table.text("why"),
        task=table.text("task"),
        commands=table.texts("commands"),
        proofs=tuple(
            tuple(_cited(text, f"{table.name}: proofs {n}") for text in proof)
            for n, proof in enumerate(table.groups("proofs"), 1)
        ),
        confidence=_confidence(table),
        hints=hints,
        misreads=table.tables("misread", _misread),
        adds=tuple(_cited(text, f"{table.name}: adds") for text in table.texts("adds")),
        opens=table.texts("opens"),
        points=table.number("points", 1, 100, 10),
    )


def _misread(table: _Table) -> Misread:
    return Misread(_cited(table.text("line"), table.name), table.text("note"))


def _expert(table: _Table) -> Expert:
    return Expert(
        confidence=_confidence(table),
        points=table.tables("point", _point, least=1),
        overclaims=table.tables("overclaim", _overclaim),
        worth=table.number("worth", 1, 100, 40),
    )


def _point(table: _Table) -> Point:
    field = table.one_of("field", FIELDS + FURTHER)
    return Point(table.text("about"), field, table.text("says"), table.groups("words"))


def _overclaim(table: _Table) -> Overclaim:
    return Overclaim(table.one_of("field", FIELDS + FURTHER), table.texts("words", 1), table.text("note"))


def _confidence(table: _Table) -> Confidence:
    return Confidence(table.one_of("confidence", tuple(Confidence)))


def _cited(text: str, name: str) -> Cited:
    evidence, colon, says = text.partition(":")
    if not colon or not evidence.strip() or not says.strip():
        raise LessonError(f"{name}: {text!r} is no line; write EVIDENCE: PART OF THE LINE")
    return Cited(evidence.strip(), says.strip())


def _texts(value: object, name: str, least: int) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise LessonError(f"{name} must be a list of texts, none empty")
    if len(value) < least:
        raise LessonError(f"{name} needs {least} or more")
    return tuple(visible(item.strip()) for item in value)
