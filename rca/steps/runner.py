"""Carrying out probes side by side, so that one that hangs costs its own step and no other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from rca.evidence import Evidence, Kind, now
from rca.sources.base import Command, Probe, Source
from rca.steps.common import named


class ProbeRunner:
    """Runs each distinct probe once, in daemon threads, and hands every answer to `on_evidence`.

    `on_evidence` is called from those threads, one call at a time.
    """

    def __init__(self, source: Source, on_evidence: Callable[[Evidence], None], workers: int = 32) -> None:
        """`workers` probes run at once; the default is more than there are, so that none waits for a slow one."""
        self._source = source
        self._on_evidence = on_evidence
        self._slots = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._probes: dict[str, Probe] = {}
        self._outstanding: set[str] = set()
        self._idle = threading.Condition(self._lock)
        self._closed = False

    def request(self, probes: Iterable[Probe]) -> None:
        """Begin those whose id was never asked for. Returns at once."""
        with self._lock:
            new = [probe for probe in _distinct(probes) if probe.id not in self._probes]
            self._begin(new)

    def again(self, ids: Iterable[str]) -> None:
        """Carry out known probes once more; one that still runs is left to end."""
        with self._lock:
            wanted = (self._probes.get(id_) for id_ in dict.fromkeys(ids))
            self._begin([probe for probe in wanted if probe and probe.id not in self._outstanding])

    def forget(self, ids: Iterable[str]) -> None:
        """Let a later `request` begin these anew: another dump was chosen, and their files are others now."""
        with self._lock:
            for id_ in ids:
                if id_ not in self._outstanding:
                    self._probes.pop(id_, None)

    def outstanding(self, ids: Iterable[str] | None = None) -> frozenset[str]:
        """Which of these (of all, without ids) have not been answered yet."""
        with self._lock:
            return frozenset(self._outstanding if ids is None else self._outstanding & set(ids))

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is outstanding; False when the time is over before. For use without a screen."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._outstanding or self._closed, timeout)

    def close(self) -> None:
        """Tell nothing more. Threads that hang are daemons; the source kills the programs that it started."""
        with self._idle:
            self._closed = True
            self._idle.notify_all()
        self._source.close()

    def _begin(self, probes: list[Probe]) -> None:
        if self._closed:
            return
        for probe in probes:
            self._probes[probe.id] = probe
            self._outstanding.add(probe.id)
            threading.Thread(target=self._run, args=(probe,), daemon=True, name=f"probe {probe.id}").start()

    def _run(self, probe: Probe) -> None:
        with self._slots:
            if self._closed:
                return
            try:
                evidence = self._source.collect(probe)
            except (
                Exception
            ) as error:  # a step waits for an answer: a fault of ours must not leave it waiting
                kind = Kind.COMMAND if isinstance(probe, Command) else Kind.FILE
                problem = f"failed: {type(error).__name__}: {error}"
                evidence = Evidence(probe.id, kind, named(probe), self._source.name, now(), problem=problem)
        with self._telling:
            if self._closed:
                return
            try:
                self._on_evidence(evidence)
            finally:
                with self._idle:
                    self._outstanding.discard(probe.id)
                    self._idle.notify_all()


def _distinct(probes: Iterable[Probe]) -> list[Probe]:
    return list({probe.id: probe for probe in reversed(list(probes))}.values())[::-1]
