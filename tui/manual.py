"""The manual page, in roff, made from the same definitions as ``--help``."""

from __future__ import annotations

import argparse
import re

from rca.build import build_name
from tui.arguments import COMMANDS, parser

_ENVIRONMENT = {
    "PANICDESK_STATE": "directory of the cases, instead of ~/.local/state/panicdesk",
    "PANICDESK_CONFIG": "directory of config.toml, templates and signatures, instead of ~/.config/panicdesk",
    "KUBECONFIG": "credentials that kubectl uses for step 9",
    "NO_COLOR": "keep to the terminal's own colours",
}
_STATUS = {
    "0": "well",
    "1": "a path could not be read, a file not written, or (doctor) a step cannot be taken here",
    "2": "wrong usage",
    "130": "interrupted",
}


def actions(command: str) -> list[argparse.Action]:
    """A command's arguments in the order of its help. argparse offers them by no public name."""
    return parser(command)._actions


def manual() -> str:
    """The page for section 1."""
    main = parser()
    lines = [f'.TH PANICDESK 1 "" "panicdesk {_roff(build_name())}" "User Commands"']
    lines += [".SH NAME", r"panicdesk \- turn a crashed node's kernel dump into a root-cause analysis"]
    lines += [".SH SYNOPSIS", ".nf", *_text((main.usage or "").replace("\n       ", "\n")), ".fi"]
    lines += [".SH DESCRIPTION", *_text(main.description or "")]
    lines += [".SH OPTIONS", *_listed("")]
    lines.append(".SH COMMANDS")
    for command, about in COMMANDS.items():
        lines += [".SS " + _roff(command), *_text(about[0].upper() + about[1:] + ".")]
        lines += _listed(command) if command != "demo" else []
    lines += [".SH ENVIRONMENT", *_table(_ENVIRONMENT), ".SH EXIT STATUS", *_table(_STATUS)]
    lines += [".SH SEE ALSO", r".BR crash (8),", r".BR kdump.conf (5),", r".BR makedumpfile (8)"]
    return "\n".join(lines) + "\n"


def _listed(command: str) -> list[str]:
    lines: list[str] = []
    for action in actions(command):
        value = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else "")
        value = "" if action.nargs == 0 else str(value)
        names = [rf"\fB{_roff(name)}\fR" for name in action.option_strings]
        shown = (
            ", ".join(names) + (" " if names and value else "") + (rf"\fI{_roff(value)}\fR" if value else "")
        )
        lines += [".TP", shown, *_text(action.help or "")]
    return lines


def _table(rows: dict[str, str]) -> list[str]:
    return [line for name, text in rows.items() for line in (".TP", rf"\fB{_roff(name)}\fR", *_text(text))]


def _text(text: str) -> list[str]:
    return [re.sub(r"^(?=[.'])", r"\\&", _roff(line)) or ".PP" for line in text.splitlines()]


def _roff(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-")
