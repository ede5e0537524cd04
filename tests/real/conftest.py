"""Six real panics, made once for all tests that open them."""

from __future__ import annotations

import pytest

from rca import lab

DEATHS = ("mlx5-napi-null", "null-function", "list-corruption", "two-spinlocks", "hung-task", "sysrq")


@pytest.fixture(scope="session")
def panics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, lab.Panic]:
    """Let six machines die, two at a time; by the name of the way."""
    died = lab.panics(DEATHS, tmp_path_factory.mktemp("panics"), jobs=2)
    return {each.way.name: each for each in died}
