"""Keeper: saves one case as it changes, and says what the disk refuses. Nothing in it raises."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rca.audit import Audit, broken_at
from rca.case import Case, new_subject
from rca.casefolder import CaseError, case_path, is_case
from rca.encoding import iso, plain
from rca.evidence import Evidence, now
from rca.opening import Opening
from rca.private import lock_private
from rca.report.form import Form
from rca.sources.base import Dump, Where
from rca.sources.runs import Ran
from rca.steps.base import CrashFacts
from rca.verdict import OwnVerdict, Verdict

Complain = Callable[[str], None]
_LOCK = ".lock"


class Keeper:
    """One open case and what happens to it on disk. Used by the investigation's own thread only, but for `ran`."""

    def __init__(self, case: Case, complain: Complain) -> None:
        """`complain` takes one sentence for people; `hold` and `close` bracket the work."""
        self.case = case
        self._complain = complain
        self._audit = Audit(case.directory)
        self._lock: int | None = None
        self.trouble = ""
        """Why the newest change is not on disk; empty when it is."""

    def put(self, evidence: Iterable[Evidence], *, new: bool) -> None:
        """Keep pieces of evidence, those that are not kept already; `new` ones, obtained just now, are audited too."""
        for item in evidence:
            if self.case.evidence.get(item.id) != item:
                with self._trouble("Evidence"):
                    self.case.put(item)
                if new:
                    with self._trouble("The audit"):
                        self._audit.record(item)

    def note(self, what: str, remark: str, when: datetime | None = None) -> None:
        """Put into the audit what was refused, switched or typed in the bare terminal, or is about to run although it
        is not safe; `when` is now, unless it is given."""
        with self._trouble("The audit"):
            self._audit.note(what, remark, self.case.subject.source_name, iso(when or now()))

    def ran(self, program: Ran) -> None:
        """Note a program that was run beside the probes. May be called from any thread."""
        with self._trouble("The audit"):
            self._audit.ran(program)

    def own(self, number: int, own: OwnVerdict | None) -> None:
        """Keep what a person decided about a step; None takes it back."""
        with self._trouble("Your verdict"):
            self.case.save_own(number, own)

    def dump(self, dump: Dump | None) -> None:
        """Keep which dump the case is about."""
        with self._trouble("The case"):
            self.case.save_subject(replace(self.case.subject, dump=plain(dump) if dump else {}))

    def crash(self, found: CrashFacts | Mapping[str, Any]) -> None:
        """Keep which crash and vmlinux open the dump."""
        if isinstance(found, CrashFacts):
            names = ("program", "vmlinux", "vmlinux_problem")
            found = {name: getattr(found, name) for name in names}
        with self._trouble("The case"):
            self.case.save_subject(replace(self.case.subject, crash=found))

    def form(self, form: Form) -> None:
        """Keep the form."""
        with self._trouble("The form"):
            self.case.save_form(form)

    def verdicts(self, verdicts: Mapping[int, Verdict]) -> None:
        """Keep the badges."""
        with self._trouble("The badges"):
            self.case.save_verdicts(verdicts)

    def desk(self, name: str, value: object) -> None:
        """Keep where the person is: ``history``, ``place``, ``safe``."""
        if self.case.desk.get(name) != value:
            with self._trouble("Where you are"):
                self.case.save_desk({**self.case.desk, name: value})

    def hold(self) -> bool:
        """Keep other windows off this case until `close`. False when one has it already."""
        try:
            self._lock = lock_private(self.case.directory / _LOCK)
        except BlockingIOError:
            return False
        except OSError:  # a disk that refuses even this has its own sentences
            pass
        return True

    def close(self) -> None:
        """Let others have the case."""
        with self._trouble("The audit"):
            self._audit.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextlib.contextmanager
    def _trouble(self, what: str) -> Iterator[None]:
        try:
            yield
            self.trouble = ""
        except OSError as error:
            self.trouble = f"{what} cannot be kept on disk: {error.strerror or error}"
            self._complain(self.trouble)


def keeper_of(opening: Opening, dump: str, complain: Complain) -> Keeper:
    """The case of what was opened: as it was left, or new.

    Every dump (its directory's path) has a case of its own, however it was reached. Where the state directory refuses,
    the case is kept in a temporary directory, and that is said.
    """
    node = opening.where is Where.NODE and opening.recorded is None
    several = not node and dump and opening.recorded is None and Path(opening.subject).is_dir()
    path = dump if several else opening.subject
    directory = case_path(f"{opening.subject}/{dump}" if node else path)
    subject = new_subject(opening.where, "" if node else path, opening.source.name)
    for place in (directory, directory.with_name(f"{directory.name}.new")):
        try:
            case = Case.load(place) if is_case(place) else Case.create(place, subject)
            break
        except CaseError as error:
            complain(f"{error} It is left as it is, and the case goes on beside it.")
        except OSError as error:
            complain(f"{place} cannot be written ({error.strerror}).")
            case = _elsewhere(Case(place, subject), complain)
            break
    else:
        case = _elsewhere(Case(directory, subject), complain)
    if broken := broken_at(case.directory):
        complain(
            f"The audit is broken at entry {broken}: it, or one before it, was changed, cut or taken out."
        )
    keeper = Keeper(case, complain)
    if not keeper.hold():
        keeper = Keeper(_copy(case, complain), complain)
    if opening.recorded is None:
        opening.runs.listen(keeper.ran)
    return keeper


def _copy(case: Case, complain: Complain) -> Case:
    complain("This case is open in another window of panicdesk. What is done here goes into a copy.")
    copy = _elsewhere(Case(case.directory, case.subject), complain)
    with contextlib.suppress(OSError, CaseError):
        shutil.copytree(
            case.directory, copy.directory, dirs_exist_ok=True, ignore=shutil.ignore_patterns(_LOCK)
        )
        copy = Case.load(copy.directory)
    return copy


def _elsewhere(case: Case, complain: Complain) -> Case:
    try:
        case = Case.create(Path(tempfile.mkdtemp(prefix="panicdesk.")), case.subject)
        complain(f"This case is kept in {case.directory} until somebody clears that: export the RCA.")
    except OSError as error:
        complain(f"No other place takes it either ({error.strerror}): nothing will be remembered.")
    return case
