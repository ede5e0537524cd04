"""``make bench``: every ratio in one run. ``python -m benchmarks [VMLINUX VMCORE]`` adds the real crash."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks import (
    export_bench,
    first_paint,
    help_bench,
    less_bench,
    onefile_bench,
    pane_bench,
    reader_bench,
    session_bench,
    steps_bench,
    training_bench,
)


def main() -> None:
    """Print a line per ratio."""
    vmlinux, vmcore = [*sys.argv[1:3], "", ""][:2]
    session, pane, steps = (
        partial(part.measure, vmlinux, vmcore) for part in (session_bench, pane_bench, steps_bench)
    )
    for measure in (
        help_bench.measure,
        onefile_bench.measure,
        first_paint.measure,
        training_bench.measure,
        session,
        pane,
        steps,
        less_bench.measure,
        reader_bench.measure,
        export_bench.measure,
    ):
        for result in measure():
            print(result, flush=True)
    if not vmcore:
        print("The six commands on a real dump: python -m benchmarks VMLINUX VMCORE")


if __name__ == "__main__":
    main()
