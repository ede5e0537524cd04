"""``panicdesk archive``: a dump and its case are put away, and after a yes the dump is removed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from rca.archive import Archived, ArchiveError, Depot, LocalDepot, SshDepot
from rca.archive import archive as put_away
from rca.archive import remove as take_away
from rca.audit import Audit
from rca.case import Case
from rca.casefolder import find_case
from rca.encoding import iso
from rca.evidence import now
from rca.opening import SSH
from rca.sources.link import SCHEME, Link, parse_target
from rca.sources.runs import Runs
from rca.steps.common import count
from tui.saying import complain


def archive(path: Path, destination: str, remove: bool) -> int:
    """Copy a crash directory and its case to a directory or a node; with `remove`, ask and then take the dump away."""
    folder = path.resolve()
    if not folder.is_dir():
        return complain(f"{path}: is no directory; name one crash directory")
    case = find_case(folder)
    folders = [("dump", folder), *([("case", case)] if case else [])]
    audit, runs = Audit(case) if case else None, Runs()
    with tempfile.TemporaryDirectory(prefix="panicdesk-") as scratch:
        try:
            depot, close = _depot(destination, destination.startswith(SSH), runs)
            try:
                done = put_away(folders, depot, folder.name, Path(scratch))
            finally:
                close()
                if audit:
                    runs.listen(audit.ran)  # only now: the case that was copied must not change meanwhile
        except ArchiveError as error:
            return complain(str(error))
    files = count(len(done.files), "file")
    print(f"{done.place}: {files}, {done.size} bytes, each read back and the same.")
    if case:
        Case.load(case).save_archived(done.place)
    else:
        print("There is no case of this dump here; only the dump was put away.")
    return _remove(done, folder, audit) if remove else 0


def _depot(destination: str, remote: bool, runs: Runs) -> tuple[Depot, Callable[[], None]]:
    if not remote:
        return LocalDepot(Path(destination)), lambda: None
    host, _, place = destination.removeprefix(SCHEME).partition("/")
    target = parse_target(f"{SCHEME}{host}")
    if target is None or not place:
        raise ArchiveError(f"{destination}: write ssh://USER@HOST/DIRECTORY.")
    link = Link(target, runs=runs)
    return SshDepot(link, PurePosixPath("/", place)), link.close


def _remove(done: Archived, folder: Path, audit: Audit | None) -> int:
    print(f"Remove {folder}? Its copy is {done.place}. Type yes: ", end="", flush=True)
    if sys.stdin.readline().strip() != "yes":
        print("Nothing was removed.")
        return 0
    try:
        take_away(done, folder)
    except ArchiveError as error:
        return complain(str(error))
    if audit:
        audit.removed(str(folder), "this machine", iso(now()))
    print(f"{folder} is removed.")
    return 0
