"""What a PATH is, and how it is opened: this node, a crash directory, a vmcore, a log, a saved case, the demo."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rca.case import Case, CaseError, case_path, is_case, new_subject
from rca.report.bundle import SUFFIXES, BundleError, digest, unpack
from rca.sources.base import Source, Where
from rca.sources.folder import FolderSource
from rca.sources.node import NodeSource
from rca.sources.recording import RecordingSource
from rca.sources.saved import dump_from_json

DEMO = Path(__file__).parent / "recordings" / "mlx5-napi-null"


class OpeningError(Exception):
    """A path that cannot be opened; the text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is to be examined and from where."""

    source: Source
    where: Where
    """By which rules the steps judge; a recording is judged as what it was recorded from."""
    subject: str
    """The absolute path, or the node's name."""
    recorded: Case | None = None
    """The case that is replayed; None when the source is live."""
    vmlinux: Path | None = None
    """The user's own choice."""


def open_node(vmlinux: Path | None = None) -> Opening:
    """This machine as the node that crashed."""
    return Opening(NodeSource(), Where.NODE, socket.gethostname() or "node", vmlinux=vmlinux)


def open_path(path: Path, vmlinux: Path | None = None) -> Opening:
    """A crash directory, a vmcore, a log, a saved case or a packed one. Raises OpeningError or `rca.case.CaseError`."""
    try:
        path = path.resolve()
        there = path.exists()
    except (OSError, RuntimeError) as error:
        raise OpeningError(f"{path}: cannot be opened: {error}.") from error
    if not there:
        raise OpeningError(f"{path}: no such file or directory.")
    if path.is_dir() and is_case(path):
        return _open_case(path, vmlinux)
    if path.is_file() and path.name.endswith(SUFFIXES):
        return _open_bundle(path)
    return Opening(FolderSource(path), Where.FOLDER, str(path), vmlinux=vmlinux)


def _open_case(path: Path, vmlinux: Path | None) -> Opening:
    """A case whose dump is still there and whose home is this user's state goes on live; any other is replayed."""
    case = Case.load(path)
    subject = case.subject
    if subject.path and case_path(subject.path) == path and Path(subject.path).exists():
        return Opening(FolderSource(Path(subject.path)), Where.FOLDER, subject.path, vmlinux=vmlinux)
    return _replay(case, str(path))


def _open_bundle(path: Path) -> Opening:
    """A case that a colleague packed: laid out among this user's cases the first time, as it was left from then on."""
    try:
        name = f"{path.name}@{digest(path)}"
        home = case_path(name)
        if not is_case(home):
            unpack(path, home)
    except BundleError as error:
        raise OpeningError(str(error)) from error
    except OSError as error:
        raise OpeningError(f"{path}: cannot be unpacked: {error.strerror}.") from error
    return _replay(Case.load(home), name)


def _replay(case: Case, name: str) -> Opening:
    dump = dump_from_json(case.subject.dump)
    source = RecordingSource(case.evidence, (dump,) if dump else ())
    return Opening(source, Where(case.subject.where), name, recorded=case)


def case_of(opening: Opening, dump: str, complain: Callable[[str], None]) -> Case:
    """The case directory of what was opened: as it was left, or new. On a disk that refuses it lives in memory only.

    On this node every dump (its directory's path) has a case of its own.
    """
    live_node = opening.where is Where.NODE and opening.recorded is None
    directory = case_path(f"{opening.subject}/{dump}" if live_node else opening.subject)
    subject = new_subject(
        opening.where, "" if opening.where is Where.NODE else opening.subject, opening.source.name
    )
    try:
        return Case.load(directory) if is_case(directory) else Case.create(directory, subject)
    except CaseError as error:
        complain(f"{error} A new case is begun beside it.")
        directory = directory.with_name(f"{directory.name}.new")
        try:
            return Case.create(directory, subject)
        except OSError:
            pass
    except OSError as error:
        complain(f"The case cannot be kept on disk ({error.strerror}): nothing will be remembered.")
    return Case(directory, subject)
