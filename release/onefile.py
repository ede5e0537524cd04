"""``make pyz``: everything that panicdesk needs beside Python, as one zipapp that runs where nothing is installed.

What is carried are panicdesk's own floors from this tree, and the installed distributions that it requires, with their
licences. Each module is there as source, for any Python ≥ 3.11, and compiled for the Python that builds, which then
starts as fast as an installed tree. Built twice by the same Python from the same versions it is the same file.
"""

from __future__ import annotations

import argparse
import marshal
import os
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import Path
from time import gmtime

from packaging.requirements import Requirement

from release.commit import KEPT, commit

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("parsers", "rca", "tui")
SHEBANG = b"#!/usr/bin/env python3\n"
EPOCH = 315_532_800
"""1980-01-01 UTC, the earliest time that a zip file can name; SOURCE_DATE_EPOCH names another."""

_UNCHECKED = (1).to_bytes(4, "little")
"""The flags of byte code that bears its source's hash and is not checked against it."""
_COMPILED = (".so", ".pyd", ".dylib")
_INSTALLERS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "entry_points.txt")
"""Files of a distribution that tell how it was installed here, or into which scripts."""


class OneFileError(Exception):
    """The file cannot be built; the text is one sentence for people."""


def build(out: Path) -> Path:
    """Write the zipapp, executable, in place of an older one. Raises OneFileError, OSError."""
    members = {
        "__main__.py": (ROOT / "release" / "start.py").read_bytes(),
        **_own(),
        **_required(["panicdesk"]),
    }
    members |= {f"{name}c": _compiled(name, data) for name, data in members.items() if _is_module(name)}
    if made_of := commit(ROOT):
        members[KEPT.as_posix()] = f"{made_of}\n".encode("ascii")
    when = gmtime(max(EPOCH, int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH))))[:6]
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.part")
    with part.open("wb") as file:
        file.write(SHEBANG)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(members):
                entry = zipfile.ZipInfo(name, when)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system, entry.external_attr = 3, 0o100644 << 16
                archive.writestr(entry, members[name])
    part.chmod(0o755)
    return part.replace(out)


def _own() -> dict[str, bytes]:
    found = (path for floor in FLOORS for path in (ROOT / floor).rglob("*") if path.is_file())
    carried = {"LICENSE": (ROOT / "LICENSE").read_bytes()}
    for path in found:
        if "__pycache__" not in path.parts and not path.name.startswith("."):
            carried[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    return carried


def _required(names: list[str]) -> dict[str, bytes]:
    """The files of all distributions that these require, and that those require in turn, without their own."""
    carried: dict[str, bytes] = {}
    wanted = [Requirement(name) for name in names]
    seen: set[tuple[str, str]] = set()
    while wanted:
        requirement = wanted.pop()
        for extra in ("", *sorted(requirement.extras)):
            if (requirement.name.lower(), extra) in seen:
                continue
            seen.add((requirement.name.lower(), extra))
            try:
                found = distribution(requirement.name)
            except PackageNotFoundError as error:
                raise OneFileError(f"{requirement.name} is not installed beside {sys.executable}") from error
            further = map(Requirement, found.requires or ())
            wanted += [r for r in further if not r.marker or r.marker.evaluate({"extra": extra})]
            if requirement.name not in names:
                carried.update(_files(found))
    return carried


def _files(found: Distribution) -> Iterator[tuple[str, bytes]]:
    for path in found.files or ():
        if path.parts[0] == ".." or "__pycache__" in path.parts or path.name in _INSTALLERS:
            continue
        if path.suffix in _COMPILED:
            raise OneFileError(
                f"{found.name} carries compiled code ({path}): it would run on one machine only"
            )
        yield path.as_posix(), path.read_binary()


def _is_module(name: str) -> bool:
    return name.endswith(".py") and name != "__main__.py"


def _compiled(name: str, source: bytes) -> bytes:
    """The module's byte code, which is not checked against a time: inside the file nothing changes.

    Marshalled by version 2, which knows no references: whether an object is marked as referred to depends on what else
    the process holds, and the file would differ from build to build. Code of Python 3.14 needs a later version.
    """
    code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    try:
        body = marshal.dumps(code, 2)
    except ValueError as error:
        raise OneFileError(f"{name}: build with Python 3.11 to 3.13, this one's byte code varies") from error
    return MAGIC_NUMBER + _UNCHECKED + source_hash(source) + body


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m release.onefile", description="Build the one file.")
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "dist" / "panicdesk.pyz")
    try:
        out = build(parser.parse_args().out)
    except OneFileError as error:
        print(f"{error}.", file=sys.stderr)
        return 1
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    print(
        f"{out}: {out.stat().st_size / 1e6:.1f} MB, fastest with Python {version}, runs with any from 3.11 on"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
