"""The one file: built twice the same, and run by a Python that has nothing else, where nothing can be written."""

from __future__ import annotations

import ast
import json
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pexpect
import pytest

from release.onefile import ROOT, OneFileError, build
from tests.tui.pty_screen import PtyScreen

BARE = [sys.executable, "-I", "-S"]
"""Python without site-packages, user directory and PYTHON* variables."""
OFFLINE = """
import runpy, sys
def refuse(event, details):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"{event} {details}")
sys.addaudithook(refuse)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
LOG = ROOT / "tests" / "rca" / "diagnosis" / "logs" / "mlx5-napi-null.txt"


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist") / "panicdesk.pyz")


def nothing_is_written() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def run(
    pyz: Path, *words: str, python: tuple[str, ...] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run it with an environment of nothing, without a home, on a disk that takes no byte."""
    return subprocess.run(
        [*BARE, *python, str(pyz), *words],
        capture_output=True,
        text=True,
        env={"PANICDESK_STATE": "/proc/none", **variables},
        cwd="/",
        stdin=subprocess.DEVNULL,
        preexec_fn=nothing_is_written,
        timeout=120,
        check=False,
    )


def test_built_twice_it_is_the_same_file(pyz: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pyz"
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "release.onefile", str(again)]
    subprocess.run(words, env=environment, cwd=tmp_path, check=True, capture_output=True)
    assert again.read_bytes() == pyz.read_bytes()


def test_another_date_changes_times_only(pyz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    with zipfile.ZipFile(build(tmp_path / "later.pyz")) as later, zipfile.ZipFile(pyz) as first:
        assert {entry.date_time for entry in later.infolist()} == {(2023, 11, 14, 22, 13, 20)}
        assert [e.CRC for e in later.infolist()] == [e.CRC for e in first.infolist()]


def test_nothing_in_it_is_bound_to_one_machine(pyz: Path) -> None:
    with zipfile.ZipFile(pyz) as archive:
        names = archive.namelist()
        assert not [name for name in names if name.endswith((".so", ".pyd", ".dylib"))]
        assert names == sorted(names)
        assert not [name for name in names if str(ROOT).encode() in archive.read(name)]
    assert pyz.stat().st_mode & 0o777 == 0o755 and pyz.read_bytes().startswith(b"#!/usr/bin/env python3\n")


def test_it_judges_without_network_home_or_a_disk_that_takes_anything(pyz: Path) -> None:
    done = run(pyz, "triage", "--json", str(LOG), python=("-c", OFFLINE))
    assert done.returncode == 0 and done.stderr == ""
    found = json.loads(done.stdout)
    assert found["guilty"]["module"] == "mlx5_core" and found["known"], "the signatures were not found"


def test_a_report_needs_its_templates_and_words(pyz: Path) -> None:
    done = run(pyz, "report", str(LOG), python=("-c", OFFLINE))
    assert done.returncode == 0 and "mlx5e_poll_rx_cq" in done.stdout and "## " in done.stdout
    assert "nothing will be remembered" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("home", [{}, {"HOME": "/proc/none"}])
def test_the_demo_opens_from_it(pyz: Path, home: dict[str, str]) -> None:
    screen = PtyScreen(
        pexpect.spawn(
            BARE[0],
            [*BARE[1:], str(pyz), "demo"],
            env={"TERM": "xterm-256color", "PANICDESK_STATE": "/proc/none", **home},
            cwd="/",
            preexec_fn=nothing_is_written,
            dimensions=(36, 120),
        )
    )
    try:
        screen.until(lambda seen: "9/9" in seen and "mlx5_core" in seen)
    finally:
        screen.child.close(force=True)


def test_another_python_reads_the_sources(pyz: Path, tmp_path: Path) -> None:
    """Byte code of another Python is passed over: here, spoilt the same way."""
    with zipfile.ZipFile(pyz) as whole, zipfile.ZipFile(tmp_path / "other.pyz", "w") as other:
        for name in whole.namelist():
            data = whole.read(name)
            other.writestr(name, b"\0\0\r\n" + data[4:] if name.endswith(".pyc") else data)
    done = run(tmp_path / "other.pyz", "triage", str(LOG))
    assert done.returncode == 0 and "mlx5_core" in done.stdout


def test_version_names_the_build(pyz: Path) -> None:
    with zipfile.ZipFile(pyz) as archive:
        made_of = (
            archive.read("rca/commit.txt").decode().strip() if "rca/commit.txt" in archive.namelist() else ""
        )
    said = run(pyz, "--version").stdout
    assert said.startswith("panicdesk 0.") and (f"(commit {made_of})" in said if made_of else "(" not in said)


def test_an_old_python_looks_for_a_newer_one_and_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    start = ROOT / "release" / "start.py"
    ast.parse(start.read_text(encoding="utf-8"), feature_version=(3, 4))
    tried = []

    def refuse(name: str, words: list[str]) -> None:
        tried.append(words)
        raise FileNotFoundError

    monkeypatch.setattr("sys.version_info", (3, 6, 8))
    monkeypatch.setattr("sys.argv", ["panicdesk.pyz", "triage", "x"])
    monkeypatch.setattr("os.execvp", refuse)
    with pytest.raises(SystemExit) as ended:
        exec(compile(start.read_text(encoding="utf-8"), "start", "exec"), {})
    assert "3.11 or newer" in str(ended.value) and "this is 3.6" in str(ended.value)
    assert ["python3.11", "panicdesk.pyz", "triage", "x"] in tried


def test_compiled_code_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("release.onefile._COMPILED", (".py",))
    with pytest.raises(OneFileError, match="compiled code"):
        build(tmp_path / "x.pyz")
