"""Badges that change by themselves, from the change on the disk to the badge and the sentence that says why."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rca.changes import Change, NewsCame
from rca.crash.base import SessionState
from rca.evidence import Evidence
from rca.investigation import Investigation
from rca.opening import Opening
from rca.sources.base import Dump, Probe, Where
from rca.sources.disk import LOCAL, Disk
from rca.sources.recording import RecordingSource
from rca.steps.base import CrashFacts
from rca.verdict import Badge
from tests.parsers.elf_files import make_elf
from tests.parsers.test_dumpheader import kdump
from tests.rca.crash.standin import FAKE
from tests.rca.desk import investigation, until
from tests.rca.steps.step_facts import OOPS, armed, evidence, text

PLACE = "127.0.0.1-2025-12-22-09:02:31"


def told(changes: list[Change], words: str) -> bool:
    return any(isinstance(change, NewsCame) and words in change.sentence for change in changes)


def test_a_dump_that_is_saved_to_its_end_and_a_vmlinux_that_arrives(tmp_path: Path) -> None:
    place = tmp_path / "crash" / PLACE
    place.mkdir(parents=True)
    (place / "vmcore-dmesg.txt").write_text(OOPS)
    whole, saving = kdump(pages=40), place / "vmcore-incomplete"
    saving.write_bytes(whole[:17_000])
    changes: list[Change] = []
    with investigation(tmp_path / "crash", changes) as desk:
        assert desk.verdicts[3].badge is Badge.WARN and "Being saved" in desk.verdicts[3].summary
        saving.write_bytes(whole)
        saving.rename(place / "vmcore")
        until(lambda: desk.verdicts[3].badge is Badge.PASS)
        assert told(changes, "has been saved to its end")
        until(lambda: str(place / "vmlinux") in desk.facts.crash.vmlinux_searched)
        before = desk.verdicts[4].summary
        (place / "vmlinux").write_bytes(make_elf())
        until(lambda: desk.verdicts[4].summary != before and "vmlinux" in desk.verdicts[4].summary)
        assert told(changes, f"A vmlinux has arrived: {place / 'vmlinux'}")


def test_crash_waits_until_a_dump_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "crash"
    start = f"import runpy, sys\nsys.argv[1:] = []\nrunpy.run_path({str(FAKE)!r}, run_name='__main__')\n"
    program.write_text(f"#!{sys.executable}\n{start}")
    program.chmod(0o700)
    monkeypatch.setattr("rca.scout.look_for_crash", lambda *_: CrashFacts(str(program), str(program)))
    place = tmp_path / "dumps" / PLACE
    place.mkdir(parents=True)
    saving = place / "vmcore-incomplete"
    saving.write_bytes(kdump(pages=40)[:17_000])
    with investigation(tmp_path / "dumps") as desk:
        assert "saved to its end" in desk.verdicts[5].summary
        assert desk.facts.crash.state is None, "crash would climb down its ladder for a file that still grows"
        saving.write_bytes(kdump(pages=40))
        saving.rename(place / "vmcore")
        until(lambda: desk.facts.crash.state is SessionState.READY)
        opened = [line for line in desk.transcript.lines if line.startswith("$ ")]
        assert len(opened) == 1 and opened[0].endswith(f"{place / 'vmcore'}")
        assert desk.wait(60)


class Node(RecordingSource):
    """A node whose kexec files change under us."""

    where = Where.NODE

    def __init__(self) -> None:
        os_release = evidence(os_release=text("written/os-release-rocky.txt"), kdump_conf="")
        super().__init__(armed(kexec_crash_loaded="0") | os_release)
        self.loaded = "0"

    def collect(self, probe: Probe) -> Evidence:
        answer = super().collect(probe)
        return replace(answer, lines=(self.loaded,)) if probe.id == "kexec-crash-loaded" else answer

    def dumps(self, kdump_conf: Evidence | None) -> tuple[Dump, ...]:
        return ()

    def disk(self) -> Disk:  # type: ignore[override]
        return LOCAL


@pytest.fixture
def node() -> Iterator[tuple[Node, Investigation, list[Change]]]:
    source, changes = Node(), list[Change]()
    desk = Investigation(Opening(source, Where.NODE, "node"), changes.append)
    desk.start()
    yield source, desk, changes
    desk.close()


def test_kdump_that_is_armed_again(node: tuple[Node, Investigation, list[Change]]) -> None:
    source, desk, changes = node
    until(lambda: desk.verdicts[2].badge is Badge.FAIL)
    assert desk.wait(30)
    source.loaded = "1"
    until(lambda: desk.verdicts[2].badge is Badge.PASS)
    assert told(changes, "kdump has been armed")
    source.loaded = "0"
    until(lambda: desk.verdicts[2].badge is Badge.FAIL)
    assert told(changes, "kdump is no longer armed")
