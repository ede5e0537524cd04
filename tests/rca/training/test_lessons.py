"""Lessons: what is wrong with one is named, and what is shipped can be walked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.case import Case
from rca.evidence import Kind
from rca.training.check import check, experts_rca, misfits, walk
from rca.training.lessonfile import LessonError, load_lesson, read_lesson
from rca.training.scenario import (
    SHIPPED,
    Broken,
    Scenario,
    ScenarioError,
    find,
    load,
    own_scenarios,
    scenarios,
)
from tests.rca.training.training_samples import LESSON, scenario_at

NAMES = sorted(path.parent.name for path in SHIPPED.glob("*/lesson.toml"))


def changed(old: str, new: str) -> str:
    assert old in LESSON
    return LESSON.replace(old, new, 1)


def test_a_lesson_is_read_whole() -> None:
    lesson = read_lesson(LESSON)
    assert (lesson.title, lesson.difficulty, lesson.minutes, len(lesson.steps)) == ("It broke", 1, 5, 2)
    first = lesson.steps[0]
    assert first.right == 1 and len(first.proofs) == 2 and first.points == 10
    assert str(first.proofs[0][0]) == "log: BUG: it broke"
    assert lesson.steps[1].points == 20 and lesson.expert.worth == 10


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('title = "It broke"\n', "", "no title"),
        ('title = "It broke"', 'title = ""', "title is empty"),
        ("difficulty = 1", "difficulty = 4", "difficulty must be from 1 to 3, not 4"),
        ("difficulty = 1", "difficulty = true", "difficulty must be a whole number"),
        ('kind = "bug-on"', 'kind = "x"', "kind must be one of"),
        ("minutes = 5", 'minutes = 5\ncolour = "red"', "unknown key 'colour'"),
        ('name = "Reason"', 'name = "Reason"\nhint = "x"', "step 1: unknown key 'hint'"),
        ("right = 2", "right = 3", "step 1: right must be from 1 to 2"),
        ('hints = ["where", "field", "command", "answer"]', 'hints = ["where"]', "step 1: hints must be 4"),
        ('"field", "command", "answer"]', '"field", "", "answer"]', "step 1: hints must be a list of texts"),
        ('[["log: BUG: it broke"]', '[["no colon"]', "step 1: proofs 1: 'no colon' is no line"),
        ('[["log: BUG: it broke"], ["log: RIP: f+", "bt: exception RIP"]]', "[]", "step 1: proofs is empty"),
        ('confidence = "probable"', 'confidence = "sure"', "step 1: confidence must be one of"),
        ("[expert]", "[expart]", "expert: no confidence"),
        ('field = "Root Cause"', 'field = "Reason"', "point 1: field must be one of"),
        ('words = [["broke"]', 'words = [[""]', "point 1: words 1 must be a list of texts"),
        ("title =", "title", "is no TOML"),
        ("title =", f"x = {'[' * 9_000}\ntitle =", "is no TOML"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, named: str) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(changed(old, new))
    assert named in str(caught.value)


@given(st.text(max_size=300))
def test_any_text_is_a_lesson_or_an_error(text: str) -> None:
    with pytest.raises(LessonError):
        read_lesson(text)


@given(st.binary(max_size=200))
def test_any_file_is_a_lesson_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("x") / "lesson.toml"
    path.write_bytes(data)
    with pytest.raises(LessonError, match=r"^lesson\.toml: "):
        load_lesson(path)


def test_controls_in_a_lesson_become_visible() -> None:
    lesson = read_lesson(changed('"It broke"', '"It \\u001b[31mbroke\\u202e"'))
    assert lesson.title == "It \\x1b[31mbroke\\u202e"


def test_a_good_scenario_has_no_problem(tmp_path: Path) -> None:
    assert check(scenario_at(tmp_path / "it")) == ()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("log: BUG: it broke", "log: BUG: other", "step 1, proof 1: no line of log holds 'BUG: other'"),
        ("log: BUG: it broke", "ps: BUG", "step 1, proof 1: the case holds no evidence 'ps'"),
        ('"log: RIP: idle"', '"log: RIP: f+"', "step 1, misread: log:3 is also a proof"),
        ('commands = ["log"]', 'commands = ["log", "ps -m"]', "step 1: 'ps -m' was not recorded"),
        ('commands = ["bt"]', "commands = []", "step 2, proof 1: bt is not shown by the commands"),
        (
            'commands = ["bt"]',
            'commands = ["bt"]\nopens = ["x"]',
            "step 2: opens 'x', which the case does not",
        ),
        ("It broke in f of", "It fell in f of", "lacks one of its own words"),
        ("It broke in f of", "It broke, idle did it, in f of", "its own words over-claim"),
        ('why = "So."', 'why = "TODO"', "still to be written"),
        ('title = "It broke"', "", "lesson.toml: no title"),
    ],
)
def test_what_does_not_fit_the_case_is_named(old: str, new: str, named: str, tmp_path: Path) -> None:
    problems = check(scenario_at(tmp_path / "it", changed(old, new)))
    assert any(named in problem for problem in problems), problems


def test_a_citation_that_says_too_little(tmp_path: Path) -> None:
    directory = scenario_at(tmp_path / "it", changed("log: BUG: it broke", "log: e"))
    case = Case.load(directory)
    case.put(
        Case.load(directory)
        .evidence["log"]
        .__class__("log", Kind.CRASH, "log", "x", case.subject.created, ("e",) * 9)
    )
    assert any("9 lines of log hold 'e'" in problem for problem in check(directory))


def test_missing_files_are_named_and_the_others_still_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path))
    scenario_at(own_scenarios() / "good")
    (scenario_at(own_scenarios() / "caseless") / "case.json").unlink()
    scenario_at(own_scenarios() / "wrong", changed("right = 2", "right = 9"))
    found = {item.name: item for item in scenarios()}
    assert isinstance(found["good"], Scenario) and find("good").lesson.title == "It broke"
    caseless, wrong = found["caseless"], found["wrong"]
    assert isinstance(caseless, Broken) and caseless.problem == "has no case.json"
    assert isinstance(wrong, Broken) and "step 1: right" in wrong.problem
    with pytest.raises(ScenarioError, match=r"wrong: lesson\.toml: step 1: right"):
        find("wrong")
    with pytest.raises(ScenarioError, match="there is no scenario 'nothing'"):
        find("nothing")
    assert check(tmp_path / "nothing") == ("lesson.toml: No such file or directory",)


def test_a_scenario_elsewhere_is_found_by_its_directory(tmp_path: Path) -> None:
    directory = scenario_at(tmp_path / "mlx5-napi-null-2")
    assert find(str(directory)).home != find("mlx5-napi-null").home


def test_a_scenario_lies_in_a_directory_of_any_name(tmp_path: Path) -> None:
    directory = scenario_at(tmp_path / os.fsdecode(b"node-\xff"))
    assert find(str(directory)).home.name.startswith("node.")


def test_there_are_ten_scenarios_and_more() -> None:
    shipped = [load(SHIPPED / name) for name in NAMES]
    assert len(shipped) >= 10 and all(isinstance(item, Scenario) for item in shipped)
    kinds = {item.lesson.kind for item in shipped if isinstance(item, Scenario)}
    assert kinds >= {
        "null-deref", "bad-ip", "list-corruption", "soft-lockup", "hung-task", "sysrq", "slab-corruption", "oom",
        "init-killed", "gpf",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_walks_what_is_shipped(name: str) -> None:
    assert check(SHIPPED / name) == ()
    scenario = load(SHIPPED / name)
    assert isinstance(scenario, Scenario)
    done = walk(scenario.lesson, scenario.case().evidence)
    assert done.attempt.handed_in and (done.score.percent, done.score.overclaims) == (100, 0)
    assert set(experts_rca(scenario.lesson)) == {point.field for point in scenario.lesson.expert.points}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shipped_is_small_and_holds_nothing_of_a_machine(name: str) -> None:
    whole = b"".join(path.read_bytes() for path in (SHIPPED / name).rglob("*") if path.is_file())
    assert len(whole) < 400_000
    for trace in (b"/tmp/", b"/home/", b"/root/"):
        assert trace not in whole, trace


def test_the_page_for_authors_shows_a_lesson_that_reads_and_names_every_scenario() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "training.md").read_text(encoding="utf-8")
    lesson = read_lesson(page.split("```toml\n")[1].split("```")[0])
    scenario = load(SHIPPED / "quiet-node")
    assert isinstance(scenario, Scenario) and misfits(lesson, scenario.case().evidence) == []
    assert [name for name in NAMES if f"| `{name}` |" not in page] == []
