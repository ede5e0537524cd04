"""What the coach says in each phase of a lesson, as text; nothing in it is markup."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from rca.diagnosis.model import Confidence
from rca.training.attempt import Attempt, Phase
from rca.training.calibration import LADDER
from rca.training.coach import Support, shown_hints
from rca.training.debrief import Debrief
from rca.training.lesson import Lesson
from rca.training.lessonfile import RUNGS
from rca.training.score import Score, StepScore


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be chosen now."""

    id: str
    """``predict 0``, ``mark``, ``hint``, ``claim probable``, ``go on``, ``form``, ``hand in``, ``leave``, ``again``."""
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the coach shows."""

    title: str
    text: Text
    choices: tuple[Choice, ...]


def page(lesson: Lesson, attempt: Attempt, score: Score, help_: Support) -> Page:
    """The page that is due."""
    match attempt.phase:
        case Phase.PREDICT:
            return _predict(lesson, attempt)
        case Phase.PROVE:
            return _prove(lesson, attempt, help_)
        case Phase.REVIEW:
            return _review(lesson, attempt, score.steps[attempt.at])
        case Phase.RCA:
            return _rca(lesson)
        case Phase.DEBRIEF:
            return _debrief(lesson, score)


def _title(lesson: Lesson, attempt: Attempt) -> str:
    return f"coach ─ lesson step {attempt.at + 1} of {len(lesson.steps)} ─ {lesson.steps[attempt.at].name}"


def _predict(lesson: Lesson, attempt: Attempt) -> Page:
    step = lesson.steps[attempt.at]
    text = Text()
    if attempt.at == 0:
        text.append(f"{lesson.title}\n", "bold")
        for paragraph in lesson.story.split("\n\n"):
            text.append(f"{' '.join(paragraph.split())}\n")
        text.append("\n")
    text.append("Predict before you look\n", "bold")
    text.append(f"{step.ask}\n\n")
    text.append("Arrows and Enter choose; it cannot be changed. crash answers afterwards.", "dim")
    return Page(
        _title(lesson, attempt),
        text,
        tuple(Choice(f"predict {n}", choice) for n, choice in enumerate(step.choices)),
    )


def _prove(lesson: Lesson, attempt: Attempt, help_: Support) -> Page:
    step, work = lesson.steps[attempt.at], attempt.work
    text = Text(f"{step.task}\n")
    for rung in range(shown_hints(work, help_)):
        text.append(f"\nHint: {RUNGS[rung]}\n", "bold")
        text.append(f"{step.hints[rung]}\n", "not bold")
    text.append("\nYour lines\n", "bold")
    marks = [f"  {line}  {line.text}" for line in work.marks] or ["  none yet"]
    text.append("\n".join(marks) + "\n", "not bold")
    text.append("\nThen hand them in: how sure do they make you of your answer?\n")
    choices = [Choice("mark", "Mark lines")]
    if shown_hints(work, help_) < len(step.hints):
        choices.append(Choice("hint", "Ask for a hint"))
    choices += [Choice(f"claim {word}", f"Hand in as {word}: {word.meaning}") for word in LADDER]
    return Page(_title(lesson, attempt), text, tuple(choices))


def _review(lesson: Lesson, attempt: Attempt, judged: StepScore) -> Page:
    step, work = lesson.steps[attempt.at], attempt.work
    text = Text()
    text.append("Prediction: ", "bold")
    text.append("right\n" if judged.predicted else f"wrong; right is: {step.choices[step.right]}\n")
    text.append(f"{step.why}\n\n")
    text.append("Lines: ", "bold")
    text.append(f"{_of_lines(judged)}\n")
    for misread in judged.misread:
        text.append(f"  misread: {misread.line}\n", "yellow")
        text.append(f"  {misread.note}\n")
    for stray in judged.stray:
        text.append(f"  proves nothing here: {stray}  {stray.text}\n")
    for little in judged.little:
        text.append(f"  adds little: {little}  {little.text}\n")
    for missing in judged.missing:
        text.append(f"  missing: {missing}\n")
    text.append("\nConfidence: ", "bold")
    text.append(f"{_of_confidence(judged, work.confidence or Confidence.UNKNOWN)}\n")
    if judged.missing or judged.misread or judged.shown or judged.calibration < 1:
        text.append("\nThe expert: ", "bold")
        text.append(f"{step.hints[-1]}\n")
    text.append(f"\n{judged.earned:.1f} of {judged.possible:g} points", "bold")
    return Page(_title(lesson, attempt), text, (Choice("go on", "Go on"),))


def _of_lines(judged: StepScore) -> str:
    if judged.shown:
        return "the answer was shown, so they earn nothing"
    if judged.evidence == 1:
        return "they prove it"
    if judged.found == 1:
        return f"they prove it; hints, misreads and stray lines leave {judged.evidence:.0%}"
    return f"{judged.found:.0%} of a proof"


def _of_confidence(judged: StepScore, stated: Confidence) -> str:
    carried = f"{judged.carried} ({judged.carried.meaning})"
    if judged.overclaimed:
        return f"{stated} claims too much: your lines carry {carried} at most"
    if stated is judged.carried:
        return f"{stated} is what your lines carry"
    return f"{stated} is less than your lines carry: {carried}"


def _rca(lesson: Lesson) -> Page:
    text = Text("All steps are done. Now write the RCA, as you would for the ticket.\n\n")
    text.append("The expert wrote something under these headings:\n", "bold")
    for field in dict.fromkeys(point.field for point in lesson.expert.points):
        text.append(f"  {field}\n")
    text.append(
        "\nWrite what the lines carry and no more, and say what stays open. Then state a confidence: "
    )
    text.append("the form's last line, which left and right change.\n\n")
    text.append("Tab goes from field to field. F2 comes back here, to hand in.", "dim")
    choices = (Choice("form", "Go to the form"), Choice("hand in", "Hand in the RCA"))
    return Page("coach ─ the RCA", text, choices)


def _debrief(lesson: Lesson, score: Score) -> Page:
    text = Text(f"{score.percent} %", "bold")
    text.append(f"  {score.earned:.1f} of {score.possible:g} points; time does not count\n", "not bold")
    text.append(f"Evidence {score.evidence} %   Calibration {score.calibration} %   ", "not bold")
    text.append(f"Over-claims {score.overclaims}\n", "not bold")
    if score.rca:
        _compared(text, score.rca)
    text.append("\nThe trap\n", "bold")
    text.append(f"{lesson.trap}\n")
    text.append("\nThe expert's path\n", "bold")
    for number, step in enumerate(lesson.steps, 1):
        text.append(f"{number}. {step.name}: {', '.join(step.commands) or 'the evidence (e)'}\n")
    text.append(
        "\npanicdesk's own reading is shown now: the line below, the steps, the drafts (F4 in a field).\n"
    )
    text.append(f"\n{lesson.source}\n", "dim")
    choices = (Choice("leave", "Leave the lesson"), Choice("again", "Begin it anew"))
    return Page("coach ─ debrief", text, choices)


def _compared(text: Text, found: Debrief) -> None:
    for item in found.points:
        text.append(f"\n{item.point.about} ({item.point.field})\n", "bold")
        text.append(f"  you     {' '.join(item.yours.split()) or 'nothing'}\n")
        text.append(f"  expert  {item.point.says}\n")
        text.append(
            "  found in your words\n" if item.found else "  not found in your words: compare yourself\n",
            "dim",
        )
    for claim in found.overclaims:
        text.append(f"\nOver-claimed ({claim.field})\n", "bold yellow")
        text.append(f"  {claim.note}\n")
    text.append("\nConfidence\n", "bold")
    text.append(f"  you     {found.stated}\n  expert  {found.expert}\n")
    if found.too_sure:
        text.append("  more than the evidence carries\n", "yellow")
