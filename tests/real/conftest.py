"""Six real panics, made once for all tests that open them, and a real terminal."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rca import lab
from tests.real.tmux import Terminal

DEATHS = ("mlx5-napi-null", "null-function", "list-corruption", "two-spinlocks", "hung-task", "sysrq")


@pytest.fixture(scope="session")
def panics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, lab.Panic]:
    """Let six machines die, two at a time; by the name of the way."""
    died = lab.panics(DEATHS, tmp_path_factory.mktemp("panics"), jobs=2)
    return {each.way.name: each for each in died}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    window = Terminal(tmp_path / "tmux", 120, 36)
    yield window
    subprocess.run([*window._tmux, "kill-server"], capture_output=True, check=False)
