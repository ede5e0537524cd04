"""Badges that change by themselves: what two looks tell, with a clock of the test's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rca.sources.base import Where
from rca.sources.disk import Status
from rca.sources.dumps import find_dumps
from rca.sources.folder import FolderSource
from rca.sources.node import NodeSource
from rca.sources.recording import RecordingSource
from rca.steps.base import CrashFacts, Facts
from rca.steps.watch import News, Seen, Watch, compare, look

PLACE = Path("/var/crash/127.0.0.1-2025-12-22-09:02:31")
SAVING = PLACE / "vmcore-incomplete"
SEEN = Seen({SAVING: Status(False, 1 << 20, 100.0)}, loaded="0", places=frozenset({Path("/v/vmlinux")}))


@pytest.mark.parametrize(
    ("after", "news"),
    [
        (SEEN, []),
        (
            replace(SEEN, files={SAVING: Status(False, 3 << 20, 103.0)}),
            [News(f"{SAVING} has grown to 3.0 MiB", dumps=True)],
        ),
        (
            replace(SEEN, files={PLACE / "vmcore": Status(False, 9 << 20, 110.0)}),
            [News(f"{PLACE / 'vmcore'} has been saved to its end: 9.0 MiB", dumps=True)],
        ),
        (
            replace(SEEN, settled=frozenset({SAVING})),
            [News(f"{SAVING} no longer grows: saving has stopped", dumps=True)],
        ),
        (replace(SEEN, files={}), [News(f"{SAVING} is gone", dumps=True)]),
        (
            replace(SEEN, vmlinux=frozenset({Path("/v/vmlinux")})),
            [News("A vmlinux has arrived: /v/vmlinux", crash=True)],
        ),
        (replace(SEEN, vmlinux=frozenset({Path("/first/looked/into")})), []),
        (
            replace(SEEN, crash="/usr/bin/crash"),
            [News("crash has been installed: /usr/bin/crash", crash=True)],
        ),
        (
            replace(SEEN, loaded="1"),
            [News("kdump has been armed", ("kexec-crash-loaded", "kexec-crash-size", "kdump-status"))],
        ),
    ],
)
def test_what_changed(after: Seen, news: list[News]) -> None:
    assert list(compare(SEEN, after)) == news


def facts(root: Path, *searched: str) -> Facts:
    dumps = find_dumps([root])
    where = Where.FOLDER
    return Facts(where, "x", dumps=dumps, dump=dumps[0], crash=CrashFacts(vmlinux_searched=searched))


def test_a_look_at_real_files(tmp_path: Path) -> None:
    saving = tmp_path / "127.0.0.1-2025-12-22-09:02:31" / "vmcore-incomplete"
    saving.parent.mkdir()
    saving.write_bytes(b"x" * 10)
    symbols = tmp_path / "vmlinux"
    known = facts(tmp_path, str(symbols))
    written = saving.stat().st_mtime
    first = look(FolderSource(tmp_path), known, lambda: written + 1)
    assert first.files[saving].size == 10 and not first.settled and not first.vmlinux and first.loaded == ""
    symbols.write_bytes(b"")
    later = look(FolderSource(tmp_path), known, lambda: written + 61)
    assert [news.sentence for news in compare(first, later)] == [
        f"{saving} no longer grows: saving has stopped",
        f"A vmlinux has arrived: {symbols}",
    ]
    saving.rename(saving.with_name("vmcore"))
    other = tmp_path / "127.0.0.1-2025-12-23-09:02:31"
    other.mkdir()
    (other / "vmcore-dmesg.txt").write_text("")
    last = look(FolderSource(tmp_path), known, lambda: written + 61)
    assert [news.sentence.removeprefix(str(tmp_path)) for news in compare(later, last)] == [
        "/127.0.0.1-2025-12-22-09:02:31/vmcore has been saved to its end: 10 bytes",
        "/127.0.0.1-2025-12-23-09:02:31/vmcore-dmesg.txt has appeared",
    ]


def test_only_a_node_is_asked_how_it_stands(tmp_path: Path) -> None:
    (tmp_path / "vmcore-dmesg.txt").write_text("")
    known = facts(tmp_path)
    assert look(NodeSource(), known).files
    assert look(RecordingSource({}), known) == Seen()


def test_the_watch_goes_on_until_it_is_stopped() -> None:
    looks = iter([SEEN, SEEN, replace(SEEN, loaded="1"), replace(SEEN, loaded="1"), SEEN])
    waits: list[float] = []
    told: list[str] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) > 4

    Watch(lambda: next(looks), lambda news: told.append(news.sentence), wait).run(3.0)
    assert told == ["kdump has been armed", "kdump is no longer armed"] and waits == [3.0] * 5
