"""What all tests share: a home and settings of their own, no deadline, and what becomes of those on real panics.

Tests marked `real` run wherever their programs are installed; where they are not, this says so, loudly.
With PANICDESK_REAL=required or CI=true a missing program fails these tests instead of skipping them.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rca import lab
from rca.crash.drgn.engine import find_drgn
from rca.lab.tools import find

settings.register_profile("panicdesk", deadline=None)  # how long an example takes is no property
settings.load_profile("panicdesk")

_BESIDE = {"crash": "crash", "tmux": "tmux", "sshd": "openssh-server", "kubectl": "kubernetes-client"}
"""What the tests need beside the lab: program → Debian package."""
_REAL = pytest.StashKey[int]()


@pytest.fixture(autouse=True, scope="session")
def no_team_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the machine's user has configured is no part of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANICDESK_CONFIG", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A test's cases are its own: nothing is found in, or left in, the home of whoever runs it."""
    monkeypatch.setenv("PANICDESK_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@functools.cache
def _missing() -> tuple[str, ...]:
    beside = [f"{name} (package {package})" for name, package in _BESIDE.items() if find(name) is None]
    second = () if find_drgn() else ("drgn (pip install panicdesk[drgn])",)
    return (*lab.missing(), *beside, *second)


def _required() -> bool:
    return os.environ.get("PANICDESK_REAL") == "required" or os.environ.get("CI", "").lower() in ("1", "true")


def _real(items: Iterable[pytest.Item]) -> int:
    return sum(1 for item in items if item.get_closest_marker("real"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[_REAL] = _real(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if not item.get_closest_marker("real") or not _missing():
        return
    pytest.skip(f"not installed: {'; '.join(_missing())}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where all must run, a skipped test is a failed one, whatever it was skipped for."""
    report = yield
    if report.skipped and _required() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here: {reason.removeprefix('Skipped: ')}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    count = config.stash.get(_REAL, 0)
    if not count or not _missing():
        return
    done = "FAILED" if _required() else "WERE SKIPPED"
    terminalreporter.section(f"{count} TESTS ON REAL PANICS {done}", sep="!", red=True, bold=True)
    terminalreporter.write_line("They need programs that this machine lacks:")
    for phrase in _missing():
        terminalreporter.write_line(f"  {phrase}")
    beside = " ".join(_BESIDE.values()).replace("crash ", "")
    terminalreporter.write_line(
        f"On Debian 12: apt-get install --no-install-recommends $(sh rca/lab/packages.sh) {beside}"
    )
