"""``make bench``: every ratio in one run. ``python -m benchmarks [VMLINUX VMCORE]`` adds the real crash."""

from __future__ import annotations

import sys

from benchmarks.first_paint import measure as first_paint
from benchmarks.session_bench import measure as session


def main() -> None:
    """Print a line per ratio."""
    vmlinux, vmcore = [*sys.argv[1:3], "", ""][:2]
    for result in (*first_paint(), *session(vmlinux, vmcore)):
        print(result, flush=True)
    if not vmcore:
        print("The six commands on a real dump: python -m benchmarks VMLINUX VMCORE")


if __name__ == "__main__":
    main()
