"""Score our reading of kernel logs on a directory of labelled corpora that is not part of this repository.

    make score CORPORA=DIR, or: python -m benchmarks.score_corpora DIR [--show N] [--json] [--only NAME]

The directory holds JSON Lines files: ``syzkaller.jsonl`` (log, title, alt_titles, type, frame), ``el_logs.jsonl`` (log,
crash_class, guilty_module, literal), ``satyr.jsonl`` and ``abrt.jsonl`` (log, expected), ``crash_sessions.jsonl``
(text, facts). `HINT` says where such data can be had.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.score_sessions import crash_sessions
from benchmarks.scores import TARGETS, Scores, rows
from parsers.klog.events import read_log
from parsers.klog.model import Event
from parsers.klog.records import Record, read_records
from parsers.text import split_lines, visible
from rca.evidence import Evidence, Kind
from rca.triage import triage

SANITIZERS = ("KASAN", "KMSAN", "KCSAN", "UBSAN", "KFENCE", "LOCKDEP", "LEAK")
"""Kinds of report that no production kernel is built to make."""
HINT = (
    "no corpora in {}: logs with expected titles can be had from google/syzkaller (pkg/report/testdata/linux/report), "
    "oopses with expected frames from abrt/satyr and abrt/abrt (tests), real EL logs from public mailing lists, "
    "crash output from the commit messages and help pages of crash-utility/crash"
)


def predict(log: str) -> dict[str, Any]:
    """What triage says of a log text."""
    lines = split_lines(visible(log.replace("\r\n", "\n")))
    evidence = Evidence("vmcore-dmesg", Kind.FILE, "log", "corpus", datetime.now(UTC), lines)
    return triage({evidence.id: evidence}, extra=())


def _squeeze(text: str) -> str:
    return " ".join(text.lower().split())


def _frame(title: str) -> str:
    _, found, tail = title.rpartition(" in ")
    return tail.split()[0] if found and tail else ""


def syzkaller(folder: Path, scores: Scores) -> None:
    """Titles and frames against the field's reporter."""
    for row in rows(folder, "syzkaller"):
        said = predict(row["log"])
        title = said["title"]
        if not row["title"]:
            scores.count("no crash called so", row["id"], "", title, not title)
            continue
        wanted = {_squeeze(text) for text in (row["title"], *row["alt_titles"])}
        ok = _squeeze(title) in wanted
        common = not (row["type"] or "").startswith(SANITIZERS)
        scores.count("title, all", row["id"], row["title"], title, ok)
        if common:
            scores.count("title, production kinds", row["id"], row["title"], title, ok)
        if row.get("frame"):
            frame = _frame(title)
            same = frame == row["frame"] or said["guilty"]["function"] == row["frame"]
            scores.count("frame, all", row["id"], row["frame"], frame, same)
            if common:
                scores.count("frame, production kinds", row["id"], row["frame"], frame, same)


def el_logs(folder: Path, scores: Scores) -> None:
    """Class, instruction pointer, module, taint on real EL logs; and false certainty."""
    for row in rows(folder, "el_logs"):
        said = predict(row["log"])
        kind = said["kind"].upper().replace("-", "_")
        scores.count("el class", row["id"], row["crash_class"], kind, kind == row["crash_class"])
        literal = row["literal"]
        if literal.get("rip_function"):
            got = said["rip"]["function"] if said["rip"] else ""
            scores.count("el rip", row["id"], literal["rip_function"], got, got == literal["rip_function"])
        if literal.get("taint_letters") is not None:
            got = said["taint"]
            scores.count(
                "el taint", row["id"], literal["taint_letters"], got, got == literal["taint_letters"]
            )
        gold = (row.get("guilty_module") or "").replace("-", "_")
        got = said["guilty"]["module"].replace("-", "_")
        if gold:
            scores.count("el module", row["id"], gold, got, gold == got)
        sure = said["confidence"] in ("confirmed", "probable") and got and got != gold
        scores.count(
            "el never sure of a wrong module", row["id"], gold, f"{got} {said['confidence']}", not sure
        )


def satyr(folder: Path, scores: Scores) -> None:
    """Counts of frames, taint flags and modules, and first and last function."""
    for row in rows(folder, "satyr"):
        expected = row.get("expected") or {}
        if row["arch"] != "x86_64":
            continue
        log = read_log(split_lines(visible(row["log"])))
        event = next((item for item in log.events if item.weight >= 2), None)
        frames = [frame for trace in event.traces[:1] for frame in trace.frames] if event else []
        lines = split_lines(visible(row["log"]))
        if (
            event and event.rip and "[<" in lines[event.rip.line - 1]
        ):  # satyr reads pointers printed with an address only
            frames.insert(0, event.rip)
        for key, got in (
            ("first_function", frames[0].function if frames else None),
            ("last_function", frames[-1].function if frames else None),
            ("frame_count", len(frames)),
            ("taint_count", len(event.context.taint.replace("G", "")) if event else 0),
            ("module_count", len(log.modules)),
        ):
            if expected.get(key) is not None:
                scores.count("satyr", f"{row['id']} {key}", expected[key], got, expected[key] == got)


def _text(records: Sequence[Record], event: Event) -> tuple[str, ...]:
    return tuple(record.text for record in records if event.first <= record.number <= event.last)


def abrt(folder: Path, scores: Scores) -> None:
    """How many oopses, and their taint."""
    for row in rows(folder, "abrt"):
        expected = row.get("expected") or {}
        if row["arch"] not in ("x86_64", "neutral"):
            continue
        lines = split_lines(visible(row["log"]))
        log = read_log(lines)
        records = read_records(lines)[0]
        # the corpus lists a text once that is printed twice
        count = len({_text(records, event) for event in log.events if event.weight >= 1})
        if expected.get("oops_count") is not None:
            scores.count(
                "abrt oopses", row["id"], expected["oops_count"], count, count == expected["oops_count"]
            )
        if expected.get("oops_count_min") is not None:
            least = expected["oops_count_min"]
            scores.count("abrt oopses", row["id"], f">= {least}", count, count >= least)
        if expected.get("taint_short") is not None:
            got = next((event.context.taint for event in log.events if event.context.line), "")
            scores.count(
                "abrt taint", row["id"], expected["taint_short"], got, got == expected["taint_short"]
            )


CORPORA = {
    "syzkaller": syzkaller,
    "el_logs": el_logs,
    "satyr": satyr,
    "abrt": abrt,
    "crash_sessions": crash_sessions,
}


def main(argv: list[str] | None = None) -> int:
    """Print the scores; exit status 2 when there is nothing to score, 1 when a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument(
        "--show", type=int, default=3, metavar="N", help="print up to N misses of each measure"
    )
    parser.add_argument("--only", choices=sorted(CORPORA))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    folder = options.corpora
    if folder is None or not any((folder / f"{name}.jsonl").exists() for name in CORPORA):
        print(HINT.format(folder or "sight"), file=sys.stderr)
        return 2
    scores = Scores()
    began = time.perf_counter()
    for name, score in CORPORA.items():
        if options.only in (None, name):
            score(folder, scores)
    if options.json:
        print(
            json.dumps(
                {
                    name: {"right": scores.right[name], "of": total, "target": TARGETS.get(name)}
                    for name, total in scores.total.items()
                }
            )
        )
    else:
        print(
            "\n".join((*scores.table(), f"{time.perf_counter() - began:.1f} s", *scores.worst(options.show)))
        )
    return int(any(scores.percent(name) < TARGETS.get(name, 0.0) for name in scores.total))


if __name__ == "__main__":
    sys.exit(main())
