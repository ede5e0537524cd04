"""The front door. Imports nothing but argparse until it is known what is wanted: headless commands start at once."""

from __future__ import annotations

import io
import os
import sys

from tui.arguments import COMMANDS, parser
from tui.saying import complain


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status (0 well, 1 it failed, 2 wrong usage)."""
    words = list(sys.argv[1:] if argv is None else argv)
    command = words[0] if words and words[0] in COMMANDS else ""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what an old locale lacks is spelled out, and ends nothing
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(command, words[1:] if command else words)
        sys.stdout.flush()  # here, where a closed pipe is still a matter of course
        return status
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        if error.filename is not None:  # it is about a file, and no command lets that out
            raise
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # for what Python still holds at its end
        return complain(f"standard output cannot be written: {error.strerror}")
    except KeyboardInterrupt:
        return 130


def _run(command: str, words: list[str]) -> int:
    options = parser(command).parse_args(words)
    match command:
        case "lab":
            from tui.labs import lab

            return lab(options.name, options.list, not options.no_open, not options.no_mouse)
        case "train":
            from tui.trainings import train

            return train(options)
        case "triage":
            from tui.triaging import triage

            return triage(options.paths, options.json)
        case "report":
            from tui.reporting import report

            return report(options)
        case "record":
            from tui.recording import record

            return record(options)
        case "collect":
            from tui.collecting import collect

            return collect(options.out, options.path, options.sudo)
        case "archive":
            from tui.archiving import archive

            return archive(options.path, options.destination, options.remove)
        case "doctor":
            from tui.doctor import doctor

            return doctor(options.json)
        case "config":
            from tui.configure import configure

            return configure(options.example)
        case "completion":
            from tui.completion import completion

            sys.stdout.write(completion(options.shell))
            return 0
        case "man":
            from tui.manual import manual

            sys.stdout.write(manual())
            return 0
    if options.version:
        from rca.build import build_name

        print(f"panicdesk {build_name()}")
        return 0
    from tui.opening import open_workbench

    path = None if command == "demo" else options.path
    return open_workbench(path, command == "demo", options)
