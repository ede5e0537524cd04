"""The front door. Imports nothing but argparse until it is known what is wanted: headless commands start at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn

_USAGE = """panicdesk [OPTIONS] [PATH]
       panicdesk demo
       panicdesk train [NAME] [--again] | --list [--json] | --check DIR...
       panicdesk lab [NAME] [--no-open] | --list
       panicdesk triage [--json] PATH...
       panicdesk report PATH [--format md|jira|jira-cloud|servicenow|text|json] [--short]
                 [--redact|--no-redact|--preview] [--provenance] [-o FILE] [--attach FILE.tar.gz] [--vmlinux FILE]
       panicdesk record PATH OUT [--also COMMAND]... [--lesson] [--vmlinux FILE]
       panicdesk collect OUT [PATH] [--sudo]
       panicdesk archive PATH DESTINATION [--remove]"""

_ABOUT = """Turn a crashed node's kernel dump into a root-cause analysis.

Without PATH the workbench examines this node. PATH is a crash directory, a folder of
them, a vmcore, a vmcore-dmesg.txt or another kernel log, a sosreport, a saved case,
or a node: ssh://root@worker-07."""

_COMMANDS = {
    "demo": "open the workbench on a recorded real case; needs no root, no crash, no vmcore",
    "train": "practise on recorded real panics with a coach; without NAME choose one from the list",
    "lab": "let a virtual machine panic anew, like scenario NAME or any, and open it for training",
    "triage": "the verdict without a screen, a line (or with --json an object) per path",
    "report": "the whole RCA without a screen, running crash when it can",
    "record": "run every step and crash command on PATH and save them as a case that can be replayed",
    "collect": "put this node's evidence into OUT, a new directory or .tar.gz that panicdesk opens anywhere",
    "archive": "copy a crash directory and its case to a directory or ssh://HOST/DIRECTORY, with checksums",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"panicdesk: {message}. See panicdesk --help.\n")


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status (0 well, 1 a path failed, 2 wrong usage)."""
    words = list(sys.argv[1:] if argv is None else argv)
    command = words[0] if words and words[0] in _COMMANDS else ""
    try:
        return _run(command, words[1:] if command else words)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130


def _run(command: str, words: list[str]) -> int:
    if command == "train":
        return _train(_train_parser().parse_args(words))
    if command == "lab":
        options = _lab_parser().parse_args(words)
        from tui.labs import lab

        return lab(options.name, options.list, not options.no_open, not options.no_mouse)
    if command == "triage":
        options = _triage_parser().parse_args(words)
        from tui.headless import triage

        return triage(options.paths, options.json)
    if command == "report":
        options = _report_parser().parse_args(words)
        from tui.headless import report

        return report(options)
    if command == "record":
        options = _record_parser().parse_args(words)
        from tui.headless import record

        return record(options.path, options.out, options.vmlinux, options.wait, options.also, options.lesson)
    if command == "collect":
        options = _collect_parser().parse_args(words)
        from tui.handover import collect

        return collect(options.out, options.path, options.sudo)
    if command == "archive":
        options = _archive_parser().parse_args(words)
        from tui.handover import archive

        return archive(options.path, options.destination, options.remove)
    options = _open_parser(command).parse_args(words)
    if getattr(options, "version", False):
        from rca import __version__

        print(f"panicdesk {__version__}")
        return 0
    from tui.opening import open_workbench

    path = None if command == "demo" else options.path
    return open_workbench(path, command == "demo", options.vmlinux, not options.no_mouse)


def _train(options: argparse.Namespace) -> int:
    from tui.trainings import check_scenarios, list_scenarios, open_training

    if options.check:
        return check_scenarios(options.check)
    if options.list or options.json:
        return list_scenarios(options.json)
    return open_training(options.name, not options.no_mouse, options.again)


def _open_parser(command: str) -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:8}{text}" for name, text in _COMMANDS.items())
    parser = _Parser(
        prog="panicdesk",
        usage=_USAGE,
        description=_ABOUT,
        epilog=f"commands:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if not command:
        parser.add_argument(
            "path", nargs="?", type=Path, metavar="PATH", help="what to open (default: this node)"
        )
    parser.add_argument(
        "--vmlinux", type=Path, metavar="FILE", help="the crashed kernel's vmlinux with debug info"
    )
    _add_mouse(parser)
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    return parser


def _train_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk train", description=_COMMANDS["train"])
    parser.add_argument("name", nargs="?", metavar="NAME", help="a scenario's name or directory")
    parser.add_argument("--list", action="store_true", help="list all scenarios and how far you are")
    parser.add_argument("--json", action="store_true", help="the list with one JSON object a line")
    parser.add_argument("--check", nargs="+", type=Path, metavar="DIR", help="validate scenarios and stop")
    parser.add_argument("--again", action="store_true", help="forget the earlier attempt at NAME")
    _add_mouse(parser)
    return parser


def _lab_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk lab", description=_COMMANDS["lab"])
    parser.add_argument("name", nargs="?", metavar="NAME", help="a scenario that --list names (default: any)")
    parser.add_argument("--list", action="store_true", help="list what can be made anew")
    parser.add_argument("--no-open", action="store_true", help="make it, print its directory, and stop")
    _add_mouse(parser)
    return parser


def _triage_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk triage", description=_COMMANDS["triage"])
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="crash directory, vmcore or kernel log"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    return parser


def _report_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk report", description=_COMMANDS["report"])
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument(
        "--format", choices=("md", "jira", "jira-cloud", "servicenow", "text", "json"), default="md"
    )
    parser.add_argument("--short", action="store_true", help="the runbook's nine fields on thirty lines")
    parser.add_argument(
        "--provenance", action="store_true", help="mark each sentence as fact, inference or the author's own"
    )
    parser.add_argument(
        "--redact",
        action=argparse.BooleanOptionalAction,
        help="stable names for hosts, addresses, serials, users (default: as export.json remembers)",
    )
    parser.add_argument(
        "--preview", action="store_true", help="print what --redact would replace, and nothing else"
    )
    parser.add_argument(
        "--form", type=Path, metavar="FILE", help="take the form from markdown exported with --provenance"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write here (0600) instead of to stdout"
    )
    parser.add_argument(
        "--attach", type=Path, metavar="FILE.tar.gz", help="pack the case with logs and transcript, too"
    )
    _add_live(parser)
    return parser


def _record_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk record", description=_COMMANDS["record"])
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument("out", type=Path, metavar="OUT", help="a directory that does not exist yet")
    parser.add_argument(
        "--also", action="append", default=[], metavar="COMMAND", help="a further crash command"
    )
    parser.add_argument(
        "--lesson", action="store_true", help="record what learners ask, too, and draft a lesson beside it"
    )
    _add_live(parser)
    return parser


def _collect_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk collect", description=_COMMANDS["collect"])
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="does not exist yet; a name in .tar.gz is packed"
    )
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="instead of this node")
    parser.add_argument("--sudo", action="store_true", help="ask what only root may see by sudo -n")
    return parser


def _archive_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk archive", description=_COMMANDS["archive"])
    parser.add_argument("path", type=Path, metavar="PATH", help="one crash directory")
    parser.add_argument(
        "destination", metavar="DESTINATION", help="a directory that exists, here or over ssh"
    )
    parser.add_argument("--remove", action="store_true", help="ask, then remove the original")
    return parser


def _add_mouse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-mouse", action="store_true", help="leave the mouse to the terminal's own selection"
    )


def _add_live(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--vmlinux", type=Path, metavar="FILE", help="the crashed kernel's vmlinux with debug info"
    )
    parser.add_argument(
        "--wait",
        type=float,
        default=900.0,
        metavar="SECONDS",
        help="stop waiting for crash after this (default 900)",
    )
