"""The commands that hand evidence on: collect puts a node's into a bundle, archive puts a dump and its case away."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tui.saying import complain

if TYPE_CHECKING:
    from rca.archive import Archived, Depot
    from rca.audit import Audit
    from rca.sources.runs import Runs


def collect(out: Path, path: Path | None, sudo: bool) -> int:
    """Put all evidence of a node into a bundle."""
    from rca.casefolder import CaseError
    from rca.collect import collect as ask
    from rca.collect import save_bundle
    from rca.opening import OpeningError, open_node, open_path
    from rca.steps.common import count

    try:
        opening = open_path(path, sudo=sudo) if path else open_node(sudo=sudo)
        facts = ask(opening.source)
        save_bundle(facts, out.absolute())
    except (OpeningError, CaseError) as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"{out}: cannot be written: {error.strerror or error}")
    held = sum(1 for item in facts.evidence.values() if item.lines)
    print(f"{out}: {count(held, 'piece')} of evidence. Open it with: panicdesk {out}")
    return 0


def archive(path: Path, destination: str, remove: bool) -> int:
    """Copy a crash directory and its case to a directory or a node; with `remove`, ask and then take the dump away."""
    from rca.archive import ArchiveError
    from rca.archive import archive as put_away
    from rca.audit import Audit
    from rca.case import Case
    from rca.casefolder import find_case
    from rca.opening import SSH
    from rca.sources.runs import Runs
    from rca.steps.common import count

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
    from rca.archive import ArchiveError, LocalDepot, SshDepot
    from rca.sources.link import SCHEME, Link, parse_target

    if not remote:
        return LocalDepot(Path(destination)), lambda: None
    host, _, place = destination.removeprefix(SCHEME).partition("/")
    target = parse_target(f"{SCHEME}{host}")
    if target is None or not place:
        raise ArchiveError(f"{destination}: write ssh://USER@HOST/DIRECTORY.")
    link = Link(target, runs=runs)
    return SshDepot(link, PurePosixPath("/", place)), link.close


def _remove(done: Archived, folder: Path, audit: Audit | None) -> int:
    from rca.archive import ArchiveError, remove
    from rca.encoding import iso

    print(f"Remove {folder}? Its copy is {done.place}. Type yes: ", end="", flush=True)
    if sys.stdin.readline().strip() != "yes":
        print("Nothing was removed.")
        return 0
    try:
        remove(done, folder)
    except ArchiveError as error:
        return complain(str(error))
    if audit:
        audit.removed(str(folder), "this machine", iso(datetime.now(UTC)))
    print(f"{folder} is removed.")
    return 0
