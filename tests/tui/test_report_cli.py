"""`panicdesk report` as a shell sees it: every format, redaction, templates, attachments, and what goes wrong."""

from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from rca.opening import DEMO
from rca.report.redaction.redactor import FILE
from tests.tui.shell import panicdesk


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def report(home: Path, *words: str, path: Path = DEMO) -> subprocess.CompletedProcess[str]:
    words = ("report", str(path), *words)
    return panicdesk(*words, state=home / "state", PANICDESK_CONFIG=str(home / "config" / "panicdesk"))


def test_every_format_short_and_redacted(home: Path) -> None:
    for name in ("md", "jira", "jira-cloud", "servicenow", "text", "json"):
        done = report(home, "--format", name, "--short", "--redact")
        assert done.returncode == 0, done.stderr
        assert "host-1" in done.stdout and "worker-07" not in done.stdout, name
        assert "mlx5e_poll_rx_cq" in done.stdout
        assert name == "json" or done.stdout.count("\n") <= 30


def test_the_preview_lists_what_would_be_replaced_and_names_are_kept(home: Path) -> None:
    done = report(home, "--preview")
    assert any(line.startswith("host-1  worker-07") for line in done.stdout.splitlines())
    kept = list((home / "state").rglob(FILE))
    assert len(kept) == 1 and json.loads(kept[0].read_text())["names"]["worker-07"] == "host-1"


def test_redaction_is_on_where_the_settings_say(home: Path) -> None:
    (home / "config" / "panicdesk").mkdir(parents=True)
    (home / "config" / "panicdesk" / "config.toml").write_text(
        '[export]\nredact = ["jira"]', encoding="utf-8"
    )
    assert "worker-07" not in report(home, "--format", "jira").stdout
    assert "worker-07" in report(home, "--format", "jira", "--no-redact").stdout
    assert "worker-07" in report(home, "--format", "text").stdout


def test_a_team_s_template_and_a_broken_one(home: Path) -> None:
    folder = home / "config" / "panicdesk" / "templates"
    folder.mkdir(parents=True)
    (folder / "short.txt").write_text("Our ticket\n\nKernel: $kernel\n", encoding="utf-8")
    assert (
        report(home, "--short", "--format", "text").stdout == "Our ticket\n\nKernel: 6.1.0-56-cloud-amd64\n"
    )
    (folder / "short.txt").write_text("Kernel: $kernel\nOS: $system\n", encoding="utf-8")
    done = report(home, "--short")
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and not done.stdout
    assert f"{folder / 'short.txt'}, line 2: unknown name $system" in done.stderr


def test_a_form_goes_out_and_comes_back(home: Path) -> None:
    out = home / "rca.md"
    assert report(home, "--provenance", "-o", str(out)).returncode == 0
    edited = out.read_text(encoding="utf-8").replace("## Impact\n\n", "## Impact\n\n- we noticed\n")
    out.write_text(edited, encoding="utf-8")
    done = report(home, "--form", str(out), "--provenance")
    assert "\n- we noticed [AUTHOR]\n- Node went down" in done.stdout
    out.write_text("something else", encoding="utf-8")
    done = report(home, "--form", str(out))
    assert done.returncode == 1 and "no RCA that was exported with --provenance" in done.stderr
    assert report(home, "--form", str(home / "none.md")).returncode == 1


def test_a_case_as_an_attachment_opens_elsewhere(home: Path) -> None:
    bundle = home / "case.tar.gz"
    assert report(home, "--attach", str(bundle), "--short").returncode == 0
    with tarfile.open(bundle) as tar:
        names = [name.partition("/")[2] for name in tar.getnames()]
    assert {"case.json", "form.json", "evidence/bt.txt", "rca.md", "rca.full.md"} <= set(names)
    done = report(home / "elsewhere", "--short", path=bundle)
    assert done.returncode == 0 and done.stdout == report(home, "--short").stdout
    assert report(home, "--attach", str(home / "case.zip")).returncode == 1
    assert report(home, "--attach", str(home / "no" / "case.tar.gz")).returncode == 1


def test_a_home_that_cannot_be_written_costs_a_sentence(home: Path) -> None:
    (home / "state").write_text("in the way", encoding="utf-8")
    done = report(home, "--short", "--redact")
    assert done.returncode == 0 and "host-1" in done.stdout
    assert "Traceback" not in done.stderr and "cannot be written" in done.stderr


def test_a_report_on_the_demo_says_that_it_is_one(tmp_path: Path) -> None:
    done = report(tmp_path, "--short")
    assert (
        done.stdout.startswith("**Incident:** DEMO: Kernel panic on worker") and "TRAINING" not in done.stdout
    )


@pytest.mark.parametrize("to_file", [False, True])
def test_a_directory_without_dump_and_log_is_said_and_fails(home: Path, to_file: bool) -> None:
    (home / "empty").mkdir()
    done = report(home, *(("-o", str(home / "out.md")) if to_file else ()), path=home / "empty")
    assert done.returncode == 1 and done.stderr.endswith("empty: no dump and no kernel log was found.\n")
    assert "UNKNOWN" in ((home / "out.md").read_text() if to_file else done.stdout)


def test_a_file_that_is_no_dump_is_said_and_fails(home: Path) -> None:
    (home / "vmcore").write_text("some notes\n")
    done = report(home, path=home / "vmcore")
    assert done.returncode == 1 and "vmcore is not a vmcore" in done.stderr
    assert "holds no crash" not in done.stdout


def test_a_log_alone_is_enough(home: Path) -> None:
    (home / "dmesg.txt").write_text(
        "[    1.000000] Linux version 6.1.0\n[    2.000000] usb 1-1: new device\n"
    )
    done = report(home, path=home / "dmesg.txt")
    assert (done.returncode, done.stderr) == (0, "")
