"""``panicdesk config``: the settings that apply, what was passed over, and an example that documents all of them."""

from __future__ import annotations

import sys
from dataclasses import fields

from rca.private import config_dir
from rca.settings import EXAMPLE, FILE, settings
from tui.saying import complain


def example() -> str:
    """A config.toml in which everything is explained and nothing is set."""
    from tui.commands import COMMANDS, shown  # needs Textual

    lines = [f'# {c.name} = "{shown(c.key)}"' for c in COMMANDS if not c.priority]
    return EXAMPLE + "\n".join(lines) + "\n"


def configure(as_example: bool) -> int:
    """Print the example, or what applies; 1 when something in the file was passed over."""
    if as_example:
        sys.stdout.write(example())
        return 0
    from tui.commands import with_keys

    found = settings()
    print(config_dir() / FILE)
    for field in fields(found):
        if field.name != "problems":
            print(f"{field.name:12}{getattr(found, field.name) or 'not set'}")
    problems = (*found.problems, *with_keys(found.keys)[1])
    for problem in problems:
        complain(problem)
    return 1 if problems else 0
