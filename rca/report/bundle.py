"""A case in one file: what a ticket gets as an attachment, and what a colleague opens on another machine.

``NAME/`` holds the case's files as they lie in its directory, and the RCA as it was exported. In a redacted one every
text is; what cannot be (the crash session's raw bytes) and the key to the names stay behind.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rca.casefolder import RAW_LOG
from rca.encoding import DAMAGE
from rca.private import make_private_dir
from rca.report.form import Form
from rca.report.formfile import form_to_json
from rca.report.redaction.redactor import FILE as REDACTION_KEY
from rca.report.redaction.redactor import Redactor

SUFFIXES = (".tar.gz", ".tgz")
_LEVEL = 1
"""Of gzip: a kernel log shrinks to a sixth at this one, and three times faster than at the usual."""
_MEMBER = re.compile(
    r"(?!\.{1,2}/)[\w.+-]+/(?:(?:case|verdicts|form|desk|redaction|own|archived)\.json|audit\.jsonl"
    r"|crash\.raw|rca\.[a-z.-]+"
    r"|evidence/[\w.+-]+\.(?:json|txt))"
)
_MOST_FILES = 10_000
_MOST_BYTES = 2 << 30


class BundleError(Exception):
    """A bundle that cannot be opened; the text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is put in beside the case's own."""

    name: str
    """``rca.md``."""
    text: str


def pack(
    case: Path, out: Path, form: Form, attached: Iterable[Attachment], redactor: Redactor | None = None
) -> None:
    """Write a case, its form as given and attachments as a gzipped tar, whole or not at all, 0600. Raises OSError."""
    if not (case / "case.json").is_file():
        raise FileNotFoundError(errno.ENOENT, "the case is not on disk and cannot be packed", str(case))
    top = re.sub(r"[^\w.+-]", "-", case.name if redactor is None else "case")
    handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name[:40]}.")
    try:
        with (
            os.fdopen(handle, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as tar,
        ):
            for name, data in _files(case, form, redactor):
                _add(tar, f"{top}/{name}", data)
            for item in attached:
                _add(tar, f"{top}/{item.name}", item.text.encode("utf-8", "replace"))
        Path(temporary).replace(out)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def unpack(bundle: Path, directory: Path) -> None:
    """Lay a bundle out as a case's directory that does not exist yet.

    Nothing but the plain files of a case is taken, and nothing outside of the directory is written: a bundle may come
    from anywhere.

    Raises:
        BundleError: It is none, or holds what no case holds.
        OSError: The directory cannot be written.
    """
    make_private_dir(directory.parent)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".opening.") as folder:
        try:
            with tarfile.open(bundle, "r:gz") as tar:
                for member in _checked(bundle, tar):
                    _lay(tar, member, Path(folder))
                while tar.fileobj and tar.fileobj.read(1 << 20):
                    pass  # tarfile stops where a header is garbage: the checksum of all stands at the end
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
            raise BundleError(f"{bundle}: not a case that panicdesk packed, or damaged: {error}.") from error
        tops = list(Path(folder).iterdir())
        if len(tops) != 1 or not (tops[0] / "case.json").is_file():
            raise BundleError(f"{bundle}: holds no case.")
        make_private_dir(tops[0] / "evidence")
        shutil.move(tops[0], directory)


def digest(bundle: Path) -> str:
    """What a bundle is known by: the same bytes are the same case. Raises OSError."""
    with bundle.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _checked(bundle: Path, tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    size = 0
    for number, member in enumerate(tar, 1):
        size += member.size
        if number > _MOST_FILES or size > _MOST_BYTES:
            raise BundleError(
                f"{bundle}: larger than any case ({_MOST_BYTES >> 30} GiB, {_MOST_FILES} files)."
            )
        if not member.isreg() or not _MEMBER.fullmatch(member.name):
            raise BundleError(f"{bundle}: holds {member.name!r}, which is no part of a case.")
        yield member


def _lay(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    path = folder / member.name
    make_private_dir(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(tar.extractfile(member) or io.BytesIO(), file)


def _files(case: Path, form: Form, redactor: Redactor | None) -> Iterator[tuple[str, bytes]]:
    """case.json first: by it an archive is known as a case without reading it to the end."""
    kept = form_to_json(form)
    first = [case / "case.json", *(path for path in sorted(case.glob("*.json*")) if path.name != "case.json")]
    for path in (*first, *sorted(case.glob("evidence/*")), case / RAW_LOG):
        name = path.relative_to(case).as_posix()
        known = path.is_file() and not path.is_symlink() and _MEMBER.fullmatch(f"case/{name}")
        if not known or name == "form.json" or (redactor and name in (REDACTION_KEY, RAW_LOG)):
            continue
        if path.suffix == ".json":
            try:
                yield name, _json(path, redactor)
            except DAMAGE:
                if (
                    redactor is None
                ):  # damaged: handed on as it is, for who can still read something out of it
                    yield name, path.read_bytes()
        elif redactor:
            yield (
                name,
                redactor(path.read_text(encoding="utf-8", errors="replace")).encode("utf-8", "replace"),
            )
        else:
            yield name, path.read_bytes()
    yield "form.json", _bytes(redactor.value(kept) if redactor else kept)


def _json(path: Path, redactor: Redactor | None) -> bytes:
    data = json.loads(path.read_bytes())
    if path.name == "case.json":
        data["path"] = ""  # elsewhere the case is a recording, whatever lies there under that path
    return _bytes(redactor.value(data) if redactor else data)


def _bytes(data: object) -> bytes:
    return json.dumps(data, indent=1, ensure_ascii=False).encode("utf-8", "replace")


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    info.mode = 0o600
    tar.addfile(info, io.BytesIO(data))
