"""What further commands of the crash session add to a diagnosis: the instruction that faulted, and who waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parsers.crash.bt import ExceptionFrame, read_bt
from parsers.crash.code import read_dis
from parsers.crash.ps import read_ps_counts, read_runq
from parsers.klog.model import Event
from rca.diagnosis.blame import WAITING
from rca.diagnosis.model import Statement
from rca.evidence import Evidence

_PAGE = 4096


def additions(evidence: Mapping[str, Evidence], event: Event) -> Iterator[Statement]:
    """Findings out of ``dis…``, ``ps-S`` and ``runq``, where they were run."""
    yield from _instruction(evidence)
    if event.kind == "hung-task":
        yield from _uninterruptible(evidence)
    if event.kind in WAITING and event.context.cpu is not None:
        yield from _queued(evidence, event.context.cpu)


def _instruction(evidence: Mapping[str, Evidence]) -> Iterator[Statement]:
    """The instruction at the exception's address, and what its pointer held."""
    bt = evidence.get("bt")
    traces = read_bt(bt.lines) if bt is not None else ()
    fault = traces[0].exception if traces else None
    if bt is None or fault is None or fault.rip is None or fault.doubtful:
        return
    for name, source in evidence.items():
        if not name.startswith("dis"):
            continue
        at = next((item for item in read_dis(source.lines) if item.address == fault.rip), None)
        if at is not None:
            where = f" ({at.file.rpartition('/')[2]}:{at.file_line})" if at.file else ""
            text = f"The instruction that faulted is {' '.join(at.text.split())}{where}{_held(fault, at.registers)}"
            yield Statement(text, (source.cite(at.line), bt.cite(fault.line)))
            return


def _held(fault: ExceptionFrame, names: tuple[str, ...]) -> str:
    values = [(name, fault.registers[name]) for name in names if name in fault.registers]
    if not values:
        return ""
    told = ", ".join(f"{name} held {value:#x}" for name, value in values)
    return f": {told}{', a NULL pointer' if values[0][1] < _PAGE else ''}"


def _uninterruptible(evidence: Mapping[str, Evidence]) -> Iterator[Statement]:
    listed = evidence.get("ps-S")
    if listed is not None and (row := read_ps_counts(listed.lines).get("UN")):
        yield Statement(f"{row[0]} tasks were in uninterruptible sleep", (listed.cite(row[1]),))


def _queued(evidence: Mapping[str, Evidence], cpu: int) -> Iterator[Statement]:
    listed = evidence.get("runq")
    queue = next((item for item in read_runq(listed.lines) if item.cpu == cpu), None) if listed else None
    if listed is not None and queue is not None and queue.waiting:
        tasks = "1 task" if queue.waiting == 1 else f"{queue.waiting} tasks"
        text = f"{tasks} waited on CPU {cpu} behind {queue.command} (pid {queue.pid})"
        yield Statement(text, (listed.cite(queue.line),))
