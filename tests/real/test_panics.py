"""Six machines really die; their dumps are read, judged and opened with the real crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parsers.text import to_lines
from rca import lab
from rca.crash.base import MANDATORY, SessionState
from rca.crash.launch import launch
from rca.crash.locate import find_crash, find_vmlinux
from rca.crash.session import CrashSession
from rca.evidence import Evidence, Kind
from rca.sources.dumps import read_dump_header
from rca.triage import triage
from tests.rca.crash.standin import Recorder

pytestmark = pytest.mark.real

KINDS = {
    "mlx5-napi-null": {"null-deref"},
    "null-function": {"null-deref", "bad-ip"},
    "list-corruption": {"list-corruption"},
    "two-spinlocks": {"soft-lockup"},
    "hung-task": {"hung-task"},
    "sysrq": {"sysrq"},
}
PATIENCE = 300.0
"""Seconds for one wait on the real crash, on a slow and busy machine: only ever reached by a failure."""

Panics = dict[str, lab.Panic]
each_death = pytest.mark.parametrize("name", KINDS)


class Patient(Recorder):
    """A listener that waits as long as a real dump takes, and not for a crash that is dead."""

    def until(self, condition: Callable[[], object]) -> None:
        def dead() -> bool:
            return bool(self.states) and self.states[-1][0] is SessionState.DEAD

        with self._news:
            self._news.wait_for(lambda: bool(condition()) or dead(), PATIENCE)
            assert condition(), self.states[-3:]


def read_log(died: lab.Panic) -> Evidence:
    lines = to_lines(died.dmesg.read_bytes())
    return Evidence("vmcore-dmesg", Kind.FILE, str(died.dmesg), "the lab", datetime.now(UTC), lines)


@each_death
def test_the_header_tells_kernel_and_node(panics: Panics, name: str) -> None:
    header = read_dump_header(panics[name].vmcore)
    assert header is not None
    assert (header.release, header.node) == (lab.kernel().release, "worker-07")
    assert header.complete


@each_death
def test_the_log_alone_gives_the_verdict(panics: Panics, name: str) -> None:
    log = read_log(panics[name])
    found = triage({log.id: log}, header=read_dump_header(panics[name].vmcore))
    assert found["kind"] in KINDS[name]
    assert found["guilty"]["module"] == lab.way(name).module
    assert found["warnings"] == []
    assert all(log.lines[cited["line"] - 1].strip() == cited["text"] for cited in found["citations"])


@each_death
def test_the_log_alone_names_the_guilty_function(panics: Panics, name: str) -> None:
    log = read_log(panics[name])
    found = triage({log.id: log})
    assert found["guilty"]["function"] in (lab.way(name).shown or ("",))


@each_death
def test_the_real_crash_opens_it(panics: Panics, name: str, tmp_path: Path) -> None:
    died = panics[name]
    program = find_crash()
    symbols = find_vmlinux(read_dump_header(died.vmcore), vmcore=died.vmcore)
    assert program.path, program.problem
    assert symbols.path, symbols.problem
    listener = Patient()
    session = CrashSession(
        launch(program.path, symbols.path, str(died.vmcore)), tmp_path / "crash.raw", listener, "the lab"
    )
    session.start()
    try:
        assert listener.opening.ok
        assert [session.submit(command) for command in MANDATORY] == [""] * len(MANDATORY)
        given = {command: listener.evidence(command) for command in MANDATORY}
    finally:
        session.close()
    assert {command: found.problem for command, found in given.items() if not found.ok} == {}
    assert [command for command, found in given.items() if not found.lines] == []
    assert lab.kernel().release in given["sys"].text
    if name == "mlx5-napi-null":
        assert "mlx5e_poll_rx_cq" in given["bt"].text
