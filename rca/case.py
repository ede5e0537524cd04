"""Case: everything known about one crash, as a directory of plain files, saved as it changes.

    case.json            what is examined, and the schema's number
    evidence/ID.json     one piece of evidence: its origin …
    evidence/ID.txt      … and its text, clean
    verdicts.json        the steps' badges
    own.json             the badges that a person gave
    archived.json        where the dump was put away
    form.json            the RCA form, as it was last typed
    desk.json            where the person was: selected step, command history
    crash.raw            the crash session's bytes as they came
    passages/NAME.txt    lines that a person wrote out of the transcript or of evidence

A recording, a demo and a saved case are all this. The text of a piece of evidence is written before its JSON, so that
an entry whose JSON exists is whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.text import to_lines, visible
from rca.casefolder import CaseError
from rca.encoding import DAMAGE, citations, from_iso, plain
from rca.evidence import Evidence, Kind, now
from rca.private import make_private_dir, write_private
from rca.report.form import Form
from rca.report.formfile import form_from_json, form_to_json
from rca.sources.base import Where
from rca.verdict import Badge, OwnVerdict, Verdict, own_verdict

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SCHEMA = 1
_DESK = {"history": list, "place": dict, "bare": dict}
"""What the entries of ``desk.json`` are; a damaged one is left out."""
_NAME = re.compile(r"([\w.+-]+)\.json", re.ASCII)
"""Of an entry in ``evidence/``; another file there is none of ours."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the case is about."""

    where: str
    """`rca.sources.base.Where` as text."""
    path: str
    """The path that was opened, empty for this node."""
    source_name: str
    created: datetime
    dump: Mapping[str, Any] = field(default_factory=dict)
    """The chosen dump as plain JSON: enough to show it without the vmcore."""
    crash: Mapping[str, Any] = field(default_factory=dict)
    """Which crash and vmlinux opened it: ``program``, ``vmlinux``, ``vmlinux_problem``."""
    dumps: tuple[Mapping[str, Any], ...] = ()
    """All dumps that were found, the chosen one among them, where several were."""


def load_subject(directory: Traversable) -> Subject:
    """What the case in a directory examines, without its evidence. Raises CaseError."""
    try:
        data = json.loads((directory / "case.json").read_text(encoding="utf-8"))
        if data["schema"] > SCHEMA:
            raise CaseError(f"{directory} was saved by a newer panicdesk (schema {data['schema']}).")
        return Subject(
            where=Where(data["where"]),
            path=str(data["path"]),
            source_name=str(data["source_name"]),
            created=from_iso(data["created"]),
            dump=dict(data.get("dump") or {}),
            crash=dict(data.get("crash") or {}),
            dumps=tuple(dict(dump) for dump in data.get("dumps") or ()),
        )
    except OSError as error:
        raise CaseError(f"{directory}: cannot read case.json: {error.strerror}.") from error
    except DAMAGE as error:
        raise CaseError(
            f"{directory}/case.json is damaged ({error}); the evidence beside it is intact."
        ) from error


class Case:
    """One open case directory. Not thread-safe: the investigation's own thread is its only writer."""

    def __init__(self, directory: Path, subject: Subject) -> None:
        """Take a directory as it is; use `create` or `load`."""
        self.directory = directory
        self.subject = subject
        self.evidence: dict[str, Evidence] = {}
        self.verdicts: dict[int, Verdict] = {}
        self.own: dict[int, OwnVerdict] = {}
        self.archived = ""
        self.form = Form()
        self.desk: dict[str, Any] = {}

    @classmethod
    def create(cls, directory: Path, subject: Subject) -> Case:
        """Make a new case directory. Raises OSError."""
        make_private_dir(directory / "evidence")
        case = cls(directory, subject)
        case.save_subject(subject)
        return case

    @classmethod
    def load(cls, directory: Traversable) -> Case:
        """Read a case back. A damaged piece is left out, a missing case.json raises CaseError.

        One that is shipped inside a zip file can be read, never written.
        """
        case = cls(Path(str(directory)), load_subject(directory))
        for id_ in _kept(directory / "evidence"):
            if evidence := _read_evidence(directory / "evidence", id_):
                case.evidence[id_] = evidence
        case.verdicts = _read_verdicts(directory / "verdicts.json")
        case.own = read_own(directory / "own.json")
        case.archived = str(_read_object(directory / "archived.json").get("place", ""))
        case.form = form_from_json(_read_json(directory / "form.json"))
        case.desk = _read_desk(directory / "desk.json")
        return case

    def save_subject(self, subject: Subject) -> None:
        """Write case.json. Raises OSError."""
        self.subject = subject
        _write_json(self.directory / "case.json", {"schema": SCHEMA, **plain(subject)})

    def put(self, evidence: Evidence) -> Evidence:
        """Save a piece of evidence and remember it; returns it as kept.

        Text that an earlier citation may point at is never overwritten: where the id is taken by another text, the
        older one stays under ``ID.1``, ``ID.2`` … Raises OSError.
        """
        older = self.evidence.get(evidence.id)
        if older and older.lines and older.lines != evidence.lines:
            number = 1
            while f"{evidence.id}.{number}" in self.evidence:
                number += 1
            self._write(replace(older, id=f"{evidence.id}.{number}"))
        self._write(evidence)
        return evidence

    def _write(self, evidence: Evidence) -> None:
        directory = make_private_dir(self.directory / "evidence")
        text = evidence.text
        write_private(directory / f"{evidence.id}.txt", text + "\n" if evidence.lines else "")
        head = plain(replace(evidence, lines=()))
        del head["lines"]
        _write_json(directory / f"{evidence.id}.json", head)
        self.evidence[evidence.id] = evidence

    def save_verdicts(self, verdicts: Mapping[int, Verdict]) -> None:
        """Write the badges. Raises OSError."""
        self.verdicts = dict(verdicts)
        _write_json(self.directory / "verdicts.json", plain(self.verdicts))

    def save_own(self, number: int, own: OwnVerdict | None) -> None:
        """Write what a person decided about a step; None takes it back. Raises OSError."""
        kept = {n: given for n, given in self.own.items() if n != number}
        self.own = kept if own is None else {**kept, number: own}
        _write_json(self.directory / "own.json", plain(self.own))

    def save_archived(self, place: str) -> None:
        """Write where the dump was put away. Raises OSError."""
        self.archived = place
        _write_json(self.directory / "archived.json", {"place": place})

    def save_form(self, form: Form) -> None:
        """Write the form. Raises OSError."""
        self.form = form
        _write_json(self.directory / "form.json", form_to_json(form))

    def save_desk(self, desk: dict[str, Any]) -> None:
        """Write where the person is. Raises OSError."""
        self.desk = desk
        _write_json(self.directory / "desk.json", desk)


def _write_json(path: Path, value: object) -> None:
    write_private(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def _read_json(path: Traversable) -> Any:
    """What a JSON file holds; None where it is missing or damaged, or nested to make us fall."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, *DAMAGE):
        return None


def _read_object(path: Traversable) -> dict[str, Any]:
    data = _read_json(path)
    return data if isinstance(data, dict) else {}


def _read_desk(path: Traversable) -> dict[str, Any]:
    found = _read_object(path)
    return {name: value for name, value in found.items() if isinstance(value, _DESK.get(name, object))}


def _kept(folder: Traversable) -> list[str]:
    """The ids of the evidence in a folder, in their order; none where there is no folder."""
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError:
        return []
    return sorted(found[1] for name in names if (found := _NAME.fullmatch(name)))


def _read_evidence(folder: Traversable, id_: str) -> Evidence | None:
    data = _read_json(folder / f"{id_}.json")
    try:
        return Evidence(
            id=id_,
            kind=Kind(data["kind"]),
            what=visible(str(data["what"])),
            where=visible(str(data["where"])),
            started=from_iso(data["started"]),
            lines=to_lines((folder / f"{id_}.txt").read_bytes()),
            seconds=float(data["seconds"]),
            exit_status=data["exit_status"],
            problem=visible(str(data["problem"])),
            truncated=bool(data["truncated"]),
        )
    except (OSError, *DAMAGE):
        return None


def _read_verdicts(path: Traversable) -> dict[int, Verdict]:
    verdicts: dict[int, Verdict] = {}
    for number, item in _read_object(path).items():
        try:
            verdicts[int(number)] = Verdict(
                badge=Badge(item["badge"]),
                summary=str(item["summary"]),
                citations=citations(item["citations"]),
                remedy=str(item["remedy"]),
                details=tuple(str(line) for line in item["details"]),
            )
        except DAMAGE:
            continue
    return verdicts


def read_own(path: Traversable) -> dict[int, OwnVerdict]:
    """What a person decided about steps, by the step's number; what is damaged is left out."""
    given: dict[int, OwnVerdict] = {}
    for number, item in _read_object(path).items():
        try:
            when = from_iso(item["when"])
            given[int(number)] = own_verdict(Badge(item["badge"]), str(item["note"]), when, str(item["by"]))
        except DAMAGE:
            continue
    return given


def new_subject(where: str, path: str, source_name: str) -> Subject:
    """A subject that begins now."""
    return Subject(where, path, source_name, now())
