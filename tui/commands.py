"""Every command of the workbench, once: the keys, the palette and the help screen are all made from this."""

from __future__ import annotations

from dataclasses import dataclass

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


COMMANDS: tuple[Command, ...] = (
    *(
        Command(f"step({n})", str(n), f"Step {n}", f"Show step {n} of the runbook: verdict, proof and remedy")
        for n in range(10)
    ),
    Command("step(10)", "o", "Step 10", "Show step 10, the RCA report"),
    Command("show('checklist')", "s", "Steps", "Go to the checklist", "0-9 s step"),
    Command("rerun", "r", "Re-run the step", "Collect the selected step's evidence again", "r re-run"),
    Command("show('crash')", "c", "crash session", "Go to crash's transcript", "c crash"),
    Command("prompt", "i", "crash prompt", "Type a command at crash's prompt; Esc leaves it"),
    Command("interrupt", "ctrl+c", "Interrupt", "Interrupt the running crash command; never quits", "", True),
    Command("restart", "R", "Restart crash", "End crash and start it anew"),
    Command("show('form')", "f", "RCA form", "Go to the RCA form", "f form"),
    Command("show('evidence')", "e", "Evidence", "Go to the list of all evidence", "e evidence"),
    Command("proof", "f3", "Proof", "Show the line on which the edited field or the selected step rests"),
    Command(
        "block(1)", "right_square_bracket", "Next command", "Go to the next crash command in the transcript"
    ),
    Command("block(-1)", "left_square_bracket", "Previous command", "Go to the crash command before it"),
    Command("take_draft", "f4", "Take the draft", "Give the field being edited back to the evidence"),
    Command("export", "x", "Export", "Write rca.md into the case directory", "x export"),
    Command("copy", "y", "Copy the RCA", "Copy the RCA's markdown to the clipboard"),
    Command(
        "print", "Y", "Print the RCA", "Leave the screen and print the RCA plainly, for the mouse to copy"
    ),
    Command("search", "slash", "Search", "Search the transcript or the evidence; n and N go on"),
    Command("hit(1)", "n", "Next hit", "Go to the next line that holds it"),
    Command("hit(-1)", "N", "Previous hit", "Go to the previous line that holds it"),
    Command("zoom", "z", "Zoom", "Give the focused pane the whole screen, or take it back"),
    Command("theme", "t", "Colours", "Dark, light, or the terminal's own colours"),
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
    ("m", "Transcript: begin to mark lines, or stop"),
    ("Tab F1", "crash's prompt: take what is suggested; crash's own help on the command"),
    ("Enter", "Checklist: the step's page; page: its proof; transcript: the prompt; evidence: its text"),
    ("Tab shift+Tab", "Next and previous pane"),
    ("Esc", "Leave the prompt, the search or a form field"),
    ("ctrl+p", "All commands"),
)
"""Keys that belong to a pane; for the help screen only."""

_SHOWN = {
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "f3": "F3",
    "f4": "F4",
}


def shown(key: str) -> str:
    """A key as people know it."""
    return _SHOWN.get(key, key)


def bindings() -> list[Binding]:
    """The workbench's bindings."""
    return [Binding(c.key, c.id, c.label, show=False, priority=c.priority) for c in COMMANDS]


def footer(columns: int) -> str:
    """The footer line, with as many of the lesser keys as there is room for."""
    line = " " + "  ".join(c.footer for c in COMMANDS if c.footer)
    for word in ("/ search", "^p commands"):
        if len(line) + 2 + len(word) < columns:
            line += f"  {word}"
    return line
