"""The lab at the command line: python -m rca.lab WAY OUT, or --list, or --missing."""

import argparse
import sys
from pathlib import Path

from rca.lab import WAYS, LabError, missing, panic, panics


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m rca.lab", description=__doc__)
    parser.add_argument("way", nargs="?", help='how to die: one of --list, several with commas, or "all"')
    parser.add_argument("out", nargs="?", type=Path, help="folder for the crash directory and console.log")
    parser.add_argument("--hostname", default="worker-07", help="the node's name (default: %(default)s)")
    parser.add_argument(
        "--jobs", type=int, default=2, help="machines at a time, for several (default: %(default)s)"
    )
    parser.add_argument("--list", action="store_true", help="list the ways and what each is, and stop")
    parser.add_argument("--missing", action="store_true", help="list what is not installed, and stop")
    return parser.parse_args()


def main() -> int:
    """Run the command line. Returns the exit status: 0 done, 1 something is missing or failed, 2 wrong usage."""
    told = _arguments()
    if told.list:
        print("\n".join(f"{way.name:18}{way.what}" for way in WAYS.values()))
        return 0
    if told.missing:
        lacking = missing()
        print("\n".join(lacking) or "nothing is missing")
        return 1 if lacking else 0
    if not told.way or not told.out:
        print("python -m rca.lab: a way and a folder are needed; --list shows the ways", file=sys.stderr)
        return 2
    names = list(WAYS) if told.way == "all" else told.way.split(",")
    try:
        if len(names) == 1:
            done = [panic(names[0], told.out, told.hostname)]
        else:
            done = panics(names, told.out, told.jobs, told.hostname)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    for died in done:
        print(f"{died.way.name:18}{died.seconds:6.1f} s  {died.directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
