"""The lines that always stand: who and when above, the diagnosis below."""

from __future__ import annotations

from rich.text import Text

from parsers.text import visible
from rca.diagnosis.titles import for_people
from rca.diagnosis.waiting import only_waits
from rca.steps import mandatory
from rca.steps.base import Facts
from rca.steps.openchecks import open_checks
from rca.verdict import Badge, Verdict

BAR = " │ "


def header_line(facts: Facts, subject: str, system: str, unsaved: str) -> Text:
    """``panicdesk  NODE │ SYSTEM │ crashed RELEASE │ TIME``; without a node, what was opened.

    Trouble stands first.
    """
    diagnosis = facts.diagnosis
    header = facts.dump.header if facts.dump else None
    node = (header.node if header else "") or (diagnosis.node if diagnosis else "")
    when = (header.crash_time if header else None) or (diagnosis.crash_time if diagnosis else None)
    parts = [node or subject or facts.source_name, system.partition(" (")[0]]
    if facts.crashed_release:
        parts.append(f"crashed {facts.crashed_release}")
    if when:
        parts.append(f"{when:%Y-%m-%d %H:%M:%SZ}")
    if facts.dumps and len(facts.dumps) > 1 and facts.dump:
        parts.append(f"dump {facts.dumps.index(facts.dump) + 1} of {len(facts.dumps)}")
    text = Text(" panicdesk  ", "bold", no_wrap=True, overflow="ellipsis")
    if not facts.safe:
        text.append("SAFE MODE OFF", "bold red")
        text.append(BAR, "not bold")
    if unsaved:
        text.append(visible(f"NOT SAVED: {unsaved}"), "bold red")
        text.append(BAR, "not bold")
    text.append(visible(BAR.join(part for part in parts if part)), "not bold")
    return text


def tallies(facts: Facts) -> dict[int, str]:
    """How far the steps are that count something: the mandatory commands and the form."""
    return {6: mandatory.tally(facts), 10: f"{facts.filled}/{facts.fields}"}


def verdict_lines(facts: Facts, cause: Verdict | None) -> Text:
    """The diagnosis in two lines; until step 7, `cause`, is done with reading, what is read."""
    text = Text(no_wrap=True, overflow="ellipsis")
    diagnosis = facts.diagnosis
    if diagnosis is None or not diagnosis.title:
        reading = f". {cause.summary}" if cause and cause.badge is Badge.RUN else ""
        nothing = " No crash found in what was read" if diagnosis and not reading else " No diagnosis yet"
        text.append(visible(nothing + reading), "dim")
        return text
    text.append(f" {diagnosis.confidence.value.capitalize()}: ", "bold")
    text.append(for_people(diagnosis.title))
    count = len(diagnosis.citations)
    guilty = " in ".join(part for part in (diagnosis.guilty.function, diagnosis.guilty.module) if part)
    parts = [
        f"waits in: {guilty}" if only_waits(diagnosis) else f"guilty: {guilty or 'unknown'}",
        f"{count} citation{'' if count == 1 else 's'}",
    ]
    if checks := open_checks(facts):
        parts.append(f"next: {checks[0]}")
    text.append(f"\n {BAR.join(parts)}")
    text.expand_tabs(8)
    return text
