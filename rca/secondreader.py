"""drgn beside crash: asked about the same dump on a thread of its own, once, and heard when it answers."""

from __future__ import annotations

from collections.abc import Callable

from rca.crash.drgn.engine import ID, ask
from rca.evidence import Evidence
from rca.sources.process import Processes
from rca.steps.base import Facts

Work = Callable[[], None]


class SecondReader:
    """Used by the investigation's own thread."""

    def __init__(self, beside: Callable[[Work], None], later: Callable[[Work], None]) -> None:
        """`beside` carries work out on a thread of its own, `later` on the investigation's."""
        self._beside = beside
        self._later = later
        self._processes = Processes()
        self._asked = ""
        """The vmcore about which it has not answered yet."""

    @property
    def asking(self) -> bool:
        """Whether an answer is awaited."""
        return bool(self._asked)

    def forget(self) -> None:
        """Another case is open: an answer that is awaited belongs to nobody any more."""
        self._asked = ""

    def ask(self, facts: Facts, heard: Callable[[Evidence], None]) -> None:
        """Ask, where drgn and the vmlinux are on this machine and it has not answered yet; `heard` gets the answer."""
        crash, dump = facts.crash, facts.dump
        known = facts.evidence.get(ID)
        if not (crash.drgn and crash.vmlinux and not crash.vmlinux_problem and dump and dump.vmcore):
            return
        program, vmlinux, vmcore = crash.drgn, crash.vmlinux, str(dump.vmcore)
        if self._asked == vmcore or (known is not None and known.ok):
            return
        self._asked = vmcore

        def done(answer: Evidence) -> None:
            if self._asked == vmcore:
                self._asked = ""
                heard(answer)

        def work() -> None:
            answer = ask(self._processes, program, vmlinux, vmcore, facts.source_name)
            self._later(lambda: done(answer))

        self._beside(work)

    def close(self) -> None:
        """End it, whatever it does."""
        self._processes.close()
