"""drgn beside crash: asked once, heard once, ended with the case."""

from __future__ import annotations

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from rca.evidence import Evidence
from rca.secondreader import SecondReader
from rca.steps.base import CrashFacts
from tests.rca.steps.step_facts import CRASHED, dump, facts, said

PATIENCE = 30.0


def reader(tmp_path: Path, body: str) -> tuple[SecondReader, CrashFacts, list[threading.Thread]]:
    path = tmp_path / "drgn"
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n")
    path.chmod(0o755)
    threads: list[threading.Thread] = []

    def beside(work: object) -> None:
        threads.append(threading.Thread(target=work))  # type: ignore[arg-type]
        threads[-1].start()

    return SecondReader(beside, lambda what: what()), CrashFacts(None, "/v/vmlinux", drgn=str(path)), threads


def test_it_is_asked_once_and_heard_once(tmp_path: Path) -> None:
    second, crash, threads = reader(tmp_path, "time.sleep(0.3); print('{}')")
    heard: list[Evidence] = []
    asked = facts({}, dump(), crash=crash)
    second.ask(asked, heard.append)
    second.ask(asked, heard.append)
    assert second.asking and len(threads) == 1
    threads[0].join(PATIENCE)
    assert [item.id for item in heard] == ["drgn"] and not second.asking
    second.ask(facts({"drgn": heard[0]}, dump(), crash=crash), heard.append)
    assert len(threads) == 1
    second.ask(facts({"drgn": said("drgn", problem="it failed")}, dump(), crash=crash), heard.append)
    threads[-1].join(PATIENCE)
    assert len(heard) == 2


def test_a_drgn_that_hangs_ends_with_the_case(tmp_path: Path) -> None:
    on = tmp_path / "on"
    second, crash, threads = reader(tmp_path, f"open({str(on)!r}, 'w').close(); time.sleep(99)")
    heard: list[Evidence] = []
    second.ask(facts({}, dump(), crash=crash), heard.append)
    deadline = time.monotonic() + PATIENCE
    while not on.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    second.close()
    threads[0].join(PATIENCE)
    assert not threads[0].is_alive() and "closing" in heard[0].problem


def test_an_answer_about_the_dump_before_is_not_heard(tmp_path: Path) -> None:
    second, crash, threads = reader(tmp_path, "time.sleep(0.5); print('{}')")
    heard: list[Evidence] = []
    before, now = dump(), dump(when=CRASHED + timedelta(days=1))
    second.ask(facts({}, before, crash=crash), heard.append)
    second.forget()
    second.ask(facts({}, now, crash=crash), heard.append)
    for thread in threads:
        thread.join(PATIENCE)
    assert len(threads) == 2 and [str(now.vmcore) in item.what for item in heard] == [True]


def test_nothing_is_asked_without_drgn_or_with_a_wrong_vmlinux(tmp_path: Path) -> None:
    second, crash, threads = reader(tmp_path, "")
    for lacking in (
        CrashFacts(None, "/v/vmlinux"),
        CrashFacts(None, None, drgn=crash.drgn),
        CrashFacts(None, "/v/vmlinux", "another build", drgn=crash.drgn),
    ):
        second.ask(facts({}, dump(), crash=lacking), lambda _: None)
    assert not threads and not second.asking
