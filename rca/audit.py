"""The audit: every command that ran, in a file of the case that only ever grows.

    audit.jsonl    one JSON object a line, the oldest first

An entry's number is its line. Each carries the hash of the line before it, so that a line that was changed or taken out
later shows.

A look that is repeated every few seconds and finds the same is one entry: ``times`` of the next one that finds another
thing, or of a last one when the case is closed, says how often it was repeated in between.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from parsers.text import visible
from rca.encoding import DAMAGE, iso
from rca.evidence import Evidence, Kind
from rca.private import UNENCODABLE, append_private
from rca.sources.runs import Ran

FILE = "audit.jsonl"
ID = "audit"
"""The evidence that `as_evidence` makes of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done."""

    number: int
    """1-based; what the RCA cites."""
    data: Mapping[str, Any]
    """``when``, ``what``, ``kind``, ``where``, ``user``, ``sudo_user``, ``tty``, ``status``, ``seconds``, ``bytes``,
    ``sha256``, ``problem``, ``evidence``, ``times``, ``before``."""

    def __str__(self) -> str:
        return f"audit:{self.number}"


class Audit:
    """The audit of one case. Safe to use from several threads."""

    def __init__(self, case: Path) -> None:
        """`case` is the case's directory; the file comes with the first entry."""
        self._path = case / FILE
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], tuple[Ran, int]] = {}
        """The newest run of each program, and how often it had the same answer without being written down."""
        self._number = self._size = 0
        self._last = b""
        self._cut = False
        """Whether the file ends within an entry that a full disk, or a kill, cut short."""
        self._catch_up()

    def record(self, evidence: Evidence) -> int:
        """Note a command that ran, or a file that was read. Returns the entry's number. Raises OSError."""
        data = evidence.text.encode()
        return self._append(
            when=iso(evidence.started),
            what=evidence.what,
            kind=evidence.kind.value,
            where=evidence.where,
            status=evidence.exit_status,
            seconds=round(evidence.seconds, 3),
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            problem=evidence.problem,
            evidence=evidence.id,
        )

    def ran(self, program: Ran) -> None:
        """Note a program that was run beside the probes. Raises OSError."""
        name = (program.what, program.where)
        before, times = self._seen.get(name, (None, 0))
        if before and _answer(before) == _answer(program):
            self._seen[name] = program, times + 1
            return
        self._seen[name] = program, 0
        self._program(program, times)

    def removed(self, what: str, where: str, when: str) -> int:
        """Note that a person had something removed. Raises OSError."""
        return self._append(
            when=when, what=f"remove {what}", kind="change", where=where, status=0, problem=""
        )

    def close(self) -> None:
        """Write down what was repeated and always found the same. Raises OSError."""
        seen, self._seen = self._seen, {}
        for program, times in seen.values():
            if times:
                self._program(program, times)

    def _program(self, program: Ran, times: int) -> None:
        repeated = {"times": times} if times else {}
        self._append(
            when=iso(program.started),
            what=program.what,
            kind=Kind.COMMAND.value,
            where=program.where,
            status=program.status,
            seconds=round(program.seconds, 3),
            bytes=program.size,
            sha256=program.sha256,
            problem=program.problem,
            **repeated,
        )

    def note(self, what: str, remark: str, where: str, when: str) -> int:
        """Note something about crash that is no output: a command that was refused, or is about to run although safe
        mode would refuse it, safe mode's own switch. `remark` becomes the entry's ``problem``. Raises OSError."""
        return self._append(
            when=when, what=what, kind=Kind.CRASH.value, where=where, status=None, problem=remark
        )

    def _append(self, **said: Any) -> int:
        with self._lock:
            self._catch_up()
            entry = {**said, **_who(), "before": hashlib.sha256(self._last).hexdigest()}
            line = json.dumps(entry, ensure_ascii=False)
            ahead = "\n" if self._cut else ""
            append_private(self._path, f"{ahead}{line}\n")
            self._number += 1
            self._last = line.encode("utf-8", UNENCODABLE)
            self._size += len(ahead) + len(self._last) + 1
            self._cut = False
            return self._number

    def _catch_up(self) -> None:
        """Go on after what somebody else wrote: `panicdesk archive` beside an open workbench."""
        try:
            size = self._path.stat().st_size
        except OSError:
            size = 0
        if size != self._size:
            written = _read(self._path)
            lines = written.splitlines()
            self._number, self._last, self._size = len(lines), lines[-1] if lines else b"", len(written)
            self._cut = bool(written) and not written.endswith(b"\n")


def read_audit(case: Path) -> tuple[Entry, ...]:
    """All entries of a case that can be read, in order."""
    entries = []
    for number, line in enumerate(_lines(case / FILE), 1):
        try:
            data = json.loads(line)
        except DAMAGE:
            continue
        if isinstance(data, dict):
            entries.append(Entry(number, data))
    return tuple(entries)


def as_evidence(case: Path) -> Evidence | None:
    """The audit as text that can be read and cited, an entry a line; None where nothing is audited."""
    lines = _lines(case / FILE)
    if not lines:
        return None
    told = {entry.number: _told(entry.data) for entry in read_audit(case)}
    text = (told.get(number, "an entry that cannot be read") for number in range(1, len(lines) + 1))
    started = datetime.fromtimestamp((case / FILE).stat().st_mtime, UTC)
    return Evidence(ID, Kind.FILE, FILE, "the case", started, tuple(map(visible, text)))


def _told(data: Mapping[str, Any]) -> str:
    """``2025-12-22T09:10:00Z bt on worker-07: exit 0, 0.2 s, 2034 bytes, sha256 1f…, kept as bt``."""
    said = [str(data["problem"])] if data.get("problem") else []
    if data.get("status") is not None:
        said.append(f"exit {data['status']}")
    if data.get("bytes"):
        said += [f"{data.get('seconds')} s", f"{data.get('bytes')} bytes", f"sha256 {data.get('sha256')}"]
        said.append(f"kept as {data.get('evidence')}")
    by = f", by {data['user']}" if data.get("user") else ""
    return " ".join(
        f"{data.get('when')} {data.get('what')} on {data.get('where')}{by}: {', '.join(said)}".split()
    )


def broken_at(case: Path) -> int:
    """Number of the first entry that does not follow on the line before it; 0 when all do."""
    before = b""
    for number, line in enumerate(_lines(case / FILE), 1):
        try:
            said = json.loads(line)["before"]
        except DAMAGE:
            return number
        if said != hashlib.sha256(before).hexdigest():
            return number
        before = line
    return 0


def _answer(program: Ran) -> tuple[int | None, str, str]:
    return program.status, program.sha256, program.problem


def _lines(path: Path) -> list[bytes]:
    return _read(path).splitlines()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _who() -> dict[str, str]:
    try:
        tty = os.ttyname(0)
    except OSError:
        tty = ""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return {"user": user, "sudo_user": os.environ.get("SUDO_USER", ""), "tty": tty}
