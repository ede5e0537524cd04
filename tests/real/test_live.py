"""The product on real dumps: the report with the real crash, and the workbench in a real terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rca import lab
from rca.case import Case
from rca.crash.base import START
from rca.evidence import Kind
from tests.real.tmux import PATIENCE, Terminal

pytestmark = pytest.mark.real
ROOT = Path(__file__).resolve().parents[2]


def report(path: Path, state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", "report", str(path), *words],
        cwd=ROOT,
        env={**os.environ, "PANICDESK_STATE": str(state)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_the_report_runs_the_real_crash(panics: dict[str, lab.Panic], tmp_path: Path) -> None:
    died = panics["mlx5-napi-null"]
    found = json.loads(report(died.directory, tmp_path, "--format", "json").stdout)
    steps = {step["number"]: step for step in found["steps"]}
    assert [steps[n]["verdict"] for n in (1, 3, 4, 7, 8)] == ["PASS"] * 5
    assert steps[5]["verdict"] in ("PASS", "WARN") and steps[6]["summary"].startswith("6/6")
    assert found["guilty"] == {"function": "mlx5e_poll_rx_cq", "module": "mlx5_core"}
    assert "mlx5_core" in found["fields"]["Root Cause"]


def test_sysrq_is_confirmed_by_the_dump_and_blames_nobody(
    panics: dict[str, lab.Panic], tmp_path: Path
) -> None:
    found = json.loads(report(panics["sysrq"].directory, tmp_path, "--format", "json").stdout)
    assert (found["kind"], found["confidence"]) == ("sysrq", "confirmed")
    assert found["guilty"] == {"function": "", "module": ""}


def test_a_dump_cut_short_is_said_and_nothing_is_lost(panics: dict[str, lab.Panic], tmp_path: Path) -> None:
    died = panics["mlx5-napi-null"]
    folder = tmp_path / died.directory.name
    folder.mkdir()
    (folder / "vmcore").write_bytes(died.vmcore.read_bytes()[:2_000_000])
    (folder / "vmcore-dmesg.txt").write_bytes(died.dmesg.read_bytes())
    done = report(folder, tmp_path / "state", "--format", "json")
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)
    steps = {step["number"]: step for step in found["steps"]}
    assert steps[3]["verdict"] == "WARN" and "cut short" in steps[3]["summary"] + str(found["warnings"])
    assert steps[5]["verdict"] == "FAIL" and steps[8]["verdict"] == "PASS"
    assert found["guilty"]["module"] == "mlx5_core"


def test_triage_takes_the_log_out_of_a_lone_vmcore(panics: dict[str, lab.Panic], tmp_path: Path) -> None:
    (tmp_path / "vmcore").symlink_to(panics["mlx5-napi-null"].vmcore)
    done = subprocess.run(
        [sys.executable, "-m", "tui", "triage", "--json", str(tmp_path / "vmcore")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert (found["kind"], found["guilty"]["module"], found["warnings"]) == ("null-deref", "mlx5_core", [])


def test_the_workbench_on_the_real_crash(
    panics: dict[str, lab.Panic], tmp_path: Path, terminal: Terminal
) -> None:
    died = panics["mlx5-napi-null"]
    terminal.start([sys.executable, "-m", "tui", str(died.directory)], tmp_path / "state")
    terminal.until(lambda seen: "Baseline" in seen)
    terminal.until(lambda seen: "mlx5e_poll_rx_cq" in seen and "WAIT  7" not in seen)
    terminal.until(lambda seen: "WARN  6" in seen or "PASS  6" in seen)
    terminal.tmux("send-keys", "c", "i")
    terminal.tmux("send-keys", "-l", "mod -t")
    terminal.tmux("send-keys", "Enter")
    terminal.until(lambda seen: "crash> mod -t" in seen and "TAINTS" in seen)
    terminal.tmux("send-keys", "C-c")
    assert "mlx5e_poll_rx_cq" in terminal.screen()


def test_scenario_32_a_killed_workbench_opens_as_it_was(
    panics: dict[str, lab.Panic], tmp_path: Path, terminal: Terminal
) -> None:
    died, state = panics["mlx5-napi-null"], tmp_path / "state"
    argv = [sys.executable, "-m", "tui", str(died.directory)]
    terminal.start(argv, state)
    terminal.until(lambda seen: "ready" in seen and "kmem-s" in seen)
    terminal.tmux("send-keys", "i")
    terminal.tmux("send-keys", "-l", "sym mlx5e_napi_poll")
    terminal.tmux("send-keys", "Enter")
    terminal.until(lambda seen: "(t) mlx5e_napi_poll" in seen)
    terminal.leave()
    terminal.tmux("send-keys", "f")
    terminal.tmux("send-keys", "-l", "Typed before the kill. ")
    (directory,) = (state / "cases").iterdir()
    terminal.until(lambda _: Case.load(directory).form["Incident"].by_person)
    os.kill(int(terminal.tmux("display-message", "-p", "#{pane_pid}")), signal.SIGKILL)
    before = Case.load(directory)
    terminal.start(argv, state)
    terminal.until(lambda seen: "Typed before the kill." in seen)
    terminal.leave()
    terminal.tmux("send-keys", "i")
    terminal.until(lambda seen: "(t) mlx5e_napi_poll" in seen and "ready after" in seen)
    terminal.tmux("send-keys", "Up")
    terminal.until(lambda seen: "crash> sym mlx5e_napi_poll" in seen)
    terminal.tmux("send-keys", "Enter")
    terminal.until(lambda _: "sym-mlx5e_napi_poll-2" in Case.load(directory).evidence)
    after = Case.load(directory)
    for name, item in before.evidence.items():
        if item.kind is Kind.CRASH and name != START:
            assert after.evidence[name] == item, "a command that was captured ran again"
