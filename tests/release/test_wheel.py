"""Wheel and sdist: what they carry, and that they install and run."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from release.commit import commit
from release.onefile import ROOT

LOG = ROOT / "tests" / "rca" / "diagnosis" / "logs" / "mlx5-napi-null.txt"


def hatchling(tree: Path, out: Path, target: str) -> Path:
    """Build in a tree, as pip and uv have it done; gives the one file that it made."""
    words = [sys.executable, "-m", "hatchling", "build", "--directory", str(out), "--target", target]
    done = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = (path for path in out.iterdir() if path.suffix in (".gz", ".whl"))
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is made of the sdist, outside any repository."""
    place = tmp_path_factory.mktemp("release")
    with tarfile.open(hatchling(ROOT, place / "sdist", "sdist")) as archive:
        archive.extractall(place, filter="data")
    (tree,) = place.glob("panicdesk-*")
    return hatchling(tree, place / "wheel", "wheel")


def test_the_wheel_carries_code_data_and_the_commit(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        assert len(names) == len(archive.namelist())
        assert {
            "tui/app.tcss",
            "rca/report/templates/full.txt",
            "rca/recordings/mlx5-napi-null/case.json",
        } <= names
        if made_of := commit(ROOT):
            assert archive.read("rca/commit.txt").decode().strip() == made_of
    own = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert own == {"tui", "rca", "parsers"}


def test_the_wheel_installs_and_runs(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home)
    python = str(home / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    environment = {
        **os.environ,
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PANICDESK_STATE": str(tmp_path),
    }
    run = [str(home / "bin" / "panicdesk"), "triage", str(LOG)]
    done = subprocess.run(run, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "mlx5_core" in done.stdout, done.stderr
