"""The command line's words, once: the help, the manual page and the shells' completion are all made from these."""

from __future__ import annotations

import argparse
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
       panicdesk archive PATH DESTINATION [--remove]
       panicdesk doctor [--json]
       panicdesk config [--example]
       panicdesk completion bash|zsh
       panicdesk man"""

_ABOUT = """Turn a crashed node's kernel dump into a root-cause analysis.

Without PATH the workbench examines this node. PATH is a crash directory, a folder of
them, a vmcore, a vmcore-dmesg.txt or another kernel log, a sosreport, a saved case,
or a node: ssh://root@worker-07."""

COMMANDS = {
    "demo": "open the workbench on a recorded real case; needs no root, no crash, no vmcore",
    "train": "practise on recorded real panics with a coach; without NAME choose one from the list",
    "lab": "let a virtual machine panic anew, like scenario NAME or any, and open it for training",
    "triage": "the verdict without a screen, a line (or with --json an object) per path",
    "report": "the whole RCA without a screen, running crash when it can",
    "record": "run every step and crash command on PATH and save them as a case that can be replayed",
    "collect": "put this node's evidence into OUT, a new directory or .tar.gz that panicdesk opens anywhere",
    "archive": "copy a crash directory and its case to a directory or ssh://HOST/DIRECTORY, with checksums",
    "doctor": "what this machine and terminal have and lack for each step, and the command that mends it",
    "config": "the settings that apply, and what in config.toml was passed over",
    "completion": "print a script by which a shell completes panicdesk's words",
    "man": "print the manual page; panicdesk man | man -l - shows it",
}
"""Every command and what it does; no command opens the workbench."""


FORMATS = ("md", "jira", "jira-cloud", "servicenow", "text", "json")
"""Of the report, as `rca.report.export.NAMES` has them: to import that takes longer than all help."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"panicdesk: {message}. See {self.prog} --help.\n")


def parser(command: str = "") -> argparse.ArgumentParser:
    """The parser of a command's words, or of those without a command."""
    makers = {
        "train": _train_parser,
        "lab": _lab_parser,
        "triage": _triage_parser,
        "report": _report_parser,
        "record": _record_parser,
        "collect": _collect_parser,
        "archive": _archive_parser,
        "doctor": _doctor_parser,
        "config": _config_parser,
        "completion": _completion_parser,
        "man": _man_parser,
    }
    return makers[command]() if command in makers else _open_parser(command)


def _open_parser(command: str) -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:11}{text}" for name, text in COMMANDS.items())
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
    _add_means(parser)
    _add_mouse(parser)
    parser.add_argument("--version", action="store_true", help="print version and commit, and exit")
    return parser


def _train_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk train", description=COMMANDS["train"])
    parser.add_argument("name", nargs="?", metavar="NAME", help="a scenario's name or directory")
    parser.add_argument("--list", action="store_true", help="list all scenarios and how far you are")
    parser.add_argument("--json", action="store_true", help="the list with one JSON object a line")
    parser.add_argument("--check", nargs="+", type=Path, metavar="DIR", help="validate scenarios and stop")
    parser.add_argument("--again", action="store_true", help="forget the earlier attempt at NAME")
    _add_mouse(parser)
    return parser


def _lab_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk lab", description=COMMANDS["lab"])
    parser.add_argument("name", nargs="?", metavar="NAME", help="a scenario that --list names (default: any)")
    parser.add_argument("--list", action="store_true", help="list what can be made anew")
    parser.add_argument("--no-open", action="store_true", help="make it, print its directory, and stop")
    _add_mouse(parser)
    return parser


def _triage_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk triage", description=COMMANDS["triage"])
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="crash directory, vmcore or kernel log"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    return parser


def _report_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="panicdesk report",
        description=COMMANDS["report"],
        epilog="exit status: 0, or 1 where it failed or found neither a dump nor a kernel log (it prints all the same)",
    )
    parser.add_argument("path", type=Path, metavar="PATH", help="what to open, as without a command")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="md",
        help="of what is printed (default md)",
    )
    parser.add_argument("--short", action="store_true", help="the runbook's nine fields on thirty lines")
    parser.add_argument(
        "--provenance", action="store_true", help="mark each sentence as fact, inference or the author's own"
    )
    parser.add_argument(
        "--redact",
        action=argparse.BooleanOptionalAction,
        help="stable names for hosts, addresses, serials, users (default: as the settings say)",
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
    parser = _Parser(prog="panicdesk record", description=COMMANDS["record"])
    parser.add_argument("path", type=Path, metavar="PATH", help="what to open, as without a command")
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
    parser = _Parser(prog="panicdesk collect", description=COMMANDS["collect"])
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="does not exist yet; a name in .tar.gz is packed"
    )
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="instead of this node")
    _add_sudo(parser)
    return parser


def _archive_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk archive", description=COMMANDS["archive"])
    parser.add_argument("path", type=Path, metavar="PATH", help="one crash directory")
    parser.add_argument(
        "destination", metavar="DESTINATION", help="a directory that exists, here or over ssh"
    )
    parser.add_argument("--remove", action="store_true", help="ask, then remove the original")
    return parser


def _doctor_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk doctor", description=COMMANDS["doctor"])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser


def _config_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk config", description=COMMANDS["config"])
    parser.add_argument(
        "--example", action="store_true", help="print a config.toml that explains every setting"
    )
    return parser


def _completion_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="panicdesk completion", description=COMMANDS["completion"])
    parser.add_argument("shell", choices=("bash", "zsh"), help="for which shell")
    return parser


def _man_parser() -> argparse.ArgumentParser:
    return _Parser(prog="panicdesk man", description=COMMANDS["man"])


def _add_mouse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-mouse", action="store_true", help="leave the mouse to the terminal's own selection"
    )


def _add_sudo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sudo", action="store_true", help="ask what only root may see by sudo -n")


def _add_means(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--vmlinux", type=Path, metavar="FILE", help="the crashed kernel's vmlinux with debug info"
    )
    _add_sudo(parser)


def _add_live(parser: argparse.ArgumentParser) -> None:
    _add_means(parser)
    parser.add_argument(
        "--wait",
        type=float,
        default=900.0,
        metavar="SECONDS",
        help="stop waiting for crash after this (default 900)",
    )
