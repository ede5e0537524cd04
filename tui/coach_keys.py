"""The keys that a training adds to the workbench's, and the footer of each of its panes."""

from __future__ import annotations

from tui.commands import COMMANDS, Command, shown

COACH_KEYS: tuple[tuple[str, str], ...] = (
    ("F2", "Coach: go to the coach, from anywhere"),
    ("m", "Coach: mark lines as proof, from the line under the cursor; Space or Enter marks, Esc comes back"),
    ("up down Enter", "Coach: choose an answer, a hint, a confidence"),
    ("Space pgdn pgup", "Coach: read on, and back"),
)
"""For the help screen. They stay as they are."""

_FOOTERS = {
    "coach": "arrows and Enter choose  {i} prompt  m mark lines  {e} evidence  {help} help  {q} quit",
    "crash": "{i} prompt, Esc leaves it  m mark lines  {search} search  F2 coach  {help} help  {q} quit",
    "form": "Tab next field  Esc leaves the field  F2 coach, to hand in",
}
_ELSEWHERE = "F2 coach  m mark lines  {i} prompt  {c} crash  {e} evidence  {f} form  {help} help  {q} quit"


def training_footer(pane: str, commands: tuple[Command, ...] = COMMANDS) -> str:
    """What one can do next in a pane; fits 80 columns with the keys as they are shipped."""
    keys = {command.name: shown(command.key) for command in commands if not command.priority}
    return " " + _FOOTERS.get(pane, _ELSEWHERE).format(
        i=keys["crash-prompt"],
        c=keys["crash-session"],
        e=keys["evidence"],
        f=keys["rca-form"],
        search=keys["search"],
        help=keys["help"],
        q=keys["quit"],
    )
