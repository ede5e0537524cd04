"""What is looked for beside the investigation: dumps, crash and vmlinux, changes. Each look has a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rca.evidence import Evidence
from rca.opening import Opening
from rca.sessions import look_for_crash
from rca.sources.base import KDUMP_CONF, Dump
from rca.sources.dumplog import own_log
from rca.steps.base import CrashFacts, Facts
from rca.steps.tools import FREE_SPACE_PATHS
from rca.steps.watch import News, Watch, look

Later = Callable[[Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class CrashFound:
    """What a look for crash brought."""

    dump: Dump
    """The dump for which it was looked."""
    crash: CrashFacts
    free_bytes: Mapping[str, int]
    log: Evidence | None = None
    """The kernel log out of the vmcore, where none lies beside it."""


class Scout:
    """Looks on behalf of one investigation; answers come on the investigation's own thread."""

    def __init__(self, opening: Opening, later: Later, over: threading.Event) -> None:
        """`later` carries something out on the investigation's thread; `over` ends the watch."""
        self._opening = opening
        self._later = later
        self._over = over

    def beside(self, work: Callable[[], None]) -> None:
        """Carry out work that may take its time."""
        threading.Thread(target=work, name="scout", daemon=True).start()

    def dumps(self, found: Callable[[Evidence, tuple[Dump, ...]], None]) -> None:
        """Look for dumps; `found` gets kdump.conf and what lies where that says."""

        def work() -> None:
            conf = self._opening.source.collect(KDUMP_CONF)
            dumps = self._opening.source.dumps(conf)
            self._later(lambda: found(conf, dumps))

        self.beside(work)

    def crash(self, dump: Dump, found: Callable[[CrashFound], None]) -> None:
        """Look for crash, the crashed kernel's vmlinux, free space and, where no log was saved, the log in the dump."""
        source = self._opening.source

        def work() -> None:
            free = {path: size for path in FREE_SPACE_PATHS if (size := source.free_bytes(path)) is not None}
            log = own_log(dump, source, self._opening.runs)
            crash = look_for_crash(dump, self._opening.vmlinux, source)
            self._later(lambda: found(CrashFound(dump, crash, free, log)))

        self.beside(work)

    def watch(self, facts: Callable[[], Facts], news: Callable[[News], None]) -> None:
        """Tell what changes by itself, until it is over."""

        def tell(item: News) -> None:
            self._later(lambda: news(item))

        self.beside(Watch(lambda: look(self._opening.source, facts()), tell, self._over.wait).run)
