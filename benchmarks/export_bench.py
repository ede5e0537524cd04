"""What leaving costs when the case holds a log of 16 MB, in seconds beyond reading it.

``python -m benchmarks.export_bench``
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.session_bench import Ratio
from parsers.text import to_lines
from rca.case import Case, new_subject
from rca.diagnosis.diagnose import diagnose
from rca.evidence import Evidence, Kind
from rca.opening import DEMO
from rca.report.bundle import Attachment, pack
from rca.report.draft import draft
from rca.report.export import Request, export
from rca.report.form import Form
from rca.report.redaction.known import redactor_of
from rca.report.redaction.redactor import Redactor
from rca.sources.base import Where
from rca.steps.base import Facts

T = TypeVar("T")
SIZE = 16 << 20
_NOISE = "[{:12.6f}] eth{}: link is up at 0000:3b:00.{}, peer 10.{}.7.1, md0: resync of 52:54:00:12:34:{:02x} done\n"


def large_log() -> bytes:
    """The demo's log behind noise of addresses, until it has 16 MB."""
    crash = (DEMO / "evidence" / "log.txt").read_bytes()
    line = len(_NOISE.format(0, 0, 0, 100, 0))
    lines = (
        _NOISE.format(n / 1000, n % 8, n % 8, n % 250, n % 256) for n in range((SIZE - len(crash)) // line)
    )
    return "".join(lines).encode() + crash


def measure(repeats: int = 2) -> tuple[Ratio, ...]:
    """Exports of one case; the best of `repeats` runs each. Reading has no limit: it is what they are compared with."""
    with tempfile.TemporaryDirectory() as folder:
        case = Case.create(Path(folder, "case"), new_subject("folder", "", "bench"))
        now = datetime.now(UTC)
        case.put(Evidence("log", Kind.CRASH, "log", "bench", now, to_lines(large_log())))
        facts, reading = _timed(lambda: _read(case.directory), 1)
        form = Form().drafted(draft(facts, {}), None)
        whole, short = Request(), Request("jira", short=True)
        found = [Ratio("reading and diagnosing a 16 MB log", reading, 0.0, "s", float("inf"))]
        for name, work in (
            ("drafting and exporting it as markdown", lambda: export(_drafted(facts), facts, {}, whole)),
            ("a short redacted export for Jira", lambda: export(form, facts, {}, _redacted(facts, short))),
            ("packing it", lambda: _pack(case, form, Path(folder), None)),
            ("redacting and packing it", lambda: _pack(case, form, Path(folder), redactor_of(facts, None))),
        ):
            found.append(Ratio(name, _timed(work, repeats)[1], 0.0, "s", 1.0))
        return tuple(found)


def _timed(work: Callable[[], T], repeats: int) -> tuple[T, float]:
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - began)
    return result, best


def _read(directory: Path) -> Facts:
    case = Case.load(directory)
    return Facts(Where.FOLDER, "bench", case.evidence, diagnosis=diagnose(case.evidence))


def _drafted(facts: Facts) -> Form:
    return Form().drafted(draft(facts, {}), None)


def _redacted(facts: Facts, request: Request) -> Request:
    return Request(request.format, request.short, redactor=redactor_of(facts, None))


def _pack(case: Case, form: Form, folder: Path, redactor: Redactor | None) -> None:
    pack(case.directory, folder / "case.tar.gz", form, [Attachment("rca.md", "")], redactor)


if __name__ == "__main__":
    for result in measure():
        print(result)
