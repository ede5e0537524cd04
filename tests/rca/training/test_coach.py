"""The coach's rules and the score, on a lesson made here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.training import coach
from rca.training.attempt import Attempt, Phase, StepWork, attempt_from_json, attempt_to_json, new_attempt
from rca.training.calibration import LADDER
from rca.training.coach import NotDueError, Support
from rca.training.lesson import Cited, proves
from rca.training.lessonfile import read_lesson
from rca.training.score import Score, score, score_step
from tests.rca.training.training_samples import LESSON

ALONE = Support(first_hint_given=False, marks_before_hints=False)
REASON = Citation("log", 2, "BUG: it broke")
IDLE = Citation("log", 4, "RIP: idle+0x1")
STRAY = Citation("log", 5, "the end")
FRAME = Citation("bt", 2, "[exception RIP: f+1]")
LESSON_READ = read_lesson(LESSON)
FIRST = LESSON_READ.steps[0]


def at_proof() -> Attempt:
    return coach.predict(LESSON_READ, new_attempt(2), 1)


def work(*marks: Citation, confidence: Confidence = Confidence.PROBABLE, hints: int = 0) -> StepWork:
    return StepWork(1, marks, hints, (), confidence)


def test_a_prediction_comes_before_a_command_and_stands() -> None:
    attempt = new_attempt(2)
    assert attempt.phase is Phase.PREDICT and "Predict first" in coach.may_run(attempt)
    with pytest.raises(NotDueError, match="prediction"):
        coach.mark(attempt, REASON)
    with pytest.raises(NotDueError, match="prediction"):
        coach.hand_in(attempt, Confidence.UNKNOWN)
    with pytest.raises(NotDueError, match="no such choice"):
        coach.predict(LESSON_READ, attempt, 2)
    attempt = at_proof()
    assert attempt.phase is Phase.PROVE and coach.may_run(attempt) == ""
    with pytest.raises(NotDueError):
        coach.predict(LESSON_READ, attempt, 0)


def test_a_step_goes_from_proof_to_review_to_the_next() -> None:
    attempt = coach.mark(at_proof(), REASON)
    assert coach.mark(attempt, REASON).work.marks == ()
    with pytest.raises(NotDueError, match="Mark the lines"):
        coach.hand_in(at_proof(), Confidence.POSSIBLE)
    attempt = coach.hand_in(attempt, Confidence.PROBABLE)
    assert attempt.phase is Phase.REVIEW
    with pytest.raises(NotDueError, match="review"):
        coach.mark(attempt, STRAY)
    attempt = coach.go_on(attempt)
    assert (attempt.at, attempt.phase) == (1, Phase.PREDICT)
    with pytest.raises(NotDueError):
        coach.hand_in_rca(LESSON_READ, attempt, {}, None)


def test_hints_are_a_ladder_that_asks_for_own_words() -> None:
    attempt = coach.hint(LESSON_READ, at_proof(), "", ALONE)
    assert attempt.work.hints == 1
    with pytest.raises(NotDueError, match="in your words"):
        coach.hint(LESSON_READ, attempt, "  ", ALONE)
    for said in ("one", "two \x1b[1m", "three"):
        attempt = coach.hint(LESSON_READ, attempt, said, ALONE)
    assert attempt.work.hints == 4 and attempt.work.told == ("one", "two \\x1b[1m", "three")
    with pytest.raises(NotDueError, match="answer"):
        coach.hint(LESSON_READ, attempt, "four", ALONE)


def test_help_fades_as_lessons_are_finished() -> None:
    assert coach.support(0).first_hint_given and not coach.support(1).first_hint_given
    assert not coach.support(3).marks_before_hints and coach.support(4).marks_before_hints
    newcomer, advanced = coach.support(0), coach.support(9)
    assert coach.shown_hints(StepWork(), newcomer) == 1
    assert coach.hint(LESSON_READ, at_proof(), "own words", newcomer).work.hints == 2
    with pytest.raises(NotDueError, match="Mark a line first"):
        coach.hint(LESSON_READ, at_proof(), "", advanced)
    assert coach.hint(LESSON_READ, coach.mark(at_proof(), STRAY), "", advanced).work.hints == 1


def test_all_paths_earn_all_points() -> None:
    second = (Citation("log", 3, "RIP: f+0x1 [m]"), FRAME)
    for marks in ((REASON,), second):
        assert score_step(FIRST, work(*marks)).earned == FIRST.points


def test_the_log_counts_under_both_its_names() -> None:
    assert proves(FIRST.proofs[0], [replace(REASON, evidence="vmcore-dmesg")]) == 1
    assert proves(FIRST.proofs[0], [replace(REASON, evidence="bt")]) == 0


def test_a_backtrace_counts_wherever_it_is_shown() -> None:
    (proof,) = LESSON_READ.steps[1].proofs
    assert proves(proof, [replace(FRAME, evidence="bt-a")]) == 1
    assert proves(proof, [replace(FRAME, evidence="log")]) == 0


def test_misreads_strays_and_hints_cost() -> None:
    whole = score_step(FIRST, work(REASON)).evidence
    misread = score_step(FIRST, work(REASON, IDLE))
    stray = score_step(FIRST, work(REASON, STRAY))
    assert misread.evidence < stray.evidence < whole
    assert misread.misread[0].note == "It was only interrupted." and stray.stray == (STRAY,)
    shares = [score_step(FIRST, work(REASON, hints=n)).evidence for n in range(5)]
    assert shares == sorted(shares, reverse=True) and shares[4] == 0
    assert score_step(FIRST, work(REASON, hints=4)).shown


def test_a_line_that_goes_the_right_way_adds_little_and_proves_nothing() -> None:
    near = Citation("log", 3, "RIP: near+0x1")
    step = replace(FIRST, adds=(Cited("log", "RIP: near"),))
    nothing, little = score_step(step, work()), score_step(step, work(near))
    assert little.little == (near,) and not little.stray
    assert nothing.evidence < little.evidence < score_step(step, work(FRAME)).evidence
    assert little.carried is Confidence.UNKNOWN and little.found == 0
    assert score_step(step, work(REASON, near)).evidence == score_step(step, work(REASON)).evidence


def test_claiming_more_than_the_lines_carry_earns_nothing() -> None:
    by_claim = {word: score_step(FIRST, work(REASON, confidence=word)) for word in LADDER}
    assert by_claim[Confidence.PROBABLE].calibration == 1
    assert 0 < by_claim[Confidence.UNKNOWN].calibration < by_claim[Confidence.POSSIBLE].calibration < 1
    over = by_claim[Confidence.CONFIRMED]
    assert over.calibration == 0 and over.overclaimed
    nothing = score_step(FIRST, work(STRAY, confidence=Confidence.PROBABLE))
    assert nothing.overclaimed and nothing.carried is Confidence.UNKNOWN
    half = score_step(FIRST, work(FRAME, confidence=Confidence.PROBABLE))
    assert half.overclaimed and half.carried is Confidence.POSSIBLE and half.missing


def finished() -> Attempt:
    attempt = coach.go_on(coach.hand_in(coach.mark(at_proof(), REASON), Confidence.PROBABLE))
    attempt = coach.mark(coach.predict(LESSON_READ, attempt, 0), FRAME)
    return coach.go_on(coach.hand_in(attempt, Confidence.POSSIBLE))


def handed_in(root_cause: str, stated: Confidence | None) -> Score:
    return score(LESSON_READ, coach.hand_in_rca(LESSON_READ, finished(), {"Root Cause": root_cause}, stated))


def test_the_rca_is_compared_point_by_point() -> None:
    good = handed_in("It BROKE in\n f  of m", Confidence.PROBABLE)
    assert good.rca and good.rca.points[0].found and (good.percent, good.overclaims) == (100, 0)
    empty = handed_in("UNKNOWN", None)
    assert empty.rca and not empty.rca.points[0].found and empty.percent < 90
    bold = handed_in("it broke in f of m, idle did it", Confidence.CONFIRMED)
    assert bold.rca and bold.rca.overclaims and bold.overclaims == 2
    assert empty.percent > bold.percent or bold.rca.earned == 0


@pytest.mark.parametrize(
    ("written", "claims"),
    [
        ("idle did it", True),
        ("It broke in f of m. Idle did it.", True),
        ("not the log, but idle did it", True),
        ("Nothing says that idle did it", False),
        ("it is unlikely that idle did it, it broke", False),
    ],
)
def test_what_is_denied_is_not_claimed(written: str, claims: bool) -> None:
    judged = handed_in(written, Confidence.PROBABLE).rca
    assert judged and bool(judged.overclaims) is claims


def test_an_empty_rca_is_not_handed_in_by_a_slip() -> None:
    with pytest.raises(NotDueError, match="Root Cause"):
        handed_in(" \n", Confidence.PROBABLE)


def test_nothing_is_scored_before_it_is_handed_in() -> None:
    begun = score(LESSON_READ, at_proof())
    assert begun.steps == () and begun.rca is None and begun.percent == 0 and begun.evidence == 0


def test_an_attempt_comes_back_from_json() -> None:
    attempt = coach.ran(coach.hint(LESSON_READ, coach.mark(at_proof(), REASON), "", ALONE), "log")
    assert attempt_from_json(attempt_to_json(attempt), 2) == attempt
    done = coach.hand_in_rca(LESSON_READ, finished(), {"Root Cause": "x"}, Confidence.POSSIBLE)
    assert attempt_from_json(attempt_to_json(done), 2) == done
    assert attempt_from_json(attempt_to_json(attempt), 3) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [("hints", 5), ("hints", -1), ("confidence", None), ("reviewed", False), ("marks", [{}])],
)
def test_progress_that_the_rules_do_not_allow_is_no_attempt(key: str, value: object) -> None:
    kept = attempt_to_json(coach.hand_in_rca(LESSON_READ, finished(), {"Root Cause": "x"}, None))
    assert attempt_from_json(kept, 2) is not None
    kept["steps"][0][key] = value
    assert attempt_from_json(kept, 2) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["schema", "steps", "commands", "handed_in", "marks"]), inner, max_size=4
        )
    ),
)


@given(JSON)
def test_damaged_progress_is_no_attempt(data: object) -> None:
    assert attempt_from_json(data, 2) is None
