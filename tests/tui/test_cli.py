"""The command line as a shell sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rca.opening import DEMO
from rca.steps.titles import TITLES
from tests.tui.shell import panicdesk


def test_triage_prints_an_object_a_line_and_the_others_still_come(tmp_path: Path) -> None:
    done = panicdesk("triage", "--json", str(tmp_path / "nothing"), str(DEMO), state=tmp_path / "s")
    missing, found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1 and "no such file" in missing["error"]
    assert (found["schema"], found["kind"], found["confidence"]) == (1, "null-deref", "probable")
    assert found["guilty"] == {"function": "mlx5e_poll_rx_cq", "module": "mlx5_core"}
    assert found["taint"] and found["citations"][0]["line"] > 0


def test_triage_for_people_is_one_line(tmp_path: Path) -> None:
    done = panicdesk("triage", str(DEMO), state=tmp_path / "s")
    assert done.returncode == 0 and done.stdout.count("\n") == 1
    assert "mlx5_core" in done.stdout


def test_report_in_json_has_fields_and_steps(tmp_path: Path) -> None:
    done = panicdesk("report", str(DEMO), "--format", "json", state=tmp_path / "s")
    found = json.loads(done.stdout)
    assert [step["number"] for step in found["steps"]] == list(range(len(TITLES)))
    assert found["fields"]["OS"] == "Debian (from the kernel's own banner)"
    assert "mlx5_core" in found["fields"]["Root Cause"]


def test_report_writes_a_private_file(tmp_path: Path) -> None:
    out = tmp_path / "rca.md"
    assert panicdesk("report", str(DEMO), "-o", str(out), state=tmp_path / "s").returncode == 0
    assert out.read_text().startswith("# RCA") and out.stat().st_mode & 0o777 == 0o600


def test_record_of_a_recording_replays_the_same(tmp_path: Path) -> None:
    assert panicdesk("record", str(DEMO), str(tmp_path / "again"), state=tmp_path / "s").returncode == 0
    first = panicdesk("triage", str(DEMO), state=tmp_path / "s").stdout.split(": ", 1)[1]
    assert (
        panicdesk("triage", str(tmp_path / "again"), state=tmp_path / "s").stdout.split(": ", 1)[1] == first
    )
    assert panicdesk("record", str(DEMO), str(tmp_path / "again"), state=tmp_path / "s").returncode == 1


def test_without_a_terminal_it_points_to_report(tmp_path: Path) -> None:
    done = panicdesk("demo", state=tmp_path / "s", TERM="dumb")
    assert done.returncode == 1 and "report" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("triage",), ("report", "--format", "pdf", "x"), ("--nonsense",)])
def test_wrong_usage_is_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    done = panicdesk(*words, state=tmp_path / "s")
    assert done.returncode == 2 and done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [["--help"], ["triage", "--help"], ["report", "--help"]])
def test_help_imports_no_screen(words: list[str]) -> None:
    code = (
        "import sys\nfrom tui.cli import main\n"
        f"try:\n main({words!r})\nexcept SystemExit: pass\n"
        "assert not {'textual', 'rich', 'pexpect'} & set(sys.modules), 'heavy'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_triage_of_a_log_imports_no_programs_no_case_and_no_report(tmp_path: Path) -> None:
    (tmp_path / "vmcore-dmesg.txt").write_text("[    1.0] Kernel panic - not syncing: x\n", encoding="utf-8")
    code = (
        f"import sys\nfrom tui.cli import main\nassert main(['triage', {str(tmp_path)!r}]) == 0\n"
        "heavy = ('subprocess', 'tarfile', 'json', 'rca.case', 'rca.report', 'rca.steps')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("words", [("triage",), ("report",)])
def test_a_locale_without_utf8_ends_nothing(words: tuple[str, ...], tmp_path: Path) -> None:
    log = tmp_path / "\u65e5.txt"
    log.write_text("[    1.0] Kernel panic - not syncing: \u65e5\n", encoding="utf-8")
    done = panicdesk(*words, str(log), state=tmp_path / "s", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "\\u65e5" in done.stdout and "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error_to_tell(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "tui", "report", str(DEMO)]
    environment = {**os.environ, "PANICDESK_STATE": str(tmp_path)}
    with subprocess.Popen(run, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout and child.stderr
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("report", str(DEMO)),
        ("triage", str(DEMO)),
        ("triage", "--json", str(DEMO)),
        ("doctor",),
        ("config",),
        ("completion", "bash"),
        ("man",),
        ("train", "--list"),
        ("lab", "--list"),
        ("--version",),
    ],
)
def test_an_output_that_is_full_costs_a_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tui", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PANICDESK_STATE": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
    assert done.stderr == "panicdesk: standard output cannot be written: No space left on device.\n"
    assert done.returncode == 1
