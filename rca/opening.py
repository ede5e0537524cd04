"""What a PATH is, and how it is opened: a node (this one, or over ssh), a folder, a dump, a log, a case, the demo.

Each way in imports its own source when it is taken: whoever opens a crash directory waits for no archive and no ssh.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rca.casefolder import case_path, is_case
from rca.shipped import shipped
from rca.sources.base import Source, Where
from rca.sources.folder import FolderSource
from rca.sources.kinds import is_archive, is_sosreport
from rca.sources.runs import Runs

if TYPE_CHECKING:
    from rca.case import Case

SSH = "ssh:"
"""First part of an ssh URL that was read as a path."""
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
    runs: Runs = field(default_factory=Runs)
    """Hears of what is run beside the probes."""
    mark: str = ""
    """The word that every export bears; empty for a real case."""


def open_node(vmlinux: Path | None = None, *, sudo: bool = False) -> Opening:
    """This machine as the node that crashed."""
    import socket

    from rca.sources.node import NodeSource

    runs = Runs()
    source = NodeSource(sudo=sudo, runs=runs)
    return Opening(source, Where.NODE, socket.gethostname() or "node", vmlinux=vmlinux, runs=runs)


def open_demo() -> Opening:
    """The recorded case that is shipped, also from where it is no directory on a disk."""
    from rca.case import Case
    from rca.report import marking

    return _replay(Case.load(shipped(DEMO)), str(DEMO), marking.DEMO)


def open_path(path: Path, vmlinux: Path | None = None, *, sudo: bool = False) -> Opening:
    """A crash directory, a vmcore, a log, a saved case, or ``ssh://`` and a node.

    Raises OpeningError or `rca.case.CaseError`.
    """
    if path.parts[:1] == (SSH,):
        return _open_ssh(path, vmlinux, sudo)
    try:
        path = path.resolve()
        there = path.exists()
    except (OSError, RuntimeError) as error:
        raise OpeningError(f"{path}: cannot be opened: {error}.") from error
    if not there:
        raise OpeningError(f"{path}: no such file or directory.")
    if path.is_dir() and is_case(path):
        return _open_case(path, vmlinux)
    if path.is_dir() and is_sosreport(path):
        from rca.sources.sosreport import SosSource

        return Opening(SosSource(path), Where.FOLDER, str(path), vmlinux=vmlinux)
    if path.is_file() and is_archive(path):
        return _open_archive(path, vmlinux)
    return Opening(FolderSource(path), Where.FOLDER, str(path), vmlinux=vmlinux)


def _open_ssh(path: Path, vmlinux: Path | None, sudo: bool) -> Opening:
    """A node by its URL, which as a path has lost one of its slashes."""
    from rca.sources.link import SCHEME, parse_target
    from rca.sources.ssh import SshSource

    url = f"{SCHEME}{'/'.join(path.parts[1:])}"
    target = parse_target(url)
    if target is None:
        raise OpeningError(f"{url}: write ssh://HOST, ssh://USER@HOST or ssh://USER@HOST:PORT.")
    runs = Runs()
    source = SshSource(target, sudo=sudo, runs=runs)
    return Opening(source, Where.NODE, str(target), vmlinux=vmlinux, runs=runs)


def _open_case(path: Path, vmlinux: Path | None) -> Opening:
    """A case whose dump is still there and whose home is this user's state goes on live; any other is replayed."""
    from rca.case import Case
    from rca.report import marking
    from rca.training.lessonfile import FILE as LESSON

    case = Case.load(path)
    subject = case.subject
    if subject.path and case_path(subject.path) == path and Path(subject.path).exists():
        return Opening(FolderSource(Path(subject.path)), Where.FOLDER, subject.path, vmlinux=vmlinux)
    practice = marking.TRAINING if (path / LESSON).is_file() else ""
    return _replay(case, str(path), marking.DEMO if path == DEMO.resolve() else practice)


def _replay(case: Case, opened: str, mark: str = "") -> Opening:
    from rca.sources.recording import RecordingSource
    from rca.sources.saved import dump_from_json

    kept = case.subject.dumps or (case.subject.dump,)
    dumps = tuple(dump for data in kept if (dump := dump_from_json(data)))
    source = RecordingSource(case.evidence, dumps)
    return Opening(source, Where(case.subject.where), opened, recorded=case, mark=mark)


def _open_archive(path: Path, vmlinux: Path | None) -> Opening:
    """A case that was packed is laid out among the user's cases once, and goes on from there; all else stays packed."""
    from rca.case import Case
    from rca.report.bundle import BundleError, digest, unpack
    from rca.sources.archive import DAMAGED, ArchiveSource, first_member

    try:
        first = first_member(path)
    except DAMAGED as error:
        reason = str(error).partition("\n")[0].rstrip(":.")  # tarfile says more, a line for each compression
        raise OpeningError(f"{path}: is damaged or no archive: {reason}.") from error
    if Path(first).name != "case.json":
        return Opening(ArchiveSource(path), Where.FOLDER, str(path), vmlinux=vmlinux)
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
