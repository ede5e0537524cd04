"""What a PATH is, and how it is opened: this node, a crash directory, a vmcore, a log, a saved case, the demo."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

from rca.case import Case, case_path, is_case
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
    """A crash directory, a vmcore, a log, or a saved case. Raises OpeningError or `rca.case.CaseError`."""
    try:
        path = path.resolve()
        there = path.exists()
    except (OSError, RuntimeError) as error:
        raise OpeningError(f"{path}: cannot be opened: {error}.") from error
    if not there:
        raise OpeningError(f"{path}: no such file or directory.")
    if path.is_dir() and is_case(path):
        return _open_case(path, vmlinux)
    return Opening(FolderSource(path), Where.FOLDER, str(path), vmlinux=vmlinux)


def _open_case(path: Path, vmlinux: Path | None) -> Opening:
    """A case whose dump is still there and whose home is this user's state goes on live; any other is replayed."""
    case = Case.load(path)
    subject = case.subject
    if subject.path and case_path(subject.path) == path and Path(subject.path).exists():
        return Opening(FolderSource(Path(subject.path)), Where.FOLDER, subject.path, vmlinux=vmlinux)
    dump = dump_from_json(subject.dump)
    source = RecordingSource(case.evidence, (dump,) if dump else ())
    return Opening(source, Where(subject.where), str(path), recorded=case)
