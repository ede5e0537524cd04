"""What reading a kernel log costs: over a plain scan for the same trigger strings, with growing length, in memory.

``python -m benchmarks.reader_bench [CORPORA]``: with a directory that holds ``syzkaller.jsonl`` its logs are read, else
the logs of our own panics.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.session_bench import Ratio
from parsers.klog.events import read_log
from parsers.klog.rules import RULES
from parsers.text import split_lines, visible

_ROOT = Path(__file__).resolve().parent.parent
_OWN = _ROOT / "tests" / "rca" / "diagnosis" / "logs"
_MIB = 1 << 20
_SCAN = re.compile("|".join(sorted({re.escape(rule.needle) for rule in RULES}, key=len, reverse=True)))

WORST: dict[str, tuple[str, ...]] = {
    "one heading after another": ("BUG: unable to handle kernel NULL pointer dereference at 0",),
    "a caller for every line": ("[  1.000000][ T{n}] BUG: kernel NULL pointer dereference, address: 00",),
    "every trigger": tuple(rule.needle for rule in RULES),
    "frames without end": ("Call Trace:", " f+0x1/0x2 [m]", " ? g+0x3/0x4"),
    "module lists": ("Modules linked in: a b c", "d e f"),
    "broken CPU lines": ("CPU: 1 PID: 2 Comm: x Tainted: G",),
    "interleaved callers": (
        "[  1.000000][ T1] Oops: 0000 [#1]",
        "[  1.000000][ T2]  f+0x1/0x2",
        "[  1.000000][ C3] RIP: 0010:",
    ),
    "panics": (
        "Kernel panic - not syncing: Fatal exception",
        "INFO: task a:1 blocked for more than 120 seconds.",
    ),
    "lines without end": ("BUG: " + "x " * 2_000,),
    "prefixes upon prefixes": (
        "> > <4>Nov 23 09:49:30 n kernel: [    1.000000] <6>[    1.000000] kernel: " * 3,
    ),
}
"""Texts made to be slow to read; ``{n}`` is the number of the repetition."""


def worst_case(name: str, size: int) -> list[str]:
    """About `size` characters of one of the `WORST`."""
    pattern = WORST[name]
    times = max(1, size // sum(len(line) + 1 for line in pattern))
    return [line.replace("{n}", str(number)) for number in range(times) for line in pattern]


def long_log(size: int) -> tuple[str, ...]:
    """A log of about `size` characters: our own panics, one after another, in a flood of harmless lines."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(_OWN.glob("*.txt")))
    quiet = "".join(
        f"[{n:5d}.000000] usb 1-{n % 9}: new high-speed USB device number {n}\n" for n in range(20_000)
    )
    whole = (text + quiet) * (size // (len(text) + len(quiet)) + 1)
    return split_lines(visible(whole[:size]))


def _logs(corpora: Path | None) -> list[str]:
    named = corpora / "syzkaller.jsonl" if corpora else None
    if named is not None and named.exists():
        with named.open(encoding="utf-8") as lines:
            return [visible(json.loads(line)["log"]) for line in lines if line.strip()]
    return [visible(path.read_text(encoding="utf-8")) for path in sorted(_OWN.glob("*.txt"))] * 20


def _best(run: Callable[[], object], repeats: int) -> float:
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _scan(texts: Sequence[str]) -> int:
    return sum(1 for text in texts for _ in _SCAN.finditer(text))


def _read(texts: Sequence[str]) -> int:
    return sum(len(read_log(split_lines(text)).events) for text in texts)


def _growth(make: Callable[[int], Sequence[str]], size: int, repeats: int) -> tuple[float, float]:
    """Seconds for four times `size`, and four times the seconds for `size`."""
    small, large = make(size), make(4 * size)
    return _best(lambda: read_log(large), repeats), 4 * _best(lambda: read_log(small), repeats)


def peak_mib() -> float:
    """Resident memory at its peak in a process that reads 16 MiB of log and does nothing else."""
    program = (
        "import resource; from benchmarks.reader_bench import long_log; from parsers.klog.events import read_log; "
        f"read_log(long_log({16 * _MIB})); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def measure(corpora: Path | None = None, repeats: int = 3) -> tuple[Ratio, ...]:
    """Throughput, growth and memory; `corpora` defaults to the directory that $CORPORA names, if any."""
    folder = corpora or (Path(os.environ["CORPORA"]) if os.environ.get("CORPORA") else None)
    texts = _logs(folder)
    scan, read = _best(lambda: _scan(texts), repeats), _best(lambda: _read(texts), repeats)
    grown, expected = _growth(long_log, 4 * _MIB, 1)
    worst = {name: _growth(partial(worst_case, name), _MIB // 4, 2) for name in WORST}
    slowest = max(worst, key=lambda name: worst[name][0] / worst[name][1])
    return (
        Ratio("log reader over a plain scan for the same triggers", read, scan, "s", 4.0),
        Ratio("16 MiB of log over four times 4 MiB", grown, expected, "s", 1.5),
        Ratio(f"worst growth of hostile text ({slowest})", *worst[slowest], "s", 1.5),
        Ratio("peak memory for 16 MiB of log", peak_mib(), 0.0, "MiB", 200.0),
    )


if __name__ == "__main__":
    for result in measure(Path(sys.argv[1]) if sys.argv[1:] else None):
        print(result)
