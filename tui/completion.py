"""What completes panicdesk's words in bash and zsh, made from the same definitions as ``--help``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from rca.training.scenario import repeatable, scenarios
from tui.arguments import COMMANDS
from tui.manual import actions

_PLAIN = re.compile(r"[\w.-]+", re.ASCII)

_BASH = """\
# bash: eval "$(panicdesk completion bash)"
_panicdesk() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD - 1]}}" command="" words=""
    if ((COMP_CWORD > 1)); then
        case "${{COMP_WORDS[1]}}" in
            {commands}) command="${{COMP_WORDS[1]}}" ;;
        esac
    fi
    case "$command $prev" in
{values}
        *)
            case "$command" in
{options}
            esac
            [[ "$cur" == -* ]] || words=""
            ;;
    esac
    ((COMP_CWORD > 1)) || [[ "$cur" == -* ]] || words="{first}"
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}}
complete -o default -F _panicdesk panicdesk panicdesk.pyz
"""

_ZSH = """\
#compdef panicdesk panicdesk.pyz
# zsh: save this as _panicdesk in a directory of $fpath, or: source <(panicdesk completion zsh)
_panicdesk() {{
    local -a commands=(
{commands}
    )
    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
        _describe -t commands command commands
        _files
        return
    fi
    case $words[2] in
{cases}
    esac
}}
if [[ $funcstack[1] == _panicdesk ]]; then _panicdesk "$@"; else compdef _panicdesk panicdesk panicdesk.pyz; fi
"""


def completion(shell: str) -> str:
    """The script for ``bash`` or ``zsh``."""
    return _bash() if shell == "bash" else _zsh()


def _bash() -> str:
    options, values = [], []
    for command in ("", *COMMANDS):
        found = actions(command)
        words = [name for action in found for name in action.option_strings]
        options.append(f'                "{command}") words="{" ".join(words)}" ;;')
        for action in found:
            for name in action.option_strings if action.choices else ():
                values.append(f'        "{command} {name}") words="{_choices(command, action)}" ;;')
    for command in COMMANDS:
        listed = (_choices(command, action) for action in actions(command) if not action.option_strings)
        if words := [some for some in listed if some]:
            values.append(f'        "{command} {command}") words="{" ".join(words)}" ;;')
    return _BASH.format(
        commands="|".join(COMMANDS),
        first=" ".join(COMMANDS),
        values="\n".join(values),
        options="\n".join(options),
    )


def _zsh() -> str:
    listed = "\n".join(f"        {_quoted(f'{name}:{about}')}" for name, about in COMMANDS.items())
    cases = []
    for command in (*COMMANDS, ""):
        shift = "shift words; (( CURRENT-- )); " if command else ""
        specs = " ".join(spec for action in actions(command) for spec in _specs(command, action))
        cases.append(f"        {command or '*'}) {shift}_arguments {specs} ;;")
    return _ZSH.format(commands=listed, cases="\n".join(cases))


def _choices(command: str, action: argparse.Action) -> str:
    """What may stand for an argument's value, as far as that can be listed and means nothing to a shell."""
    choices: Iterable[str] = map(str, action.choices or ())
    if action.dest == "name" and command == "train":
        choices = (scenario.name for scenario in scenarios())
    elif action.dest == "name" and command == "lab":
        choices = repeatable()
    return " ".join(choice for choice in choices if _PLAIN.fullmatch(choice))


def _specs(command: str, action: argparse.Action) -> Iterator[str]:
    """The words by which zsh's ``_arguments`` knows one argument."""
    value = ""
    if action.nargs != 0:
        choices = _choices(command, action)
        kind = f"({choices})" if choices else "_files" if action.type is Path else ""
        value = f":{action.metavar or action.dest}:{kind}"
    about = "".join(" " if c in "[]:" else c for c in action.help or "")
    for name in action.option_strings:
        yield _quoted(f"{name}[{about}]{value}")
    if not action.option_strings:
        many = {"+": "*", "?": ":"}.get(str(action.nargs), "")
        yield _quoted(f"{many}{value}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", r"'\''") + "'"
