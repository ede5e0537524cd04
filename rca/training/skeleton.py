"""A lesson's first draft beside a new recording: its steps cite what the diagnosis rests on; a person writes the rest.

Everything that is still to be written says TODO, which `rca.training.check` does not let pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from rca.crash.base import evidence_id
from rca.diagnosis.model import Diagnosis
from rca.evidence import Citation, Evidence
from rca.training.lesson import SAME_TEXT
from rca.training.lessonfile import RUNGS

TODO = "TODO"
COMMANDS = ("mod -t", "ps", "ps -S", "ps -m", "foreach UN bt", "runq", "bt -l", "bt -f", "dev -d", "help")
"""What a learner is likely to ask beside the mandatory commands."""
_CHANGING = re.compile(r"\[ *\d+\.\d+\]|\b(?:0x)?[0-9a-f]{8,16}\b|[\[\]]")
"""What is another at the next recording: time stamps and addresses; and the brackets around them."""
_LONGEST = 60

_STEPS = (
    ("What killed it", "log", SAME_TEXT),
    ("Where it died", "bt", frozenset({"bt"})),
    ("What the other CPUs did", "bt -a", frozenset({"bt-a"})),
)


def skeleton(diagnosis: Diagnosis | None, evidence: Mapping[str, Evidence]) -> str:
    """The lesson's text, which `rca.training.lessonfile.read_lesson` reads."""
    found = diagnosis or Diagnosis()
    heads = [
        f'title = "{TODO} what the learner knows at first"',
        "difficulty = 1",
        "minutes = 20",
        f"kind = {_quoted(found.kind)}",
        f'trap = "{TODO} what misleads here"',
        f'story = "{TODO} who calls, and what is known"',
        f'source = "{TODO} where the case comes from, and what of it was written by hand"',
    ]
    steps = [
        _step(name, command, proof)
        for name, command, among in _STEPS
        if evidence_id(command) in evidence
        and (proof := _proof(found, evidence[evidence_id(command)], among))
    ]
    expert = [
        "[expert]",
        f"confidence = {_quoted(found.confidence)}",
        "",
        "[[expert.point]]",
        'about = "Root cause"',
        'field = "Root Cause"',
        f"says = {_quoted(f'{TODO} {found.title}')}",
        f'words = [["{TODO}"]]',
    ]
    return "\n\n".join(["\n".join(heads), *steps, "\n".join(expert)]) + "\n"


def _step(name: str, command: str, proof: list[str]) -> str:
    lines = [
        "[[step]]",
        f"name = {_quoted(name)}",
        f'ask = "{TODO} what to predict before {command}"',
        f'choices = ["{TODO} right", "{TODO} wrong"]',
        "right = 1",
        f'why = "{TODO}"',
        f'task = "{TODO} what the lines are to show"',
        f"commands = [{_quoted(command)}]",
        f"proofs = [[{', '.join(map(_quoted, proof))}]]",
        'confidence = "possible"',
        "hints = [",
        *(f'  "{TODO} {rung}",' for rung in RUNGS),
        "]",
    ]
    return "\n".join(lines)


def _proof(found: Diagnosis, item: Evidence, among: frozenset[str]) -> list[str]:
    """Up to two lines that the diagnosis rests on; else the guilty frame; else the first line that says something."""
    cited = [line for line in found.citations if line.evidence in among]
    said = [item.cite(n) for n, text in enumerate(item.lines, 1) if text.strip()]
    frame = [line for line in said if found.guilty.function and found.guilty.function in line.text]
    lines = (cited or frame[:1] or said[:1])[:2]
    return list(dict.fromkeys(f"{item.id}: {_lasting(line)}" for line in lines))


def _lasting(line: Citation) -> str:
    """The longest part of a line that a new recording of the same crash has too."""
    return max((part.strip() for part in _CHANGING.split(line.text)), key=len)[:_LONGEST].strip() or line.text


def _quoted(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)
