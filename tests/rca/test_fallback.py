"""Where no session comes about, the saved log is shown, whenever it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from rca.crash.transcript import Transcript
from rca.crashdesk import CrashDesk
from rca.evidence import Evidence
from rca.fallback import Fallback
from rca.sources.base import Dump, DumpState, Where
from rca.sources.node import NodeSource
from rca.steps.base import CrashFacts, Facts


class Heard:
    """A `Hearer` that carries everything out at once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.told: list[tuple[Evidence, str]] = []
        self.said: list[str] = []

    def later(self, what: Callable[[], None]) -> None:
        what()

    def climbing(self, sentence: str) -> None:
        self.said.append(sentence)

    def fell_back(self, item: Evidence, shown: str) -> None:
        self.told.append((item, shown))


def test_a_saved_log_that_no_probe_has_read_yet_is_not_said_to_be_missing(tmp_path: Path) -> None:
    log = tmp_path / "vmcore-dmesg.txt"
    log.write_text("[    1.0] Kernel panic\n")
    dump = Dump(tmp_path, DumpState.COMPLETE, tmp_path / "vmcore", log)
    heard = Heard(Facts(Where.FOLDER, "x", dump=dump))
    desk = SimpleNamespace(transcript=Transcript(), tried=())
    fallback = Fallback(cast(CrashDesk, desk), NodeSource(), lambda work: work(), heard)
    fallback.no_session()
    ((item, shown),) = heard.told
    assert shown == "vmcore-dmesg.txt" and item.text == "[    1.0] Kernel panic" and item.ok
    assert desk.transcript.lines[-1] == "[    1.0] Kernel panic" and not desk.tried and not fallback.asking
    assert heard.said == []


def test_no_log_is_promised_that_was_not_saved(tmp_path: Path) -> None:
    vmcore = tmp_path / "vmcore"
    vmcore.write_text("some notes\n")
    facts = Facts(Where.FOLDER, "x", dump=Dump(tmp_path, DumpState.UNREADABLE, vmcore))
    heard = Heard(replace(facts, crash=CrashFacts(program="/bin/false")))
    desk = SimpleNamespace(transcript=Transcript(), tried=())
    Fallback(cast(CrashDesk, desk), NodeSource(), lambda work: work(), heard).no_session()
    assert heard.said == ["crash --log gave no log, and no vmcore-dmesg.txt was saved beside the dump."]
