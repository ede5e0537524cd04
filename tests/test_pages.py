"""The README, docs/ and the Makefile say what is so: commands, links, pictures, tables, and how-tos that work."""

from __future__ import annotations

import html
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rca.diagnosis.kinds import KINDS
from rca.diagnosis.signatures import applying, read_signatures
from rca.opening import DEMO
from rca.report.content import NAMES
from rca.settings import EXAMPLE
from rca.steps.titles import TITLES
from rca.training.scenario import Scenario, scenarios
from rca.triage import triage
from release.pages import keys_page
from tui.arguments import COMMANDS, parser
from tui.manual import actions

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(page: Path) -> str:
    """What stands in code, inline or in blocks."""
    whole = page.read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```.*?\n(.*?)```", whole, re.DOTALL) + re.findall(r"`([^`\n]+)`", whole))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    for line in re.findall(r"^(?:.*[\s=])?(?:panicdesk|panicdesk\.pyz) (.+)$", code(page), re.MULTILINE):
        words = re.split(r"[|#;]", line.replace("\\|", " "))[0].replace("[", " ").replace("]", " ").split()
        command = words[0] if words and words[0] in COMMANDS else ""
        assert command or not words or not re.fullmatch(r"[a-z]+", words[0]), line
        known = {name for action in actions(command) for name in action.option_strings}
        assert {word for word in words if word.startswith("-")} <= known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    assert set(re.findall(r"^make ([a-z]+)", code(page), re.MULTILINE)) <= set(TARGETS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"(?:tui|rca|parsers|tests|release|benchmarks)/[\w./-]*\.(?:py|txt|toml)", code(page))
    assert [name for name in named if "NAME" not in name and not (ROOT / name).is_file()] == []


def test_the_readme_names_every_command() -> None:
    assert [command for command in COMMANDS if f"panicdesk {command}" not in code(ROOT / "README.md")] == []


def test_the_index_names_every_page() -> None:
    linked = re.findall(r"\]\(([\w-]+\.md)\)", text("docs/README.md"))
    assert sorted(linked) == sorted(
        page.name for page in PAGES if page.parent.name == "docs" and page.stem != "README"
    )


def test_the_page_on_training_names_every_scenario_with_its_kernel() -> None:
    table = text("docs/training.md").partition("## Scenarios")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| `([\w-]+)` \| ([\w.-]+)", table, re.MULTILINE))
    shipped = {item.name: item.kernel for item in scenarios() if isinstance(item, Scenario) and item.ours}
    assert told.keys() == shipped.keys()
    assert all(shipped[name].startswith(kernel) for name, kernel in told.items())


def test_pictures_show_the_frames_beside_them() -> None:
    """Those are compared with the program; here, line by line, so that no picture stays behind."""
    pictures = {
        f"snapshots/{name}"
        for page in PAGES
        for name in re.findall(
            r"!\[[^\]]*\]\([^)]*snapshots/([^)]+\.svg)\)", page.read_text(encoding="utf-8")
        )
    }
    assert len(pictures) > 1
    for picture in sorted(pictures):
        frame = text(f"snapshots/frames/{Path(picture).stem}.txt").splitlines()
        shown = [""] * len(frame)
        for number, words in re.findall(r'<text [^>]*line-(\d+)\)"[^>]*>([^<]*)</text>', text(picture)):
            shown[int(number)] += html.unescape(words)
        assert [_ink(line) for line in shown] == [_ink(line) for line in frame], (
            f"{picture} is not of today: make pictures"
        )


def _ink(line: str) -> str:
    """A line without blanks and without a scrollbar's blocks, which no frame has."""
    return re.sub(r"[\s\u2580-\u259f]", "", line)


def test_every_target_explains_itself() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony and set(phony[1].split()) == set(TARGETS)
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make ([a-z]+) +\S", told, re.MULTILINE) == TARGETS


def test_the_keys_page_is_current() -> None:
    assert text("docs/keys.md") == keys_page(), "make docs"


def test_the_pages_tables_are_whole() -> None:
    page = text("docs/triage.md")
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert named == triage({}, path="x").keys()
    assert set(re.findall(r"`([a-z-]+)`", page[page.index("`kind` is one of") + 16 :])) == set(KINDS)
    assert set(re.findall(r"`\$([a-z_]+)`", text("docs/templates.md"))) - {"name"} == set(NAMES)
    told = re.findall(r"^## (\d+) (.*)$", text("docs/steps.md"), re.MULTILINE)
    assert told == [(str(n), title) for n, title in enumerate(TITLES)][: len(told)] and len(told) > 10
    settings = re.findall(r"^# ([a-z_]+) = ", EXAMPLE, re.MULTILINE)
    assert set(re.findall(r"^\| `\w+\.([a-z_]+)` \|", text("docs/settings.md"), re.MULTILINE)) == set(
        settings
    )
    usage = parser().usage or ""
    assert all(command in usage for command in COMMANDS)


def test_the_signature_of_the_page_works() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", text("docs/signatures.md"), re.DOTALL)
    (signature,) = read_signatures(block)
    assert set(tomllib.loads(block)["signature"][0]) == set(
        re.findall(
            r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", text("docs/signatures.md"), re.MULTILINE))
        )
    )
    assert applying(signature.kinds[0], [signature.example], [signature])[0] is signature


def test_who_adds_a_step_by_the_page_touches_two_files(tmp_path: Path) -> None:
    for floor in ("parsers", "rca", "tui"):
        shutil.copytree(ROOT / floor, tmp_path / floor, ignore=shutil.ignore_patterns("__pycache__"))
    how = text("docs/code.md").partition("## Add a step")[2].partition("## Add a signature")[0]
    (block,) = re.findall(r"   ```python\n(.*?)   ```", how, re.DOTALL)
    (tmp_path / "rca/steps/firmware.py").write_text(re.sub(r"^ {3}", "", block, flags=re.MULTILINE))
    titles = tmp_path / "rca/steps/titles.py"
    last = '    ("report", "RCA report"),\n'
    assert last in titles.read_text()
    titles.write_text(titles.read_text().replace(last, f'{last}    ("firmware", "Firmware"),\n'))
    done = subprocess.run(
        [sys.executable, "-m", "tui", "report", str(DEMO)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PANICDESK_STATE": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "| 11 | Firmware | N/A |" in done.stdout, done.stderr


def test_the_hooks_run_programs_of_the_environment() -> None:
    entries = re.findall(r"entry: (.*)", text(".pre-commit-config.yaml"))
    assert len(entries) == 4 and all(entry.startswith(".venv/bin/") for entry in entries)
    files = [word for entry in entries for word in shlex.split(entry) if word.endswith(".py")]
    assert files and all((ROOT / file).is_file() for file in files)
