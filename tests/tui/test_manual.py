"""The manual page and the shells' completion: they name what the command line knows."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rca.report.export import NAMES
from tui.arguments import COMMANDS, FORMATS, parser
from tui.cli import main
from tui.completion import completion
from tui.manual import actions, manual

EVERY = [(command, action) for command in ("", *COMMANDS) for action in actions(command)]


def plain(page: str) -> str:
    return page.replace(r"\-", "-").replace(r"\e", "\\")


def test_every_argument_says_what_it_is_for() -> None:
    assert [f"{command} {action.dest}" for command, action in EVERY if not action.help] == []


def test_every_command_is_in_the_usage() -> None:
    usage = parser().usage or ""
    assert [command for command in COMMANDS if f"panicdesk {command}" not in usage] == []


def test_the_page_has_every_command_and_argument() -> None:
    page = plain(manual())
    assert all(f".SS {command}\n" in page for command in COMMANDS)
    for _, action in EVERY:
        assert all(rf"\fB{name}\fR" in page for name in action.option_strings)
        assert (action.help or "").splitlines()[0] in page


def test_no_line_of_the_page_is_taken_for_a_request() -> None:
    requests = (".TH ", ".SH ", ".SS ", ".TP", ".PP", ".nf", ".fi", ".BR ")
    assert [
        line for line in manual().splitlines() if line[:1] in (".", "'") and not line.startswith(requests)
    ] == []


def test_groff_takes_the_page_without_a_warning() -> None:
    if groff := shutil.which("groff"):
        done = subprocess.run(
            [groff, "-man", "-Tutf8", "-ww"], input=manual(), capture_output=True, text=True
        )
        assert done.stderr == "" and "interrupted" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_shell_takes_the_script(shell: str, tmp_path: Path) -> None:
    script = completion(shell)
    assert all(name in script for _, action in EVERY for name in action.option_strings)
    if program := shutil.which(shell):
        (tmp_path / "script").write_text(script)
        done = subprocess.run([program, "-n", str(tmp_path / "script")], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["tri"], ["triage"]),
        (["--ver"], ["--version"]),
        (["triage", "--j"], ["--json"]),
        (["report", "--format", "jira-"], ["jira-cloud"]),
        (["completion", "z"], ["zsh"]),
        (["train", "mlx5-nap"], ["mlx5-napi-null"]),
        (["lab", "san"], ["san-node"]),
        (["lab", "patched"], []),
        (["triage", "a"], []),
        (["somewhere", "--no-m"], ["--no-mouse"]),
    ],
)
def test_bash_completes(typed: list[str], offered: list[str]) -> None:
    program = shutil.which("bash")
    assert program
    asked = 'COMP_WORDS=(panicdesk "$@"); COMP_CWORD=$#; _panicdesk; printf "%s\\n" "${COMPREPLY[@]}"'
    ask = f"{completion('bash')}\n{asked}"
    done = subprocess.run([program, "-c", ask, "bash", *typed], capture_output=True, text=True, check=True)
    assert done.stdout.split() == offered and not done.stderr


def test_no_scenario_of_ones_own_is_run_by_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path))
    for name in ("own-1", '"$(touch x)'):
        (tmp_path / "scenarios" / name).mkdir(parents=True)
        (tmp_path / "scenarios" / name / "lesson.toml").write_text("")
    script = completion("bash")
    assert "own-1" in script and "touch" not in script and "touch" not in completion("zsh")


@pytest.mark.parametrize("words", [["man"], ["completion", "bash"], ["completion", "zsh"], ["config"]])
def test_they_are_commands_without_a_screen(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0 and capsys.readouterr().out
    code = f"import sys; from tui.cli import main; main({words!r}); assert 'textual' not in sys.modules"
    if words != ["config"]:  # which checks the keys against the workbench's
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_formats_are_those_of_the_report() -> None:
    assert FORMATS == NAMES
