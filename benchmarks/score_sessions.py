"""Score our reading of the crash utility's output: one count per fact that the corpus states.

A fact is a field of the header, a field or the frame list of a backtrace, a row of `kmem -i`, the list of modules, of
caches or of complaints. Facts that are wanted and not read, and those read otherwise, both count as misses. Exceptions
are compared by the functions that they name: whether registers of an entry from user space are one differs by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.scores import Scores, rows
from parsers.crash.bt import Backtrace, read_bt
from parsers.crash.kmem import read_kmem_i, read_kmem_s
from parsers.crash.mod import read_mod
from parsers.crash.sysinfo import read_sys
from parsers.text import split_lines, visible

MEASURE = "crash sessions"
_HEADER = {
    "kernel_file": "kernel", "dumpfile": "dump", "cpus": "cpus", "uptime": "uptime", "load_average": "load",
    "tasks": "tasks", "release": "release", "machine": "machine", "memory": "memory", "panic": "panic", "pid": "pid",
    "command": "command", "task": "task", "cpu": "cpu", "state": "state", "tainted": "tainted",
}  # fmt: skip


def crash_sessions(folder: Path, scores: Scores) -> None:
    """Every fact of every row."""
    for row in rows(folder, "crash_sessions"):
        lines = split_lines(visible(row["text"]))
        facts = row["facts"]
        _header(scores, row["id"], facts.get("header") or {}, lines)
        _backtraces(scores, row["id"], facts.get("backtraces") or [], read_bt(lines))
        for key, want, got in (
            ("kmem -i", facts.get("kmem_i"), _memory(lines)),
            ("mod", facts.get("mod_table"), [module.name for module in read_mod(lines)]),
            ("kmem -s", facts.get("kmem_s_caches"), [cache.name for cache in read_kmem_s(lines)[0]]),
            ("kmem errors", facts.get("kmem_errors"), [error.text for error in read_kmem_s(lines)[1]]),
        ):
            if want:
                scores.count(MEASURE, f"{row['id']} {key}", want, got, want == got)


def _header(scores: Scores, row: str, facts: dict[str, Any], lines: Sequence[str]) -> None:
    read = read_sys(lines)
    for key, want in facts.items():
        got = getattr(read, _HEADER[key])
        if key == "dumpfile":  # the corpus leaves the flags in
            want = want.partition("  [")[0]
        scores.count(MEASURE, f"{row} {key}", want, got, str(want) == str(got))


def _backtraces(scores: Scores, row: str, facts: Sequence[dict[str, Any]], read: Sequence[Backtrace]) -> None:
    scores.count(MEASURE, f"{row} backtraces", len(facts), len(read), len(facts) == len(read))
    for number, want in enumerate(facts):
        trace = read[number] if number < len(read) else None
        for key, got in _facts(trace).items():
            fact = want[key]
            if key == "exception_rip":
                fact = [name for name in fact if name]
            if fact is not None:
                scores.count(MEASURE, f"{row} bt {number} {key}", fact, got, fact == got)


def _facts(trace: Backtrace | None) -> dict[str, object]:
    """A backtrace in the corpus's words."""
    if trace is None:
        return dict.fromkeys(("pid", "task", "cpu", "command", "frames", "frame_modules", "exception_rip"))
    return {
        "pid": trace.pid,
        "task": None if trace.task is None else f"{trace.task:x}",
        "cpu": trace.cpu,
        "command": trace.command,
        "frames": [frame.function for frame in trace.frames],
        "frame_modules": [frame.module or None for frame in trace.frames],
        "exception_rip": [fault.function for fault in trace.exceptions if fault.function],
    }


def _memory(lines: Sequence[str]) -> dict[str, dict[str, object]]:
    return {
        row.name: {
            "pages": row.pages,
            "total": row.total,
            "pct": "----" if row.percent is None else f"{row.percent}% of {row.of}",
        }
        for row in read_kmem_i(lines)
    }
