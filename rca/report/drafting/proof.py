"""Evidence, and the alternatives: what the lines say for the root cause, and what else they allow."""

from __future__ import annotations

from pathlib import Path

from parsers.crash.bt import read_bt
from rca.diagnosis.blame import BYSTANDER, WAITING
from rca.diagnosis.model import About, Statement
from rca.evidence import Evidence, Kind
from rca.report.drafting.situation import Situation
from rca.report.sentences import Sentence, fact, inference, listed

_SOURCES = {
    "log": "vmcore log",
    "vmcore-dmesg": "vmcore-dmesg",
    "crash-log": "crash log",
    "journal": "journal",
}
_WEAKER = (About.POINTS_TO, About.PANIC)
"""Findings that come after the others: the short form shows the first ones."""
_EXONERATES = (About.PASSED_OVER, About.BYSTANDER)
_ELSEWHERE = (About.MECHANISM, About.CONTEXT, *_EXONERATES)
"""Findings that the root cause and the alternatives tell."""
_FRAMES = 4
"""Functions of a backtrace that are named."""


def evidence(now: Situation) -> tuple[Sentence, ...]:
    """The findings, and what speaks against the first hypothesis. What cites no line is no evidence."""
    found = now.found
    source = _called(now.log) if now.log else "log"
    said: list[Sentence] = []
    told = sorted(enumerate(found.statements), key=lambda each: each[1].about in _WEAKER)
    for number, item in told:
        if not item.citations or item.about in _ELSEWHERE:
            continue
        if number == 0:
            said += [_sentence(item, f"{source} reports: {item.text}"), *_backtrace(now)]
        elif item.about is About.POINTER:
            said.append(_sentence(item, f"{source} {_pointer(now, item.told)}"))
        else:
            said.append(_sentence(item, item.text))
    first = found.hypotheses[0] if found.hypotheses else None
    pro = [item for item in (first.pro if first else ()) if _beside(item, now)]
    against = [item for item in (first.contra if first else ()) if item.citations]
    beside = [_sentence(item, _capital(item.text)) for item in pro]
    if (
        found.kind in WAITING
    ):  # the log shows who waits; who is waited for is told by the dump, and that first
        said[1:1] = beside
    else:
        said += beside
    said += [_sentence(item, f"Against: {item.text}") for item in against]
    return tuple({sentence.text: listed(sentence) for sentence in said}.values())


def _called(log: Evidence) -> str:
    """A log's name for people: a file that is no vmcore-dmesg.txt goes by its own."""
    name = Path(log.what).name
    if log.kind is Kind.FILE and log.id == "vmcore-dmesg" and not name.startswith(("vmcore-dmesg", "dmesg.")):
        return name or log.id
    return _SOURCES.get(log.id, log.id)


def alternatives(now: Situation) -> tuple[Sentence, ...]:
    """What was ruled out and why, then the explanations that still stand."""
    cleared = (item for item in now.found.statements if item.about in _EXONERATES)
    said = [_sentence(item, f"Ruled out: {item.told}") for item in cleared]
    for other in now.found.hypotheses[1:]:
        why = other.pro[0] if other.pro else Statement("nothing speaks against it")
        said.append(inference(f"Still open: {other.claim}", why.text, why.citations))
    return tuple(map(listed, said))


def _beside(item: Statement, now: Situation) -> bool:
    """Whether a reason rests on something else than the log, whose own findings are told already."""
    return any(now.log is None or cited.evidence != now.log.id for cited in item.citations)


def _sentence(item: Statement, text: str) -> Sentence:
    if item.inferred or not item.citations:
        return inference(text, item.text.partition(": ")[2] or "the lines cited allow it", item.citations)
    return fact(text, item.citations)


def _capital(text: str) -> str:
    """The text as a sentence begins; the name of a function or task stays as it is."""
    word = text.partition(" ")[0]
    return f"{text[:1].upper()}{text[1:]}" if word.isalpha() else text


def _backtrace(now: Situation) -> tuple[Sentence, ...]:
    """What crash itself unwound, where it shows functions of the trace: a second reading of the same death."""
    item = now.facts.evidence.get("bt")
    traces = read_bt(item.lines) if item else ()
    if not item or not traces or now.found.kind in BYSTANDER:
        return ()
    if None not in (told := (traces[0].pid, now.found.process.pid)) and told[0] != told[1]:
        return ()  # the stack of who panicked, as khungtaskd, is not that of the task in question
    wanted = dict.fromkeys((*now.found.trace, now.found.guilty.function))
    frames = [frame for frame in traces[0].frames if frame.function in wanted][:_FRAMES]
    if not frames:
        return ()
    names = (f"{frame.function} [{frame.module}]" if frame.module else frame.function for frame in frames)
    text = f"vmcore backtrace shows {', '.join(dict.fromkeys(names))}"
    return (fact(text, (item.cite(frame.line) for frame in frames)),)


def _pointer(now: Situation, place: str) -> str:
    """``confirms RIP in mlx5e_napi_poll+0x13c/0xc60 of mlx5_core (NIC driver)``; elsewhere it only shows it."""
    found = now.found
    same = found.rip is not None and found.rip.function.partition(".")[0] == found.guilty.function
    kind = found.subsystem.removesuffix(f" ({found.guilty.module})")
    own = (
        found.guilty.module
        and place.endswith(f" of {found.guilty.module}")
        and not kind.startswith("module ")
    )
    return f"{'confirms' if same else 'shows'} RIP in {place}" + (f" ({kind})" if own and kind else "")
