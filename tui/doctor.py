"""``panicdesk doctor``: the machine's and this terminal's state, for people or as JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from parsers.text import visible
from rca.build import build_name
from rca.doctor.judge import Check, Terminal, judge_machine, judge_terminal, lacking
from rca.doctor.machine import look
from rca.settings import settings
from rca.verdict import Badge
from tui.clipboard import way


def doctor(as_json: bool) -> int:
    """Print all checks; 1 when a step cannot be taken on this machine."""
    checks = (*judge_machine(look()), *judge_terminal(look_at_terminal()), *judge_settings())
    if as_json:
        print(json.dumps({"schema": 1, "build": build_name(), "checks": [asdict(check) for check in checks]}))
    else:
        print(as_text(checks))
    return 1 if lacking(checks) else 0


def advice() -> str:
    """All checks as text where this node has no dump, else nothing."""
    machine = look()
    if machine.dumps:
        return ""
    return as_text((*judge_machine(machine), *judge_terminal(look_at_terminal())))


def as_text(checks: Iterable[Check]) -> str:
    """A line a check, and below it what mends it."""
    lines = []
    for check in checks:
        steps = f" (step{'' if check.steps.isdecimal() else 's'} {check.steps})" if check.steps else ""
        lines.append(f"{check.badge:4}  {check.name}{steps}: {check.summary}.")
        if check.remedy and check.badge is not Badge.PASS:
            lines.append(f"      -> {check.remedy}")
    return visible("\n".join(lines))


def judge_settings() -> tuple[Check, ...]:
    """A check for each thing in config.toml that was passed over."""
    problems = settings().problems
    mend = "panicdesk config --example shows all that may be set"
    return tuple(Check("settings", "", Badge.WARN, problem.rstrip("."), mend) for problem in problems)


def look_at_terminal(environ: Mapping[str, str] = os.environ) -> Terminal:
    """This process's own."""
    size = shutil.get_terminal_size((0, 0))
    return Terminal(
        tty=sys.stdin.isatty() and sys.stderr.isatty(),
        term=environ.get("TERM", ""),
        colours=_colours(environ),
        columns=size.columns,
        lines=size.lines,
        encoding=getattr(sys.__stderr__, "encoding", "") or "",
        clipboard=way(environ),
    )


def _colours(environ: Mapping[str, str]) -> str:
    term = environ.get("TERM", "")
    if environ.get("NO_COLOR") or term in ("", "dumb", "vt100", "vt220"):
        return "none"
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "true colour"
    return "256" if "256" in term else "16"
