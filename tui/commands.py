"""Every command of the workbench, once: the keys, the palette and the help screen are all made from this."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can ask for."""

    id: str
    """The workbench's action, with its arguments."""
    key: str
    label: str
    help: str
    footer: str = ""
    """What the footer line says; empty when the command does not stand there."""
    priority: bool = False
    """Whether the key works while text is being typed."""

    @property
    def name(self) -> str:
        """By which the settings name it: its label in small letters, with hyphens."""
        return self.label.lower().replace(" ", "-")


COMMANDS: tuple[Command, ...] = (
    *(
        Command(f"step({n})", str(n), f"Step {n}", f"Show step {n} of the runbook: verdict, proof and remedy")
        for n in range(10)
    ),
    Command("step(10)", "o", "Step 10", "Show step 10, the RCA report"),
    Command("show('checklist')", "s", "Steps", "Go to the checklist", "0-9 s step"),
    Command("rerun", "r", "Re-run the step", "Collect the selected step's evidence again", "r re-run"),
    Command(
        "decide",
        "v",
        "Your verdict",
        "Set the selected step to PASS, WARN, FAIL or SKIP yourself, with a note",
    ),
    Command("mend", "M", "Mend", "Change the node where that helps: shown in full, and run only after a yes"),
    Command("dumps", "d", "Dumps", "Choose another of the dumps that were found"),
    Command("show('crash')", "c", "crash session", "Go to crash's transcript", "c crash"),
    Command("prompt", "i", "crash prompt", "Type a command at crash's prompt; Esc leaves it"),
    Command("interrupt", "ctrl+c", "Interrupt", "Interrupt the running crash command; never quits", "", True),
    Command("restart", "R", "Restart crash", "End crash and start it anew"),
    Command(
        "attach", "f9", "Bare terminal", "Give crash's prompt to the bare terminal; Ctrl+] brings it back"
    ),
    Command(
        "safe",
        "exclamation_mark",
        "Safe mode",
        "Turn safe mode off for this case, after a question; or on again at once",
    ),
    Command("show('form')", "f", "RCA form", "Go to the RCA form", "f form"),
    Command("show('evidence')", "e", "Evidence", "Go to the list of all evidence", "e evidence"),
    Command(
        "proof",
        "f3",
        "Proof",
        "Show the line on which the edited line of the form, or the selected step, rests",
    ),
    Command(
        "block(1)", "right_square_bracket", "Next command", "Go to the next crash command in the transcript"
    ),
    Command("block(-1)", "left_square_bracket", "Previous command", "Go to the crash command before it"),
    Command("take_draft", "f4", "Take the draft", "Give the field being edited back to the evidence"),
    Command(
        "offer", "f5", "Offer", "Show line by line what the evidence now offers for a field that you wrote"
    ),
    Command(
        "preview", "p", "Preview", "See, copy or write the RCA in any format, short or full, redacted or not"
    ),
    Command(
        "export",
        "x",
        "Export",
        "Write the RCA, as the preview last had it, into the case directory",
        "x export",
    ),
    Command("copy", "y", "Copy the RCA", "Copy the RCA, as the preview last had it, to the clipboard"),
    Command(
        "print", "Y", "Print the RCA", "Leave the screen and print the RCA plainly, for the mouse to copy"
    ),
    Command(
        "cite",
        "S",
        "Send to the form",
        "Put the marked lines, or the one under the cursor, into the form's Evidence, each with its citation",
    ),
    Command(
        "copy_lines",
        "C",
        "Copy lines",
        "Copy the marked lines, or all of the command or evidence under the cursor, to the clipboard",
    ),
    Command("export_lines", "X", "Export lines", "Write them to a file in the case directory instead"),
    Command("search", "slash", "Search", "Search the transcript or the evidence; n and N go on"),
    Command("hit(1)", "n", "Next hit", "Go to the next line that holds it"),
    Command("hit(-1)", "N", "Previous hit", "Go to the previous line that holds it"),
    Command("zoom", "z", "Zoom", "Give the focused pane the whole screen, or take it back"),
    Command("theme", "t", "Colours", "Dark, light, or the terminal's own colours"),
    Command(
        "app.redraw",
        "ctrl+l",
        "Redraw",
        "Draw the whole screen anew, where something wrote over it",
        "",
        True,
    ),
    Command("help", "question_mark", "Help", "Show all keys", "? help"),
    Command("app.quit", "q", "Quit", "Leave; what was typed is saved", "q quit"),
    Command("app.quit", "ctrl+q", "Quit", "Leave, also while typing", "", True),
)

MOVES: tuple[tuple[str, str], ...] = (
    ("j k up down", "Move in the checklist or the transcript"),
    ("g G pgup pgdn", "First line, last line, pages"),
    ("left right", "Sideways in the transcript"),
    ("w b", "Transcript: next and previous word that can be asked about"),
    ("a", "Transcript: the commands that an expert would run on the word under the cursor"),
    ("v", "Transcript: bt -a or foreach bt with identical stacks together, and who waits for whom"),
    (
        "- + _",
        "Transcript: fold the command under the cursor, open it, fold or open all; Enter on its heading too",
    ),
    ("m", "Transcript, evidence: begin to mark lines, or stop; S, C and X take them"),
    ("Tab F1", "crash's prompt: take what is suggested; crash's own help on the command"),
    ("Enter", "Checklist: the step's page; page: its proof; transcript: the prompt; evidence: its text"),
    ("Tab shift+Tab", "Next and previous pane"),
    ("ctrl+z ctrl+y", "Form: undo and redo"),
    ("ctrl+up ctrl+down", "Form: move the line up or down"),
    ("Esc", "Leave the prompt, the search or a form field"),
    ("ctrl+p", "All commands"),
)
"""Keys that belong to a pane; for the help screen only."""

_SHOWN = {
    "exclamation_mark": "!",
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "f3": "F3",
    "f4": "F4",
    "f5": "F5",
    "f9": "F9",
}


def shown(key: str) -> str:
    """A key as people know it."""
    return _SHOWN.get(key, key)


def in_use(app: object) -> tuple[Command, ...]:
    """The commands with the keys that the settings gave them, where the app has read settings."""
    return getattr(app, "commands", COMMANDS)


def bindings() -> list[Binding]:
    """The workbench's bindings; those that the settings may give another key bear the command's name as their id."""
    return [
        Binding(c.key, c.id, c.label, show=False, priority=c.priority, id=None if c.priority else c.name)
        for c in COMMANDS
    ]


_KEY = re.compile(r"\S|F\d{1,2}|(?:(?:ctrl|alt|shift)\+)*(?:\S|[a-z][a-z0-9_]+)")
_MEANT = {word: key for key, word in _SHOWN.items()}
_TAKEN = frozenset(
    {
        *("j", "k", "g", "G", "w", "b", "a", "m", "-", "+", "_", "up", "down", "left", "right", "space"),
        *("enter", "tab", "escape", "ctrl+p", "ctrl+c", "ctrl+l", "F1", "f1", "F2", "f2"),
    }
)
"""Keys that a pane, the coach, or the screen itself keeps."""


def with_keys(wanted: Mapping[str, str]) -> tuple[tuple[Command, ...], tuple[str, ...]]:
    """All commands with the keys that the settings want, and a sentence for each wish that cannot be met."""
    free = {command.name: command for command in COMMANDS if not command.priority}
    problems = [f"keys.{name}: there is no such command." for name in wanted if name not in free]
    granted: dict[str, str] = {}
    for name in wanted.keys() & free.keys():
        if _KEY.fullmatch(wanted[name]) and wanted[name] not in _TAKEN:
            key = wanted[name]
            granted[name] = _MEANT.get(key, key if len(key) == 1 else key.lower())
        else:
            problems.append(f"keys.{name}: {wanted[name]!r} is no key that can be given.")
    while clash := _clash({name: granted.get(name, free[name].key) for name in free}, granted):
        del granted[clash]
        problems.append(f"keys.{clash}: {wanted[clash]!r} is the key of another command.")
    return tuple(_with_key(c, granted.get(c.name, "")) for c in COMMANDS), tuple(sorted(problems))


def _clash(keys: Mapping[str, str], granted: Mapping[str, str]) -> str:
    """The last granted command whose key another command has; empty where each has its own."""
    return next(
        (name for name in sorted(granted, reverse=True) if list(keys.values()).count(keys[name]) > 1), ""
    )


def _with_key(command: Command, key: str) -> Command:
    if not key or command.priority:
        return command
    old, _, words = command.footer.partition(" ")
    footer = f"{shown(key)} {words}" if old == shown(command.key) else command.footer
    return replace(command, key=key, footer=footer)


def footer(columns: int, commands: tuple[Command, ...] = COMMANDS) -> str:
    """The footer line, with as many of the lesser keys as there is room for."""
    line = " " + "  ".join(c.footer for c in commands if c.footer)
    search = next(shown(c.key) for c in commands if c.id == "search")
    for word in (f"{search} search", "^p commands"):
        if len(line) + 2 + len(word) < columns:
            line += f"  {word}"
    return line
