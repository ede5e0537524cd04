"""Validating a scenario: every cited line exists, every path proves its point, and a machine can walk the expert's.

What is wrong with a lesson's own form, `rca.training.lessonfile` says when it reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rca.crash.base import START, normal
from rca.crash.replay import spelled_out
from rca.evidence import Evidence, Kind
from rca.lab import WAYS
from rca.training import coach
from rca.training.attempt import Attempt, new_attempt
from rca.training.lesson import SAME_TEXT, Cited, Lesson
from rca.training.lessonfile import FILE
from rca.training.scenario import Broken, ScenarioError, load
from rca.training.score import Score, score
from rca.training.skeleton import TODO

MANY = 6
"""A citation that names more lines than this says too little of the one that it means."""
LARGE = 400_000
"""Bytes of one scenario: they are copied, shipped and kept in a repository."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A machine's way along the expert's path."""

    attempt: Attempt
    score: Score


def check(directory: Path) -> tuple[str, ...]:
    """What is wrong with the scenario in a directory, one sentence each; empty when it can be shipped."""
    scenario = load(directory)
    if isinstance(scenario, Broken):
        return (scenario.problem,)
    try:
        evidence = scenario.case().evidence
    except ScenarioError as error:
        return (str(error),)
    lesson = scenario.lesson
    if TODO in (directory / FILE).read_text(encoding="utf-8"):
        return (f"{FILE}: something is still to be written: look for {TODO}",)
    problems = [*misfits(lesson, evidence), *_size(directory)]
    if lesson.lab and lesson.lab not in WAYS:
        problems.append(f"lab: there is no way {lesson.lab!r}")
    return tuple(problems)


def misfits(lesson: Lesson, evidence: Mapping[str, Evidence]) -> list[str]:
    """Where a lesson does not fit the evidence that it speaks of; those of a step begin with ``step N``."""
    problems = [*_lines(lesson, evidence), *_commands(lesson, evidence)]
    return problems or list(_paths(lesson, evidence))


def walk(lesson: Lesson, evidence: Mapping[str, Evidence], path: int = 0) -> Walk:
    """Do what the expert does: right predictions, the lines of a step's proof, the confidence they carry, the RCA.

    Args:
        lesson: One without a problem.
        evidence: The recorded case's.
        path: Which proof to take in each step, from 0; a step with fewer takes its last.
    """
    attempt = new_attempt(len(lesson.steps))
    for step in lesson.steps:
        attempt = coach.predict(lesson, attempt, step.right)
        for command in step.commands:
            attempt = coach.ran(attempt, command)
        for cited in step.proofs[min(path, len(step.proofs) - 1)]:
            attempt = coach.mark(attempt, cited.found(evidence)[0])
        attempt = coach.go_on(coach.hand_in(attempt, step.confidence))
    attempt = coach.hand_in_rca(lesson, attempt, experts_rca(lesson), lesson.expert.confidence)
    return Walk(attempt, score(lesson, attempt))


def experts_rca(lesson: Lesson) -> dict[str, str]:
    """The expert's points as text by heading."""
    found: dict[str, str] = {}
    for point in lesson.expert.points:
        found[point.field] = "\n".join(filter(None, (found.get(point.field), point.says)))
    return found


def _lines(lesson: Lesson, evidence: Mapping[str, Evidence]) -> Iterator[str]:
    for place, cited in lesson.cited:
        if cited.evidence not in evidence:
            yield f"{place}: the case holds no evidence {cited.evidence!r}"
            continue
        found = cited.found(evidence)
        own = [line for line in found if line.evidence == cited.evidence]
        if not own:
            yield f"{place}: no line of {cited.evidence} holds {cited.says!r}"
        elif len(own) > MANY:
            yield f"{place}: {len(own)} lines of {cited.evidence} hold {cited.says!r}; say more of the one meant"
    for number, step in enumerate(lesson.steps, 1):
        proving = [line for proof in step.proofs for cited in proof for line in cited.found(evidence)]
        for misread in step.misreads:
            for line in misread.line.found(evidence):
                if line in proving:
                    yield f"step {number}, misread: {line} is also a proof"


def _commands(lesson: Lesson, evidence: Mapping[str, Evidence]) -> Iterator[str]:
    answered = {normal(item.what) for item in evidence.values() if item.kind is Kind.CRASH and item.ok}
    seen = {START, *SAME_TEXT}
    for number, step in enumerate(lesson.steps, 1):
        for command in step.commands:
            if spelled_out(command) not in answered:
                yield f"step {number}: {command!r} was not recorded"
        for name in step.opens:
            if name not in evidence:
                yield f"step {number}: opens {name!r}, which the case does not hold"
        seen |= {
            name for name, item in evidence.items() if normal(item.what) in map(spelled_out, step.commands)
        }
        for cited in step.proofs[0]:
            if _hidden(cited, seen, evidence):
                yield f"step {number}, proof 1: {cited.evidence} is not shown by the commands up to here"


def _hidden(cited: Cited, seen: set[str], evidence: Mapping[str, Evidence]) -> bool:
    """Whether a cited line is crash's answer to what the expert's path has not asked yet."""
    item = evidence.get(cited.evidence)
    return item is not None and item.kind is Kind.CRASH and cited.evidence not in seen


def _paths(lesson: Lesson, evidence: Mapping[str, Evidence]) -> Iterator[str]:
    for path in range(max(len(step.proofs) for step in lesson.steps)):
        judged = walk(lesson, evidence, path).score
        for number, step in enumerate(judged.steps, 1):
            if step.earned < step.possible:
                yield f"step {number}: proof {path + 1} does not earn all points"
        if path or judged.rca is None:
            continue
        for item in judged.rca.points:
            if not item.found:
                yield f"expert: what it says of {item.point.about!r} lacks one of its own words"
        for claim in judged.rca.overclaims:
            yield f"expert: its own words over-claim: {claim.note}"


def _size(directory: Path) -> Iterator[str]:
    size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    if size > LARGE:
        yield f"it takes {size:,} bytes; leave out what no lesson needs, to stay under {LARGE:,}"
