"""A small case with a lesson, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rca.case import Case, Subject
from rca.evidence import Evidence, Kind

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LOG = ("quiet", "BUG: it broke", "RIP: f+0x1 [m]", "RIP: idle+0x1", "the end")
BT = ("PID: 0", "[exception RIP: f+1]", "#7 g at 1 [m]")
LESSON = """
title = "It broke"
difficulty = 1
minutes = 5
kind = "bug-on"
trap = "idle"
story = "At night."
source = "Written for a test."

[[step]]
name = "Reason"
ask = "What will it say?"
choices = ["wrong", "right"]
right = 2
why = "Because."
task = "Mark it."
commands = ["log"]
proofs = [["log: BUG: it broke"], ["log: RIP: f+", "bt: exception RIP"]]
confidence = "probable"
hints = ["where", "field", "command", "answer"]

[[step.misread]]
line = "log: RIP: idle"
note = "It was only interrupted."

[[step]]
name = "Place"
ask = "Where?"
choices = ["here", "there"]
right = 1
why = "So."
task = "Mark the frame."
commands = ["bt"]
proofs = [["bt: exception RIP"]]
confidence = "possible"
hints = ["where", "field", "command", "answer"]
points = 20

[expert]
confidence = "probable"
worth = 10

[[expert.point]]
about = "Mechanism"
field = "Root Cause"
says = "It broke in f of the module m."
words = [["broke"], ["f of", "module m"]]

[[expert.overclaim]]
field = "Root Cause"
words = ["idle did it"]
note = "It was interrupted."
"""


def crash_said(command: str, *lines: str) -> Evidence:
    """An answer of crash."""
    return Evidence(command.replace(" -", "-"), Kind.CRASH, command, "folder", WHEN, lines)


def scenario_at(directory: Path, lesson: str = LESSON) -> Path:
    """A scenario in a new directory."""
    case = Case.create(directory, Subject("folder", "", "folder", WHEN))
    case.put(crash_said("log", *LOG))
    case.put(crash_said("bt", *BT))
    case.put(Evidence("vmcore-dmesg", Kind.FILE, "/var/crash/x/vmcore-dmesg.txt", "folder", WHEN, LOG))
    (directory / "lesson.toml").write_text(lesson, encoding="utf-8")
    return directory
